"""Handing an e-mail to the mail server of the settings (RFC 5321), and what came of it. 邮件发送.

`smtps://` speaks TLS from the first byte, `smtp://` insists on STARTTLS, `smtp+plain://` is for a relay on the same
machine or network and never carries a password.
"""

import smtplib
import ssl
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..core.config import Settings
from ..core.dates import now
from ..core.masks import masked
from .answers import Answer
from .enums import Outcome

SECONDS = 15.0
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True)
class Server:
    """A mail server, as the setting names it. Never written anywhere: it holds the password."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password, whoever prints it."""
        return f"Server({self.scheme}://{self.host}:{self.port})"


def read_server(url: str) -> Server:
    """The server of REGISTRY_SMTP_URL; account and password are percent-encoded there."""
    parts = urlsplit(url)
    account = (unquote(parts.username or ""), unquote(parts.password or ""))
    if parts.scheme == "smtp+plain":
        account = ("", "")
    return Server(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme], *account)


def make_mail(to: str, subject: str, text: str, key: str, settings: Settings) -> EmailMessage:
    """A plain e-mail. `key` stands in its Message-ID, the same each time, so that a mailbox drops doubles."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = settings.mail_from, to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{key}@{urlsplit(settings.public_url).hostname or 'registry'}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers
    mail["X-Registry-Delivery"] = key
    mail.set_content(text, cte="base64")  # seven bits: not every server takes eight (RFC 6152)
    return mail


def send(mail: EmailMessage, settings: Settings) -> Answer:
    """Hand one e-mail over; never raises for what the server or the network does."""
    server = read_server(settings.smtp_url)
    try:
        with closing(_connect(server, settings.outbound_roots)) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _judged(code, said)
    except smtplib.SMTPAuthenticationError as error:  # the administrator's to mend: the message waits
        return Answer(Outcome.DEFERRED, error.smtp_code, "the mail server does not take the account or its password")
    except smtplib.SMTPResponseException as error:
        return _judged(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Answer(Outcome.UNREACHABLE, words=masked(f"{type(error).__name__}: {error}"))
    return Answer(Outcome.ACCEPTED, 250)


def _connect(server: Server, roots: Path | None) -> smtplib.SMTP:
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusting(roots))
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.scheme == "smtp":
        try:
            connection.starttls(context=trusting(roots))
        except BaseException:
            connection.close()
            raise
    return connection


def trusting(roots: Path | None) -> ssl.SSLContext:
    """The system's authorities, and those of the setting."""
    context = ssl.create_default_context()
    if roots is not None:
        context.load_verify_locations(roots)
    return context


def _judged(code: int, said: bytes | str) -> Answer:
    """RFC 5321, 4.2.1: 4yz may succeed later, 5yz never will."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Answer(Outcome.REFUSED if code >= 500 else Outcome.DEFERRED, code, masked(words))
