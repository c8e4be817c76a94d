"""How one is told: an address is proven first, wishes are kept, a stale form is refused."""

import re

import pytest
from flask import Flask

from registry.core.db import db, transaction
from registry.core.web import throttle
from registry.jobs.models import JobStatus
from registry.messages.enums import Topic, Way
from registry.messages.queries import preference_of
from registry.messages.secrets import CODE, EMAIL, reveal
from tests.conftest import Client

from .conftest import Outbound
from .receivers import Mailbox, text_of
from .scene import EMAIL_OF, Scene, jobs, make_scene, work

PAGE = "/account/messages"
WISHES = {f"way-{topic}": "at_once" for topic in Topic} | {"quiet_from": "21:30", "quiet_until": "08:00"}


@pytest.fixture
def scene(app: Flask, client: Client) -> Scene:
    throttle.forget()
    with transaction():
        made = make_scene()
    client.sign_in(made.reader)
    return made


def test_an_address_is_proven_before_anything_is_sent(
    scene: Scene, client: Client, outbound: Outbound, mailbox: Mailbox
) -> None:
    outbound(smtp_url=mailbox.url)
    assert client.post(f"{PAGE}/email", data={"email": EMAIL_OF}).status_code == 303
    assert "z***@example.cn" in client.get(PAGE).text
    scene.tell()
    work()
    (mail,) = mailbox.mails  # the code, and nothing else
    code = re.search(r"\d{8}", text_of(mail))
    assert code
    assert code[0] not in str(mail["Subject"])
    wrong = client.post(f"{PAGE}/email/prove", data={"code": "00000000"}, follow_redirects=True)
    assert "验证码不正确" in wrong.text
    assert client.post(f"{PAGE}/email/prove", data={"code": f" {code[0]} "}).status_code == 303
    scene.tell(key="b", urgent=True)  # whatever the hour of this test
    client.post(f"{PAGE}/email/test")
    work()
    assert [str(one["Subject"]) for one in mailbox.mails[1:]] == ["协议已送达", "邮件测试消息"]
    page = client.get(PAGE).text
    assert EMAIL_OF not in page
    assert "已送达" in page
    assert client.post(f"{PAGE}/email/forget").status_code == 303
    wish = preference_of(scene.reader.id)
    assert wish
    assert (wish.email_encrypted, wish.email_hint) == (None, "")
    assert client.post(f"{PAGE}/email/test").status_code == 409


def test_a_code_is_tried_five_times_and_another_has_to_wait(scene: Scene, client: Client, outbound: Outbound) -> None:
    outbound(smtp_url="smtp://mail.example.cn")
    client.post(f"{PAGE}/email", data={"email": EMAIL_OF})
    wish = preference_of(scene.reader.id)
    assert wish
    code = reveal(wish.code_encrypted, CODE)
    assert reveal(wish.pending_encrypted, EMAIL) == EMAIL_OF
    for _ in range(5):
        client.post(f"{PAGE}/email/prove", data={"code": "x"})
    client.post(f"{PAGE}/email/prove", data={"code": code})
    db.session.expire_all()
    assert not wish.has_email
    assert client.post(f"{PAGE}/email", data={"email": EMAIL_OF}).status_code == 429


def test_nobody_fills_a_strangers_mailbox_with_codes(scene: Scene, client: Client) -> None:
    """Whatever becomes of each: the registry sends no e-mail here."""
    answers = [client.post(f"{PAGE}/email", data={"email": EMAIL_OF}).status_code for _ in range(13)]
    assert answers == [409] * 12 + [429]


def test_an_address_that_is_not_taken_is_named_to_no_administrator(
    scene: Scene, client: Client, outbound: Outbound, mailbox: Mailbox
) -> None:
    outbound(smtp_url=mailbox.url)
    mailbox.says_of[EMAIL_OF] = f"550 {EMAIL_OF} is not here"
    client.post(f"{PAGE}/email", data={"email": EMAIL_OF})
    work()
    (job,) = jobs()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert "550 *** is not here" in job.last_error


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@example.cn", "a@example.cn, b@example.cn", "李@example.cn"]
)
def test_what_is_no_address_is_refused(scene: Scene, client: Client, outbound: Outbound, email: str) -> None:
    outbound(smtp_url="smtp://mail.example.cn")
    assert client.post(f"{PAGE}/email", data={"email": email}).status_code == 422
    assert preference_of(scene.reader.id) is None


def test_without_a_mail_server_there_is_no_form_and_no_way_around(scene: Scene, client: Client) -> None:
    assert f'action="{PAGE}/email"' not in client.get(PAGE).text
    assert client.post(f"{PAGE}/email", data={"email": EMAIL_OF}).status_code == 409


def test_wishes_are_kept_and_a_stale_form_is_refused(scene: Scene, client: Client) -> None:
    given = WISHES | {"way-task": "digest", "row_version": "0"}
    assert client.post(PAGE, data=given).status_code == 303
    wish = preference_of(scene.reader.id)
    assert wish
    assert {row.topic: row.way for row in wish.topics} == {Topic.TASK: Way.DIGEST, Topic.REMINDER: Way.AT_ONCE}
    assert (f"{wish.quiet_from:%H:%M}", wish.working_days_only) == ("21:30", False)
    page = client.get(PAGE).text
    assert re.search(r'name="way-task" value="digest" checked', page)
    assert client.post(PAGE, data=given).status_code == 409
    assert client.post(PAGE, data=WISHES | {"row_version": wish.row_version, "way-task": "x"}).status_code == 422
    assert client.post(PAGE, data=WISHES | {"row_version": wish.row_version, "quiet_from": "25:00"}).status_code == 422
