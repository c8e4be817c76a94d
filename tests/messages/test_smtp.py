"""Against a real mail server on this machine: what is sent, and what is made of its answers."""

from pathlib import Path
from urllib.parse import quote

import pytest

from registry.core.config import Settings
from registry.messages import smtp
from registry.messages.answers import Answer
from registry.messages.enums import Outcome

from .receivers import LOOPBACK, Mailbox, certificate, text_of

TO = "zhang@example.cn"
PASSWORD = "p@ss/word:1"


def settings(url: str, roots: Path | None = None) -> Settings:
    """Only what concerns mail."""
    return Settings("s" * 32, "sqlite://", Path(), smtp_url=url, mail_from="r@example.cn", outbound_roots=roots)


def send(url: str, roots: Path | None = None, to: str = TO) -> Answer:
    """One e-mail."""
    given = settings(url, roots)
    mail = smtp.make_mail(to, "协议\r\nBcc: all@example.cn", "正文\n第二行", "01J0DELIVERY", given)
    return smtp.send(mail, given)


def test_a_mail_arrives_whole(mailbox: Mailbox) -> None:
    assert send(mailbox.url) == Answer(Outcome.ACCEPTED, 250)
    mail = mailbox.mails[0]
    assert mail["Subject"] == "协议 Bcc: all@example.cn"  # nothing of a title becomes a header
    assert (mail["To"], mail["From"], mail["Bcc"]) == (TO, "r@example.cn", None)
    assert mail["Message-ID"] == "<01J0DELIVERY@127.0.0.1>"
    assert (mail["X-Registry-Delivery"], mail["Auto-Submitted"]) == ("01J0DELIVERY", "auto-generated")
    assert text_of(mail).splitlines() == ["正文", "第二行"]


def test_a_mail_needs_no_more_than_seven_bits() -> None:
    mail = smtp.make_mail(TO, "协议", "正文", "01J0DELIVERY", settings("smtp://mail.example.cn"))
    assert bytes(mail).isascii()


@pytest.mark.parametrize(
    ("says", "outcome", "code"),
    [("550 no such user", Outcome.REFUSED, 550), ("451 try again later", Outcome.DEFERRED, 451)],
)
def test_a_refused_recipient(mailbox: Mailbox, says: str, outcome: Outcome, code: int) -> None:
    mailbox.says_of[TO] = says
    answer = send(mailbox.url)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert answer.words


@pytest.mark.parametrize(("says", "outcome"), [("554 spam", Outcome.REFUSED), ("452 full", Outcome.DEFERRED)])
def test_a_refused_message(mailbox: Mailbox, says: str, outcome: Outcome) -> None:
    mailbox.says = says
    assert send(mailbox.url).outcome is outcome


def test_tls_and_account(tmp_path: Path) -> None:
    tls, roots = certificate(tmp_path)
    with Mailbox(tls=tls, accounts={"registry": PASSWORD}) as mailbox:
        place = f"{LOOPBACK}:{mailbox.port}"
        right = f"smtp://registry:{quote(PASSWORD, safe='')}@{place}"
        assert send(right, roots) == Answer(Outcome.ACCEPTED, 250)
        assert mailbox.encrypted == [True]
        assert send(right).outcome is Outcome.UNREACHABLE  # nobody vouches for its certificate
        wrong = send(f"smtp://registry:wrong@{place}", roots)
        assert (wrong.outcome, wrong.code) == (Outcome.DEFERRED, 535)
        assert "wrong" not in wrong.words
    assert len(mailbox.mails) == 1


def test_a_server_without_tls_is_not_trusted_with_anything(mailbox: Mailbox) -> None:
    assert send(f"smtp://registry:secret@{LOOPBACK}:{mailbox.port}").outcome is Outcome.UNREACHABLE
    assert mailbox.mails == []


def test_nobody_there() -> None:
    answer = send(f"smtp+plain://{LOOPBACK}:9")
    assert (answer.outcome, answer.code) == (Outcome.UNREACHABLE, None)


def test_a_password_is_never_printed_and_never_sent_in_the_open() -> None:
    server = smtp.read_server("smtps://registry:geheim@mail.example.cn")
    assert (server.user, server.password, server.port) == ("registry", "geheim", 465)
    assert "geheim" not in repr(server)
    assert smtp.read_server("smtp+plain://registry:geheim@relay.lan").password == ""
