"""Against a real receiver on this machine: bounded, to allowed hosts only, without redirects."""

import http.client
import ssl
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from registry.core.networks import ForbiddenAddress, read_allowed
from registry.messages import http as posting
from registry.messages.http import BadUrl, post, read_target

from .receivers import LOOPBACK, Receiver, certificate

SLOW = 60.0  # seconds: longer than any machine needs to notice that it waited too long


def send(receiver: Receiver, allowed: str = "", **given: Any) -> posting.Reply:
    """One post."""
    target = read_target(given.get("url", receiver.url), plain=True)
    entries = [read_allowed(allowed or receiver.allowed)]
    return post(
        target, b"{}", {"X-Registry-Delivery": "k"}, entries, given.get("context", ssl.create_default_context())
    )


def test_it_arrives_with_its_headers(receiver: Receiver) -> None:
    assert send(receiver).status == 200
    (posted,) = receiver.posts
    assert posted.path.startswith("/robot/send?key=")
    assert posted.headers["X-Registry-Delivery"] == "k"
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    with Receiver() as elsewhere:
        receiver.status, receiver.location = 302, elsewhere.url
        assert send(receiver).status == 302
        assert elsewhere.posts == []


@pytest.mark.parametrize("entry", ["hooks.example.cn", "127.0.0.1:1@127.0.0.0/8"])
def test_a_host_that_is_not_on_the_list_is_not_asked(receiver: Receiver, entry: str) -> None:
    with pytest.raises(ForbiddenAddress):
        send(receiver, entry)
    assert receiver.posts == []


def test_a_listed_name_does_not_open_the_inner_network(receiver: Receiver) -> None:
    """Without a network behind the @, an address has to be a public one."""
    with pytest.raises(ForbiddenAddress):
        send(receiver, f"127.0.0.1:{receiver.port}")
    with pytest.raises(ForbiddenAddress):
        send(receiver, f"localhost:{receiver.port}", url=f"http://localhost:{receiver.port}/")
    assert receiver.posts == []


def test_a_slow_receiver_is_left(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.delay = SLOW
    monkeypatch.setattr(posting, "SECONDS", 0.05)
    with pytest.raises(TimeoutError):
        send(receiver)


def test_a_receiver_that_drips_is_left_too(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.delay = SLOW
    monkeypatch.setattr(posting, "DEADLINE_SECONDS", 0.05)
    with pytest.raises((OSError, http.client.HTTPException)):
        send(receiver)


class AtOnce(Timer):
    """Its time is over when it begins."""

    def start(self) -> None:
        self.function(*self.args, **self.kwargs)


def test_the_time_is_over_before_there_is_a_connection(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine; then nothing is asked."""
    monkeypatch.setattr(posting, "Timer", AtOnce)
    with pytest.raises(TimeoutError):
        send(receiver)
    assert receiver.posts == []


def test_no_more_is_read_than_needed(receiver: Receiver) -> None:
    receiver.answer = b"x" * (posting.LARGEST_ANSWER + 1)
    assert len(send(receiver).body) == posting.LARGEST_ANSWER


def test_tls_is_for_the_host_by_its_certificate(tmp_path: Path, receiver: Receiver) -> None:
    context, roots = certificate(tmp_path)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    url = f"https://{LOOPBACK}:{receiver.port}/"
    with pytest.raises(ssl.SSLCertVerificationError):
        send(receiver, url=url)
    believing = ssl.create_default_context(cafile=str(roots))
    assert send(receiver, url=url, context=believing).status == 200
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.cn/",
        "ftp://hooks.example.cn/",
        "https:///nowhere",
        "https://user:password@hooks.example.cn/",
        "https://hooks.example.cn:99999/",
        "https://hooks.example.cn/a b",
        "hooks.example.cn/x",
        "",
    ],
)
def test_addresses_that_are_not_taken(url: str) -> None:
    with pytest.raises(BadUrl):
        read_target(url)


def test_an_address_is_printed_without_its_key() -> None:
    target = read_target("https://hooks.example.cn/robot?key=geheim#part").with_query("sign=x")
    assert target.path == "/robot?key=geheim&sign=x"
    assert "geheim" not in repr(target)
