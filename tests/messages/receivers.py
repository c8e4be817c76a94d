"""Whoever is sent something: servers that keep what they get."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from registry.core.dates import now

ROBOT_SAYS_YES = {"errcode": 0, "errmsg": "ok"}
LOOPBACK = "127.0.0.1"


@dataclass
class Posted:
    """One post."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with `status` and `answer` (JSON unless bytes) `delay` seconds later, or at the end; after `before`."""

    status: int = 200
    answer: Any = field(default_factory=lambda: dict(ROBOT_SAYS_YES))
    location: str = ""
    delay: float = 0.0
    before: Callable[[], None] = lambda: None
    posts: list[Posted] = field(default_factory=list)
    ending: Event = field(default_factory=Event)

    def __enter__(self) -> "Receiver":
        """Listen."""
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.take(self)

            def log_message(self, *_given: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """An address with a key, as a robot has it."""
        return f"http://{LOOPBACK}:{self.port}/robot/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"

    @property
    def allowed(self) -> str:
        """The entry of the allow-list."""
        return f"{LOOPBACK}:{self.port}@127.0.0.0/8"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep what came, and answer."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.posts.append(Posted(handler.path, dict(handler.headers), body))
        self.before()
        self.ending.wait(self.delay)
        answer = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        try:
            handler.send_response(self.status)
            if self.location:
                handler.send_header("Location", self.location)
            handler.send_header("Content-Length", str(len(answer)))
            handler.end_headers()
            handler.wfile.write(answer)
        except OSError:  # whoever asked is gone
            pass


class AnyPort(Controller):
    """Listens where there is room."""

    def _trigger_server(self) -> None:
        self.port = cast("Any", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@dataclass
class Mailbox:
    """A mail server; `says` is its answer to every message, `says_of` to a recipient."""

    says: str = "250 OK"
    says_of: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def __enter__(self) -> "Mailbox":
        """Listen."""
        options: dict[str, Any] = {}
        if self.tls:
            options |= {"tls_context": self.tls, "require_starttls": True}
        if self.accounts:
            options |= {"authenticator": self._known, "auth_required": True, "auth_require_tls": bool(self.tls)}
        self.controller = AnyPort(self, hostname=LOOPBACK, port=0, **options)
        self.controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.controller.port

    @property
    def url(self) -> str:
        """For the setting."""
        return f"smtp+plain://{LOOPBACK}:{self.port}"

    def _known(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        given = cast("LoginPassword", data)
        right = self.accounts.get(given.login.decode()) == given.password.decode()
        return AuthResult(success=right, handled=right)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take or refuse a recipient."""
        if address in self.says_of:
            return self.says_of[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        """Keep a message, if it is taken."""
        if self.says.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.encrypted.append(session.ssl is not None)
        return self.says


def text_of(mail: EmailMessage) -> str:
    """What it says."""
    return str(mail.get_content())


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own for this machine, and the file that makes it believed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    roots, secret = folder / "roots.pem", folder / "key.pem"
    roots.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(roots, secret)
    return context, roots
