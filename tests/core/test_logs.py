"""Logs: one JSON object a line, nothing personal in it."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from flask import Flask

from registry.core import logs
from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.core.logs import JsonFormatter
from registry.core.masks import masked
from tests.conftest import Client
from tests.factories import make_user


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 13800138000 now", "call *** now"),
        ("+86 138-0013-8000", "***"),
        ("0412-5539999 is the office", "*** is the office"),
        ("210302199001011234", "***"),
        ("21030219900101123X", "***"),
        ("password=hunter2 x", "password=*** x"),
        ('{"token": "abc"}', '{"token": ***'),
        ("Cookie: __Host-session=abcdef", "Cookie: ***"),
        ("postgresql://registry:pass@db/registry", "postgresql://***@db/registry"),
        ("key JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "key ***"),
        ("session " + "aZ09_-" * 7 + "a", "session ***"),
        (
            "job documents.render 01J00000000000000000000001 done",
            "job documents.render 01J00000000000000000000001 done",
        ),
        ("took 1380013800 ms on 2026-11-22", "took 1380013800 ms on 2026-11-22"),
        ("校地合作框架协议（2026）1号", "校地合作框架协议（2026）1号"),
    ],
)
def test_masks(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.fixture
def written(app: Flask) -> Iterator[StringIO]:
    """What the registry's loggers write."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    registry = logging.getLogger("registry")
    level = registry.level
    registry.addHandler(handler)
    registry.setLevel(logging.INFO)
    yield stream
    registry.removeHandler(handler)
    registry.setLevel(level)


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_id_and_user(client: Client, written: StringIO) -> None:
    with transaction():
        user = make_user(Role.HANDLER)
        number = user.id
    client.sign_in(user).get("/?phone=13800138000", headers={"X-Request-ID": "request-0001"})
    (line,) = [line for line in lines(written) if line["logger"] == "registry.access"]
    assert (line["request_id"], line["user"], line["route"], line["method"]) == ("request-0001", number, "/", "GET")
    assert "13800138000" not in written.getvalue()


def test_bodies_codes_and_cookies_are_not_logged(client: Client, written: StringIO) -> None:
    client.post("/sign-in", data={"account": "wang", "password": "Correct-Horse-1"})
    client.get("/healthz", headers={"Cookie": "x=secretcookie"})
    client.get("/no/such/page/0123456789abcdef")
    for secret in ("Correct-Horse-1", "secretcookie", "0123456789abcdef", "wang"):
        assert secret not in written.getvalue()
    assert len(lines(written)) >= 3


def test_exceptions_are_masked(written: StringIO) -> None:
    try:
        raise ValueError("phone 13800138000")
    except ValueError:
        logging.getLogger("registry.test").exception("it failed for %s", "password=abc")
    (line,) = lines(written)
    assert line["message"] == "it failed for password=***"
    assert "ValueError: phone ***" in str(line["exception"])
    assert line["level"] == "error"


def test_half_a_character_is_written_as_a_question_mark() -> None:
    record = logging.LogRecord("registry", logging.ERROR, __file__, 1, "鞍山 \ud800", None, None)
    line = JsonFormatter().format(record)
    assert json.loads(line.encode())["message"] == "鞍山 ?"


def test_outside_requests(written: StringIO) -> None:
    logging.getLogger("registry.jobs").info("job done")
    assert lines(written)[0]["user"] == ""


def test_the_server_logs_to_standard_error(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    root, registry = logging.getLogger(), logging.getLogger("registry")
    kept, levels = list(root.handlers), (root.level, registry.level)
    served = Flask("served")
    try:
        logs.install(served)
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        assert handler.stream is sys.stderr
        assert isinstance(handler.formatter, JsonFormatter)
    finally:
        root.handlers[:] = kept
        root.setLevel(levels[0])
        registry.setLevel(levels[1])
