"""The public check: what is told of a code, and the verdict on a file."""

from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask

from registry.agreements import comparison, verification
from registry.agreements.models import Agreement, DocumentKind
from registry.agreements.services import files, lifecycle, signing
from registry.core.db import transaction
from registry.core.web import throttle
from registry.documents import store
from registry.documents.verdicts import State
from registry.documents.workers.frames import Frame
from registry.documents.workers.parent import Failed, Pool
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.documents.conftest import saved


def _paper() -> bytes:
    """A file with one empty page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        return saved(pdf)


PAPER = _paper()
BROKEN = b"%PDF-1.7 not a real one"


@pytest.fixture
def scene(app: Flask) -> Scene:
    throttle.forget()
    with transaction():
        return make_scene()


def with_paper(agreement: Agreement, data: bytes, kind: DocumentKind = DocumentKind.SIGNING_COPY) -> None:
    """Give the agreement a paper of these bytes."""
    files.add(agreement, kind, store.save(data, "application/pdf"), "文件.pdf", None)


def judged(agreement: Agreement, data: bytes) -> comparison.Judgement:
    """The verdict by the agreement's own code."""
    return comparison.judge(data, verification.find(agreement.verification_code or ""))


def test_the_registered_paper_is_known_by_its_bytes(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
        with_paper(agreement, PAPER)
    assert judged(agreement, PAPER).state is State.VALID
    assert judged(agreement, PAPER + b" ").state is State.INVALID


@pytest.mark.parametrize("reason", ["unreadable", "timeout", "crash", "memory", "died"])
def test_a_registered_paper_whose_signatures_nobody_could_examine(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    paper = PAPER + f"{reason} {scene.bureau.organisation.public_id}".encode()  # verdicts are remembered by digest
    with transaction():
        agreement = scene.signing()
        with_paper(agreement, paper)
    with monkeypatch.context() as failing:
        failing.setattr(Pool, "ask", fail_with(reason))
        told = judged(agreement, paper)
    assert told.state is State.UNDECIDED
    assert "could not be examined" in told.reasons[-1].english
    assert judged(agreement, paper).state is State.VALID  # it was not remembered


def fail_with(reason: str) -> Callable[..., Frame]:
    """What a child says that could not."""

    def ask(*_given: object) -> Frame:
        raise Failed(reason)

    return ask


def test_a_broken_file_that_was_registered(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
        with_paper(agreement, BROKEN)
    assert judged(agreement, BROKEN).state is State.UNDECIDED
    assert judged(agreement, BROKEN + b" ").state is State.INVALID


def test_a_void_signing_copy_is_told_apart(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
        with_paper(agreement, PAPER)
    with transaction():
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
    verdict = judged(agreement, PAPER)
    assert verdict.state is State.INVALID
    assert "void" in verdict.reasons[0].key


def test_a_genuine_paper_of_another_agreement(scene: Scene) -> None:
    with transaction():
        one, other = scene.signing(), scene.draft()
        with_paper(other, PAPER)
    verdict = judged(one, PAPER)
    assert verdict.state is State.INVALID
    assert "another agreement" in verdict.reasons[0].key


def test_an_unknown_code_cannot_be_decided(scene: Scene) -> None:
    assert comparison.judge(PAPER, None).state is State.UNDECIDED


@pytest.mark.parametrize("code", ["", "0" * 32, "' OR 1=1", "f" * 65, "../x"])
def test_codes_that_are_none(scene: Scene, code: str) -> None:
    assert verification.find(code) is None


def test_what_is_told_and_what_is_not(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.in_force()
    page = client.get(f"/v/{agreement.verification_code}")
    assert agreement.public_id in page.text
    for kept_back in ("同意", "测试签字人", "更好服务产业发展", scene.bureau.handler.name):
        assert kept_back not in page.text


def test_a_closed_one_says_so(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.in_force()
        assert agreement.expires_on
        lifecycle.expire(agreement.expires_on.replace(year=agreement.expires_on.year + 1))
    assert "已到期" in client.get(f"/v/{agreement.verification_code}", headers={"Accept-Language": "zh"}).text


def test_asking_too_often_is_slowed_down(scene: Scene, client: Client) -> None:
    answers = [client.get("/v/0000").status_code for _try in range(61)]
    assert answers[:60] == [404] * 60
    assert answers[60] == 429
    throttle.forget()


def test_whoever_has_one_address_of_a_network_has_them_all(scene: Scene, client: Client) -> None:
    def asked(address: str) -> int:
        return client.get("/v/0000", environ_overrides={"REMOTE_ADDR": address}).status_code

    answers = {asked(f"2001:db8::{number:x}") for number in range(60)}
    assert answers == {404}
    assert asked("2001:db8::ffff") == 429
    assert asked("2001:db8:0:1::1") == 404
    throttle.forget()
