"""`flask registry serve`: the embedded server, for one machine and for the first look. 内置服务器."""

import ipaddress
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from ..accounts import demonstration
from ..core.config import BadSetting, Settings
from ..jobs.worker import start_worker
from .group import fail, registry

THREADS = 8
OPEN_CONNECTIONS = 200
IDLE_SECONDS = 60
DRAIN_SECONDS = 10.0
LARGEST_BODY = 24 * 1024 * 1024  # a little above Flask's own limit, so that Flask's page answers


class Server:
    """waitress, and a stop that lets the requests in hand finish."""

    def __init__(self, app: Flask, host: str, port: int, *, behind_proxy: bool) -> None:
        self.sockets: dict[int, Any] = {}
        self.stop_by: float | None = None
        self.is_closed = False
        try:
            self.waitress = create_server(
                app,
                map=self.sockets,
                host=host,
                port=port,
                threads=THREADS,
                connection_limit=OPEN_CONNECTIONS,
                channel_timeout=IDLE_SECONDS,
                max_request_body_size=LARGEST_BODY,
                ident=None,
                # Behind a proxy the application reads the forwarded headers (registry.app); else nobody may set them.
                clear_untrusted_proxy_headers=not behind_proxy,
            )
        except OSError:
            # waitress leaves open what it made before the address failed
            wasyncore.close_all(self.sockets, ignore_all=True)
            raise

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Take no new connections, and end when the requests in hand are answered, or after DRAIN_SECONDS."""
        if self.is_closed or self.stop_by is not None:
            return
        self.stop_by = time.monotonic() + DRAIN_SECONDS
        for listener in self.sockets.values():
            listener.accepting = False
        self.waitress.pull_trigger()

    def run(self) -> None:
        """Serve until stopped."""
        while not self._is_finished():
            wasyncore.loop(timeout=1, map=self.sockets, use_poll=True, count=1)
        self.is_closed = True
        self.waitress.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self.sockets)

    def patience(self) -> float:
        """Seconds that are left of DRAIN_SECONDS for whatever else must finish."""
        return DRAIN_SECONDS if self.stop_by is None else max(self.stop_by - time.monotonic(), 0.1)

    def _is_finished(self) -> bool:
        if self.stop_by is None:
            return False
        return time.monotonic() > self.stop_by or not any(map(_is_busy, self.sockets.values()))


def _is_busy(open_socket: object) -> bool:
    """Whether a connection has a request that is not answered to its last byte."""
    return isinstance(open_socket, HTTPChannel) and bool(open_socket.requests or open_socket.total_outbufs_len)


@registry.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the registry with waitress, and do its jobs if REGISTRY_EMBEDDED_WORKER is set."""
    settings: Settings = current_app.extensions["settings"]
    refuse_open_network(host, settings)
    refuse_demo_accounts(settings)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # waitress needs the application itself
    try:
        server = Server(app, first_address(host), port, behind_proxy=settings.proxies > 0)
    except OSError as error:
        raise fail(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with HOST and PORT.") from error
    click.echo(f"The registry is at {address(host, server.waitress.effective_port)}")
    with _worker(app, settings, server), _stopping(server):
        server.run()
    click.echo("Stopped.")


def first_address(host: str) -> str:
    """The first address of a name; waitress would open one server for each.

    Raises OSError for a name that nobody knows.
    """
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


def address(host: str, port: int | str) -> str:
    """What to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def refuse_open_network(host: str, settings: Settings) -> None:
    """Passwords must not cross a network in the clear.

    Raises click's error unless the address is this machine's own, or a TLS proxy stands in front.
    """
    if is_loopback(host) or settings.proxies or settings.allow_plain_http:
        return
    raise fail(
        f"HOST={host} can be reached from other machines, and this server speaks plain HTTP. Put a TLS proxy in front "
        "and say how many (REGISTRY_PROXIES=1), or take the risk in words (REGISTRY_ALLOW_PLAIN_HTTP=1)."
    )


def refuse_demo_accounts(settings: Settings) -> None:
    """People whose passwords everybody knows must not be served outside demo mode.

    Raises click's error.
    """
    try:
        demonstration.refuse_outside_demo_mode(settings)
    except BadSetting as error:
        raise fail(str(error)) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _worker(app: Flask, settings: Settings, server: Server) -> Iterator[None]:
    """Do jobs beside the server where that is wanted; a job that is not finished in time is taken up again later."""
    if not settings.embedded_worker:
        yield
        return
    worker = start_worker(app)
    try:
        yield
    finally:
        worker.stop(server.patience())


@contextmanager
def _stopping(server: Server) -> Iterator[None]:
    """SIGTERM and Ctrl+C drain the server."""
    kept = {number: signal.signal(number, server.stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
