"""One POST to a host of the allow-list: to the address that was checked, no redirects, bounded in all. 外发请求."""

import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Timer
from urllib.parse import urlsplit

from ..core.networks import AllowedHost, checked_address

SECONDS = 5.0  # to connect, and between two bytes
DEADLINE_SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
PORTS = {"https": 443, "http": 80}


class BadUrl(ValueError):
    """Text that is no address of the kind that may be asked."""


@dataclass(frozen=True)
class Target:
    """An address taken apart. Never printed with its path and query: robots carry their key there."""

    scheme: str
    host: str
    port: int
    path: str

    def __repr__(self) -> str:
        """Where, not with what."""
        return f"Target({self.scheme}://{self.host}:{self.port})"

    def with_query(self, more: str) -> "Target":
        """The same with more in its query."""
        joined = "&" if "?" in self.path else "?"
        return replace(self, path=f"{self.path}{joined}{more}") if more else self


@dataclass(frozen=True)
class Reply:
    """What the receiver said."""

    status: int
    body: bytes


def read_target(url: str, *, plain: bool = False) -> Target:
    """https://host[:port]/path?query, without account and fragment; http with `plain`. Raises BadUrl."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadUrl(str(error)) from None
    schemes = ("https", "http") if plain else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise BadUrl("not an address that may be asked")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(character <= " " for character in path):
        raise BadUrl("characters that an address cannot have")
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def post(
    target: Target, body: bytes, headers: Mapping[str, str], allowed: Sequence[AllowedHost], context: ssl.SSLContext
) -> Reply:
    """Send a body of JSON and read the answer, at most LARGEST_ANSWER bytes of it, in DEADLINE_SECONDS altogether.

    Raises ForbiddenAddress, and OSError or HTTPException for what the network and the receiver do.
    """
    address = checked_address(target.host, target.port, allowed)
    connection = _Checked(target, address, context)
    timer = Timer(DEADLINE_SECONDS, connection.abort)
    timer.start()
    try:
        sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "cooperation-registry", **headers}
        connection.request("POST", target.path, body, sent)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(LARGEST_ANSWER))
    finally:
        timer.cancel()
        connection.close()


class _Checked(http.client.HTTPConnection):
    """Connects to the checked address; the certificate still has to be the host's."""

    def __init__(self, target: Target, address: str, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target, self._address, self._context = target, address, context
        self._is_over = False

    def connect(self) -> None:
        """Open the connection; nothing is resolved again."""
        plain = socket.create_connection((self._address, self._target.port), SECONDS)
        try:
            self.sock = self._secured(plain) if self._target.scheme == "https" else plain
        except BaseException:
            plain.close()
            raise
        if self._is_over:  # `abort` had nothing yet that it could end
            raise TimeoutError

    def _secured(self, plain: socket.socket) -> ssl.SSLSocket:
        return self._context.wrap_socket(plain, server_hostname=self._target.host)

    def abort(self) -> None:
        """End it in the middle, from another thread."""
        self._is_over = True
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # TLS's own would pull the layer from the reader
