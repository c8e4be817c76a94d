"""Time stamps: from a local authority over HTTP, from the development one, and from authorities that misbehave."""

import os
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import core, tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature

from registry.core.config import DEMO_SECRET, BadSetting, Settings
from registry.documents.authority import make_development_authority
from registry.documents.signing import NoTimeStamp, close, timestamper, timestamps
from registry.documents.signing.apart import run_apart
from registry.documents.signing.timestamps import NOT_A_STAMP, OTHER_STAMP, Authority
from tests.documents.aside import aside
from tests.documents.authorities import REPLY, Answering, changed, honest, served, stamper
from tests.documents.houses import make_house

from .test_levels import at_level, context

SILENT = "The time-stamp authority does not answer; please try again later"
DIGEST = bytes(range(32))


def refused(answering: Answering) -> str:
    """What the reader is told when an authority answers so."""
    with served(answering) as url, pytest.raises(NoTimeStamp) as caught:
        run_apart(lambda: Authority(url).async_timestamp(DIGEST, "sha256"))
    return caught.value.message.english


def test_an_honest_authority(keys: Path, signed: bytes) -> None:
    with served(honest(keys)) as url, at_level(keys, "t", url):
        *earlier, closing = PdfFileReader(BytesIO(close(signed))).embedded_regular_signatures
        status = aside(validate_pdf_signature, closing, context())
    assert len(earlier) == 2
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted


def wrong_nonce(request: tsp.TimeStampReq) -> tsp.TimeStampReq:
    request["nonce"] = 42
    return request


def no_nonce(request: tsp.TimeStampReq) -> tsp.TimeStampReq:
    del request["nonce"]
    return request


def wrong_imprint(request: tsp.TimeStampReq) -> tsp.TimeStampReq:
    request["message_imprint"]["hashed_message"] = os.urandom(32)
    return request


@pytest.mark.parametrize("change", [wrong_nonce, no_nonce, wrong_imprint])
def test_a_stamp_of_something_else(keys: Path, change: Callable[[tsp.TimeStampReq], tsp.TimeStampReq]) -> None:
    assert refused(changed(keys, change)) == OTHER_STAMP.key


def test_a_stamp_that_was_changed_afterwards(keys: Path) -> None:
    """Its signature no longer fits."""
    made = stamper(keys)

    def answering(body: bytes) -> tuple[int, str, bytes]:
        answer = made.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        year = answer.index(b"Z", answer.index(b"\x18")) - 1  # the last digit of the moment
        return 200, REPLY, answer[:year] + bytes([answer[year] ^ 1]) + answer[year + 1 :]

    assert refused(answering) in (OTHER_STAMP.key, NOT_A_STAMP.key)


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"\x30\x03\x02\x01\x00", b"<html>sorry</html>", b"\x30" + bytes(99_999)]
)
def test_garbage(body: bytes) -> None:
    assert refused(lambda _: (200, REPLY, body)) == NOT_A_STAMP.key


def test_a_web_page_instead(keys: Path) -> None:
    assert refused(lambda body: (200, "text/html", honest(keys)(body)[2])) == NOT_A_STAMP.key


@pytest.mark.parametrize("status", [301, 307, 404, 500])
def test_another_status(keys: Path, status: int) -> None:
    told = refused(lambda body: (status, REPLY, honest(keys)(body)[2]))
    assert told == f"The time-stamp authority answers with status {status}"


def test_a_refusal_is_passed_on() -> None:
    status = {"status": "rejection", "status_string": ["not today"], "fail_info": {"bad_alg"}}
    answer = core.SequenceOf([tsp.PKIStatusInfo(status)], spec=tsp.PKIStatusInfo).dump()
    told = refused(lambda _: (200, REPLY, answer))
    assert told == "The time-stamp authority refused the request: not today; bad_alg"


def test_a_slow_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timestamps, "SILENCE_SECONDS", 0.2)

    def answering(_: bytes) -> tuple[int, str, bytes]:
        left.wait(60)
        return 200, REPLY, b""

    left = threading.Event()
    with served(answering) as url:
        with pytest.raises(NoTimeStamp) as caught:
            run_apart(lambda: Authority(url).async_timestamp(DIGEST, "sha256"))
        left.set()
    assert caught.value.message.english == SILENT


def test_a_dripping_authority(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece comes in time, the whole does not."""
    monkeypatch.setattr(timestamps, "WHOLE_SECONDS", -1)
    assert refused(honest(keys)) == SILENT


def test_nobody_there() -> None:
    with served(lambda _: (200, REPLY, b"")) as url:
        pass
    with pytest.raises(NoTimeStamp) as caught:
        run_apart(lambda: Authority(url).async_timestamp(DIGEST, "sha256"))
    assert caught.value.message.key == SILENT


def test_a_stranger_is_not_trusted(keys: Path, tmp_path: Path, unsigned: bytes) -> None:
    make_development_authority(tmp_path)
    with served(honest(tmp_path)) as url, at_level(keys, "t", url), pytest.raises(NoTimeStamp) as caught:
        close(unsigned)
    assert "REGISTRY_TRUSTED_ROOTS" in caught.value.message.key


def test_the_setting(keys: Path, tmp_path: Path) -> None:
    with at_level(keys, "b", ""):
        assert timestamper() is None
    with at_level(keys, "b", "development"):
        assert isinstance(timestamper(), DummyTimeStamper)
    with at_level(keys, "b", "https://stamps.example.cn/tsa"):
        assert isinstance(timestamper(), Authority)
    with make_house(tmp_path, timestamp_url="development").app_context(), pytest.raises(NoTimeStamp, match="dev-ca"):
        timestamper()


@pytest.mark.parametrize(("url", "demo"), [("ftp://stamps.example.cn", True), ("stamps", True), ("development", False)])
def test_an_address_that_cannot_be_asked(tmp_path: Path, url: str, demo: bool) -> None:
    secret = DEMO_SECRET if demo else "s" * 40
    with pytest.raises(BadSetting, match="REGISTRY_TIMESTAMP_URL"):
        Settings(secret, "sqlite://", tmp_path, demo=demo, timestamp_url=url).check()
