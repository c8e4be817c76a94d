"""What group robots and programs are sent, and what their answers mean. 群机器人与 Webhook 的格式.

企业微信: https://developer.work.weixin.qq.com/document/path/91770 — 钉钉: https://open.dingtalk.com/document/robots/
custom-robot-access — the signed webhook is our own and stands in docs/messages.md.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote_plus

from ..core.masks import masked
from .answers import Answer
from .enums import Outcome, Via
from .http import Reply
from .letters import Letter

DELIVERY, TIMESTAMP, SIGNATURE = "X-Registry-Delivery", "X-Registry-Timestamp", "X-Registry-Signature"
WECOM_BYTES = 4_096  # of a markdown text
DINGTALK_BYTES = 18_000  # of the whole message 20,000
# What would be markup in a text that is not meant as such: the same sign in its full width.
MARKUP = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "*_`#[]()<>~|\\"})
# Codes by which a robot asks to come back later: busy, or too often.
LATER = {Via.WECOM: {-1, 45_009}, Via.DINGTALK: {-1, 130_101, 130_102}}
TRY_LATER = {408, 425, 429}


@dataclass(frozen=True)
class Parcel:
    """What is posted: a query to add to the address, the body, and headers."""

    query: str
    body: bytes
    headers: Mapping[str, str]


def pack(via: Via, letter: Letter, language: str, secret: str, moment: datetime) -> Parcel:
    """A letter for one kind of receiver."""
    return PACKERS[via](letter, language, secret, moment)


def understand(via: Via, reply: Reply) -> Answer:
    """What an answer means: the robots say it in `errcode`, programs by their status."""
    if reply.status != 200 or via is Via.WEBHOOK:
        return _by_status(reply)
    try:
        said = json.loads(reply.body)
        code, words = int(said["errcode"]), str(said.get("errmsg", ""))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return Answer(Outcome.DEFERRED, reply.status, "the answer is not a robot's")
    if code == 0:
        return Answer(Outcome.ACCEPTED, 0)
    return Answer(Outcome.DEFERRED if code in LATER[via] else Outcome.REFUSED, code, masked(words))


def sign_dingtalk(secret: str, milliseconds: int) -> str:
    """The `sign` of an address: HMAC-SHA256 over the time and the secret, in base64, URL-encoded."""
    made = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")
    return quote_plus(b64encode(made))


def sign_webhook(secret: str, timestamp: str, body: bytes) -> str:
    """The signature header: HMAC-SHA256 over the timestamp, a full stop and the body, in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def _wecom(letter: Letter, language: str, _secret: str, _moment: datetime) -> Parcel:
    content = _markdown(letter, language, WECOM_BYTES)
    return _parcel({"msgtype": "markdown", "markdown": {"content": content}}, letter)


def _dingtalk(letter: Letter, language: str, secret: str, moment: datetime) -> Parcel:
    title = letter.title(language).translate(MARKUP)
    text = _markdown(letter, language, DINGTALK_BYTES)
    milliseconds = int(moment.timestamp() * 1000)
    query = f"timestamp={milliseconds}&sign={sign_dingtalk(secret, milliseconds)}" if secret else ""
    return _parcel({"msgtype": "markdown", "markdown": {"title": title, "text": text}}, letter, query)


def _webhook(letter: Letter, _language: str, secret: str, moment: datetime) -> Parcel:
    body = {
        "delivery": letter.key,
        "topic": letter.topic,
        "title": {"zh": letter.title_zh, "en": letter.title_en},
        "body": {"zh": letter.body_zh, "en": letter.body_en},
        "address": letter.address,
        "subject": {"kind": letter.subject_kind, "id": letter.subject_public_id} if letter.subject_kind else None,
        "created_at": letter.created_at.isoformat(timespec="seconds"),
    }
    parcel = _parcel(body, letter)
    timestamp = str(int(moment.timestamp()))
    signed = {TIMESTAMP: timestamp, SIGNATURE: sign_webhook(secret, timestamp, parcel.body)}
    return Parcel("", parcel.body, {**parcel.headers, **signed})


PACKERS: Mapping[Via, Callable[[Letter, str, str, datetime], Parcel]] = {
    Via.WECOM: _wecom,
    Via.DINGTALK: _dingtalk,
    Via.WEBHOOK: _webhook,
}


def _parcel(body: Mapping[str, object], letter: Letter, query: str = "") -> Parcel:
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Parcel(query, written, {DELIVERY: letter.key})


def _markdown(letter: Letter, language: str, most: int) -> str:
    """Title, text and link, at most so many bytes; what people wrote is text, never markup."""
    lines = [f"**{letter.title(language).translate(MARKUP)}**", letter.body(language).translate(MARKUP)]
    link = f"\n\n[{'Open' if language == 'en' else '打开'}]({letter.address})" if letter.address else ""
    return _fit("\n\n".join(line for line in lines if line), most - len(link.encode())) + link


def _fit(text: str, most: int) -> str:
    """At most so many bytes, cut at a character."""
    written = text.encode()
    return text if len(written) <= most else written[: most - 3].decode(errors="ignore") + "…"


def _by_status(reply: Reply) -> Answer:
    if 200 <= reply.status < 300:
        return Answer(Outcome.ACCEPTED, reply.status)
    later = reply.status >= 500 or reply.status in TRY_LATER
    words = "redirects are not followed" if 300 <= reply.status < 400 else ""
    return Answer(Outcome.DEFERRED if later else Outcome.REFUSED, reply.status, words)
