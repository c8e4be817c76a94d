"""The embedded server: where it listens, and how it stops."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import click
import pytest
from flask import Flask, request

from registry.cli import serve
from registry.core.config import DEMO_SECRET, ROOT, Settings

SETTINGS = Settings(DEMO_SECRET, "sqlite://", Path("/nowhere"), demo=True)
PATIENCE = 60.0  # seconds, on the busiest machine; nobody waits so long where it is idle


@pytest.fixture
def asked() -> threading.Event:
    """Set once the slow application has a question in hand."""
    return threading.Event()


@pytest.fixture
def slow_app(asked: threading.Event) -> Flask:
    """An application whose answers take a while, and one that repeats who it thinks is asking."""
    app = Flask("slow")

    @app.get("/slow")
    def slow() -> str:
        asked.set()
        time.sleep(0.6)
        return "done"

    @app.get("/forwarded")
    def forwarded() -> str:
        return request.headers.get("X-Forwarded-For", "nobody")

    return app


def _running(server: serve.Server) -> threading.Thread:
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def server(slow_app: Flask) -> Iterator[serve.Server]:
    """A server on a free port."""
    made = serve.Server(slow_app, "127.0.0.1", 0, behind_proxy=False)
    thread = _running(made)
    yield made
    made.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def _get(server: serve.Server, path: str) -> str:
    return _ask(int(server.waitress.effective_port), path)


def _ask(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"X-Forwarded-For": "203.0.113.9"})
    body = connection.getresponse().read().decode()
    connection.close()
    return body


def _ask_again_and_again(server: serve.Server) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        _get(server, "/forwarded")
        time.sleep(0.1)


def test_stopping_answers_what_was_asked(server: serve.Server, asked: threading.Event) -> None:
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(_get(server, "/slow")))
    asking.start()
    assert asked.wait(PATIENCE)
    server.stop()
    asking.join(PATIENCE)
    assert answers == ["done"]


def test_stopped_server_takes_no_more(server: serve.Server, asked: threading.Event) -> None:
    asking = threading.Thread(target=_get, args=(server, "/slow"))
    asking.start()
    assert asked.wait(PATIENCE)
    server.stop()
    asking.join(PATIENCE)
    with pytest.raises(OSError, match=r"refused|reset"):
        _ask_again_and_again(server)  # the thread that listens hears of it within a moment


def test_idle_server_stops_at_once(slow_app: Flask) -> None:
    made = serve.Server(slow_app, "127.0.0.1", 0, behind_proxy=False)
    thread = _running(made)
    assert _get(made, "/forwarded")
    made.stop()
    thread.join(serve.DRAIN_SECONDS / 2)
    assert not thread.is_alive()


def test_nobody_forges_an_address(server: serve.Server) -> None:
    assert _get(server, "/forwarded") == "nobody"


def test_a_proxy_may_say_the_address(slow_app: Flask) -> None:
    made = serve.Server(slow_app, "127.0.0.1", 0, behind_proxy=True)
    thread = _running(made)
    assert _get(made, "/forwarded") == "203.0.113.9"
    made.stop()
    thread.join(PATIENCE)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_served(host: str) -> None:
    serve.refuse_open_network(host, SETTINGS)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "registry.example"])  # noqa: S104 - to be refused
def test_open_network_is_refused(host: str) -> None:
    with pytest.raises(click.ClickException, match="REGISTRY_PROXIES"):
        serve.refuse_open_network(host, SETTINGS)


@pytest.mark.parametrize("allowed", [{"proxies": 1}, {"allow_plain_http": True}])
def test_open_network_behind_a_proxy_or_in_words(allowed: dict[str, int]) -> None:
    serve.refuse_open_network("0.0.0.0", replace(SETTINGS, **allowed))  # type: ignore[arg-type]  # noqa: S104


def test_address_of_the_sixth_version() -> None:
    assert serve.address("::1", 8000) == "http://[::1]:8000/"


def test_a_taken_port_is_named(app: Flask, server: serve.Server) -> None:
    port = str(server.waitress.effective_port)
    result = app.test_cli_runner().invoke(args=["registry", "serve", "--port", port])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output


def test_the_worker_gets_what_is_left_of_the_time(server: serve.Server) -> None:
    assert server.patience() == serve.DRAIN_SECONDS
    server.stop()
    assert serve.DRAIN_SECONDS - 1 < server.patience() <= serve.DRAIN_SECONDS


def test_a_whole_server_starts_works_and_stops(tmp_path: Path) -> None:
    """As script/serve starts it: with the job worker, until SIGTERM."""
    environ = os.environ | {
        "REGISTRY_DEMO": "1", "REGISTRY_EMBEDDED_WORKER": "1", "REGISTRY_INSTANCE": str(tmp_path), "PORT": "0",
        "HOST": "127.0.0.1", "FLASK_APP": "wsgi.py", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    environ.pop("REGISTRY_DATABASE_URL", None)
    flask = [sys.executable, "-m", "flask", "registry"]
    subprocess.run([*flask, "migrate"], cwd=ROOT, env=environ, check=True, capture_output=True)
    with subprocess.Popen([*flask, "serve"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            port = int(process.stdout.readline().rstrip().rstrip("/").rpartition(":")[2])
            assert "ok" in _ask(port, "/healthz")
            process.terminate()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
