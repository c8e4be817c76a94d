"""The published formats of group robots and our own signed webhook; what their answers mean. Pure."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from registry.messages import robots
from registry.messages.enums import Outcome, Via
from registry.messages.http import Reply
from registry.messages.letters import Letter

MOMENT = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
LETTER = Letter(
    key="01J0DELIVERY",
    topic="agreement",
    title_zh="协议《人才[合作](http://evil.example)》已送达",
    title_en="An agreement was put before you",
    body_zh="请在 *5* 个工作日内答复",
    body_en="",
    address="https://registry.example.cn/messages/to/agreement/01J0AGREEMENT",
    created_at=MOMENT,
    subject_kind="agreement",
    subject_public_id="01J0AGREEMENT",
)


def packed(via: Via, letter: Letter = LETTER, language: str = "zh", secret: str = "") -> robots.Parcel:
    """A parcel of that moment."""
    return robots.pack(via, letter, language, secret, MOMENT)


def test_wecom_takes_markdown_without_foreign_markup() -> None:
    parcel = packed(Via.WECOM)
    said = json.loads(parcel.body)
    assert said["msgtype"] == "markdown"
    content = said["markdown"]["content"]
    assert content.startswith("**协议《人才［合作］（http://evil.example）》已送达**")
    assert content.endswith(f"[打开]({LETTER.address})")
    assert "＊5＊" in content
    assert (parcel.query, parcel.headers) == ("", {"X-Registry-Delivery": "01J0DELIVERY"})


def test_wecom_is_given_no_more_than_it_takes_and_the_link_stays() -> None:
    content = json.loads(packed(Via.WECOM, replace(LETTER, body_zh="很长" * 3_000)).body)["markdown"]["content"]
    assert 4_000 < len(content.encode()) <= 4_096
    assert content.endswith(f"…\n\n[打开]({LETTER.address})")


def test_dingtalk_is_signed_as_published() -> None:
    """The string to sign is the time in milliseconds, a line end and the secret; keyed with the secret."""
    secret = "SEC5a1b2c"
    parcel = packed(Via.DINGTALK, language="en", secret=secret)
    query = parse_qs(parcel.query, strict_parsing=True)
    (timestamp,), (sign,) = query["timestamp"], query["sign"]
    assert timestamp == "1795741200000"
    made = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(sign) == made
    said = json.loads(parcel.body)
    assert said["msgtype"] == "markdown"
    assert said["markdown"]["title"] == "An agreement was put before you"
    assert said["markdown"]["text"].endswith(f"[Open]({LETTER.address})")
    assert packed(Via.DINGTALK).query == ""  # signing is the robot's choice


def test_webhook_is_signed_over_time_and_body() -> None:
    parcel = packed(Via.WEBHOOK, secret="s" * 16)
    timestamp = parcel.headers["X-Registry-Timestamp"]
    made = hmac.new(b"s" * 16, timestamp.encode() + b"." + parcel.body, hashlib.sha256).hexdigest()
    assert parcel.headers["X-Registry-Signature"] == f"sha256={made}"
    assert parcel.headers["X-Registry-Delivery"] == "01J0DELIVERY"
    said = json.loads(parcel.body)
    assert said["title"] == {"zh": LETTER.title_zh, "en": LETTER.title_en}
    assert said["subject"] == {"kind": "agreement", "id": "01J0AGREEMENT"}
    assert said["created_at"] == "2026-11-27T01:00:00+00:00"


@pytest.mark.parametrize(
    ("via", "status", "body", "outcome"),
    [
        (Via.WECOM, 200, b'{"errcode":0,"errmsg":"ok"}', Outcome.ACCEPTED),
        (Via.WECOM, 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', Outcome.DEFERRED),
        (Via.WECOM, 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', Outcome.REFUSED),
        (Via.WECOM, 200, b'{"errcode":-1,"errmsg":"system busy"}', Outcome.DEFERRED),
        (Via.DINGTALK, 200, b'{"errcode":0,"errmsg":"ok"}', Outcome.ACCEPTED),
        (Via.DINGTALK, 200, b'{"errcode":130101,"errmsg":"send too fast"}', Outcome.DEFERRED),
        (Via.DINGTALK, 200, b'{"errcode":310000,"errmsg":"sign not match"}', Outcome.REFUSED),
        (Via.DINGTALK, 200, b"<html>a proxy</html>", Outcome.DEFERRED),
        (Via.DINGTALK, 200, b'{"errcode":Infinity}', Outcome.DEFERRED),
        (Via.DINGTALK, 200, b"[" * 60_000, Outcome.DEFERRED),
        (Via.DINGTALK, 502, b"", Outcome.DEFERRED),
        (Via.WEBHOOK, 204, b"", Outcome.ACCEPTED),
        (Via.WEBHOOK, 302, b"", Outcome.REFUSED),
        (Via.WEBHOOK, 401, b"", Outcome.REFUSED),
        (Via.WEBHOOK, 429, b"", Outcome.DEFERRED),
        (Via.WEBHOOK, 503, b"", Outcome.DEFERRED),
    ],
)
def test_answers_are_understood(via: Via, status: int, body: bytes, outcome: Outcome) -> None:
    assert robots.understand(via, Reply(status, body)).outcome is outcome
