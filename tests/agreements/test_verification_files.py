"""Files compared with the registry: what is genuine, what was done to it, and what became of it since."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from registry.agreements import comparison, verification
from registry.agreements.comparison import Judgement
from registry.agreements.models import (
    Agreement,
    AgreementRevision,
    AgreementStatus,
    ClosureOutcome,
    DocumentKind,
    RevisionKind,
    RevisionStage,
    SignatoryStatus,
)
from registry.agreements.queries import documents_of, signatories_of
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.instance import settings
from registry.documents.models import SigningCertificate
from registry.documents.verdicts import State
from tests.agreements.scene import Scene, make_scene
from tests.agreements.signed import SignedAgreement, keep, keys, note, render, sign_all
from tests.documents.signed import closed, digest_of, issue, parties, sign, stamp, stamper
from tests.documents.tampering import annotate, flip, overlay, replace_content, save_again, swap_record
from tests.states import Begin

CHANGED_LATER = "Something was added or changed after the signature that it does not allow"


def bare() -> tuple[Scene, None]:
    """People, and keys to sign with."""
    keys()
    with transaction():
        return make_scene(), None


def signed_by_both() -> tuple[Scene, SignedAgreement]:
    """And a closed agreement."""
    scene, _ = bare()
    with transaction():
        agreement = scene.signing()
    return scene, sign_all(scene, agreement, render(agreement))


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest, fonts: Path) -> tuple[Scene, SignedAgreement | None]:
    """The scene, with an agreement where the test asks for it."""
    return begin_with(signed_by_both if "signed" in request.fixturenames else bare)


@pytest.fixture
def scene(begun: tuple[Scene, SignedAgreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def signed(begun: tuple[Scene, SignedAgreement | None]) -> SignedAgreement:
    """Signed by both and closed."""
    assert begun[1]
    return begun[1]


def by_code(signed: SignedAgreement, data: bytes) -> Judgement:
    """The verdict by the code on the paper."""
    return comparison.judge(data, verification.find(signed.agreement.verification_code or ""))


def said(told: Judgement) -> str:
    """Reasons and notes in one piece."""
    return " / ".join(one.english for one in (*told.reasons, *told.notes))


def set_status(agreement: Agreement, status: AgreementStatus, outcome: ClosureOutcome | None = None) -> None:
    """As the lifecycle would leave it; how it comes there is not this test's business."""
    with transaction():
        agreement.status, agreement.outcome = status, outcome


def test_the_closed_file_is_valid_with_and_without_its_code(signed: SignedAgreement) -> None:
    for told in (by_code(signed, signed.closed), comparison.judge_alone(signed.closed)):
        assert told.state is State.VALID
        assert told.reasons[0].english == "The file is the registered signed agreement, unaltered"
        assert "The file is closed" in said(told)
        assert told.found
        assert told.found.public_id == signed.agreement.public_id


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (flip, "The content was changed after it was signed"),
        (replace_content, "The content of page 1 was replaced"),
        (overlay, "Something was drawn over page 1"),
        (annotate, "Notes were added to page 1"),
        (swap_record, "The attachment agreement.json was exchanged"),
        (save_again, "The file was saved again by another program"),
    ],
)
def test_tampering_is_invalid_and_named(signed: SignedAgreement, tamper: Callable[[bytes], bytes], reason: str) -> None:
    told = by_code(signed, tamper(signed.closed))
    assert told.state is State.INVALID
    assert reason in said(told)
    assert comparison.judge_alone(tamper(signed.closed)).state is State.INVALID


def test_a_revoked_signer(signed: SignedAgreement) -> None:
    digest = digest_of(parties(keys())[1])
    with transaction():
        db.session.query(SigningCertificate).filter_by(sha256=digest).one().revoke("丢失", now())
    told = by_code(signed, signed.closed)
    assert told.state is State.INVALID
    assert "The signer's certificate was revoked" in said(told)
    assert "丢失" not in said(told)


def test_a_genuine_file_of_another_agreement(scene: Scene, signed: SignedAgreement) -> None:
    with transaction():
        other = scene.draft(title_zh="另一份协议")
        other.verification_code = "ab" * 16
    found = verification.find("ab" * 16)
    told = comparison.judge(signed.closed, found)
    assert told.state is State.INVALID
    assert "The file is genuine but belongs to another agreement" in said(told)
    assert told.found is None
    assert "names another agreement" in said(comparison.judge(replace_content(signed.closed), found))


def test_a_genuine_but_superseded_revision(signed: SignedAgreement) -> None:
    first = signed.agreement.revisions[0]
    with transaction():
        first.take_effect(today())
        first.supersede(today())
        db.session.flush()
        made = AgreementRevision(agreement=signed.agreement, no=2, kind=RevisionKind.AMENDMENT, content=first.content)
        made.stage, made.effective_on = RevisionStage.EFFECTIVE, today()
        db.session.add(made)
    db.session.expire_all()
    told = by_code(signed, signed.closed)
    assert told.state is State.VALID
    assert "superseded: it bears revision 1, and revision 2 replaced it" in said(told)
    found = verification.find(signed.agreement.verification_code or "")
    assert found
    page = verification.told_of_page(found, 1, 3)
    assert page
    assert not page[1]
    assert "old text, revision 1" in page[0].english


def test_earlier_files_are_genuine_but_not_the_newest(signed: SignedAgreement) -> None:
    newest = hashlib.sha256(signed.closed).hexdigest()[:16]
    for data in (signed.unsigned, signed.half, signed.both):
        told = by_code(signed, data)
        assert told.state is State.VALID
        assert "Signatures were added later" in said(told)
        assert newest in said(told)
    assert "Party B has not signed in this file yet" in said(by_code(signed, signed.half))
    assert "The file is still open" in said(by_code(signed, signed.both))


@pytest.mark.parametrize(
    ("status", "outcome", "state", "words"),
    [
        (AgreementStatus.CLOSED, ClosureOutcome.TERMINATED, State.VALID, "it was terminated"),
        (AgreementStatus.CLOSED, ClosureOutcome.EXPIRED, State.VALID, "it has expired"),
        (AgreementStatus.CLOSED, ClosureOutcome.SUPERSEDED, State.VALID, "another one has superseded it"),
        (AgreementStatus.SUSPENDED, None, State.VALID, "The agreement is suspended"),
        (AgreementStatus.VOID, None, State.INVALID, "The agreement is void"),
    ],
)
def test_what_became_of_the_agreement_is_told(
    signed: SignedAgreement, status: AgreementStatus, outcome: ClosureOutcome | None, state: State, words: str
) -> None:
    set_status(signed.agreement, status, outcome)
    told = by_code(signed, signed.closed)
    assert told.state is state
    assert words in said(told)


def test_a_file_of_strangers(signed: SignedAgreement) -> None:
    for data in (b"", b"no PDF", b"%PDF-1.7 broken", flip(signed.unsigned)[:2000]):
        told = comparison.judge_alone(data)
        assert told.state is State.INVALID
        assert "The file is not one of this registry" in said(told)
        assert told.found is None


def test_a_file_that_merely_claims_to_be_ours_opens_nothing(signed: SignedAgreement) -> None:
    told = comparison.judge_alone(save_again(signed.unsigned))
    assert told.state is State.INVALID
    assert "differs from every registered paper" in said(told)
    assert told.found is None


def test_a_foreign_record_does_not_hide_whose_file_it_was(signed: SignedAgreement) -> None:
    told = comparison.judge_alone(swap_record(signed.closed, b'{"forged": 1}'))
    assert told.state is State.INVALID
    assert "begins with a registered paper" in said(told)
    assert told.found
    assert "$.content" in [one.json_path for one in told.differences]


def test_a_forged_text_under_a_good_certificate_does_not_pass(scene: Scene, signed: SignedAgreement) -> None:
    """Whoever holds a trusted key can sign another text around the genuine record."""
    forged = sign(save_again(signed.unsigned), "Party-1", parties(keys())[0], first=True)
    told = by_code(signed, forged)
    assert told.state is State.INVALID
    assert "differs from every registered paper" in said(told)


def test_a_signature_that_the_registry_does_not_know(signed: SignedAgreement) -> None:
    extra = sign(signed.both, "Witness", issue(keys(), "某单位", "某单位"))
    told = by_code(signed, extra)
    assert told.state is State.UNDECIDED
    assert "knows nothing of the signature of 某单位 in the field Witness" in said(told)


def test_an_unknown_signature_in_a_registered_file_is_told(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
    data = sign(render(agreement), "Party-1", parties(keys())[0], first=True)
    with transaction():
        keep(agreement, data, DocumentKind.SIGNED_FILE)
    told = comparison.judge_alone(data)
    assert told.state is State.VALID
    assert "knows nothing of the signature" in said(told)


def test_archival_time_stamps_do_no_harm(signed: SignedAgreement) -> None:
    told = by_code(signed, stamp(signed.closed, stamper(keys())))
    assert told.state is State.VALID
    assert "Data for archiving were added" in said(told)


def test_a_voided_signature(scene: Scene) -> None:
    """Void and not replaced, the file does not count; signed anew in the same file, it does, and tells."""
    with transaction():
        agreement = scene.signing()
    one, _other = parties(keys())
    unsigned = render(agreement)
    half = sign(unsigned, "Party-1", one, first=True)
    with transaction():
        keep(agreement, unsigned, DocumentKind.SIGNING_COPY)
        row = note(scene, agreement, one, "Party-1", keep(agreement, half, DocumentKind.SIGNED_FILE))
    with transaction():
        row.void("盖错章")
        _wait_again(agreement)
    told = comparison.judge_alone(half)
    assert told.state is State.INVALID
    assert f"The signature of Party A was voided in the registry on {today().isoformat()}" in said(told)
    assert "盖错章" not in said(told)
    again = sign(half, "Party-1-2", one)
    with transaction():
        note(scene, agreement, one, "Party-1-2", keep(agreement, again, DocumentKind.SIGNED_FILE))
    told = comparison.judge_alone(again)
    assert told.state is State.VALID
    assert "The signature of Party A was voided" in said(told)
    assert "Party A has not signed" not in said(told)


def test_a_voided_signature_made_up_for_on_paper(scene: Scene) -> None:
    """The official file keeps the voided signature for ever; what counts is how the party signed last."""
    with transaction():
        agreement = scene.signing()
    one, _other = parties(keys())
    unsigned = render(agreement)
    half = sign(unsigned, "Party-1", one, first=True)
    done = closed(half, keys())
    with transaction():
        keep(agreement, unsigned, DocumentKind.SIGNING_COPY)
        row = note(scene, agreement, one, "Party-1", keep(agreement, half, DocumentKind.SIGNED_FILE))
        keep(agreement, done, DocumentKind.SIGNED_AGREEMENT)
    with transaction():
        row.void("盖错章")
        _wait_again(agreement)
    assert comparison.judge_alone(done).state is State.INVALID
    revision = agreement.open_revision
    assert revision
    again = next(row for row in signatories_of(revision) if row.status is SignatoryStatus.PENDING)
    with transaction():
        again.sign("测试", "局长", today(), scene.bureau.seal_keeper.id, now())
    told = comparison.judge_alone(done)
    assert told.state is State.VALID
    assert "The digital signature of Party A was voided" in said(told)
    assert "signed in another way since" in said(told)


def test_a_certificate_that_the_registry_did_not_note(signed: SignedAgreement) -> None:
    with transaction():
        row = db.session.query(SigningCertificate).filter_by(sha256=digest_of(parties(keys())[1])).one()
        row.sha256 = "0" * 64
    told = by_code(signed, signed.closed)
    assert told.state is State.UNDECIDED
    assert "is not the one that the registry noted for Party B" in said(told)


def _wait_again(agreement: Agreement) -> None:
    revision = agreement.open_revision
    assert revision
    first = signatories_of(revision)[0]
    db.session.add(
        type(first)(
            agreement=agreement, revision_id=revision.id, party=first.party, position=first.position, name="测试"
        )
    )


def test_a_paper_marked_void(signed: SignedAgreement) -> None:
    with transaction():
        for row in documents_of(signed.agreement):
            row.void_reason = "有误"
    told = by_code(signed, signed.closed)
    assert told.state is State.INVALID
    assert "marked void" in said(told)
    assert "有误" not in said(told)


def test_a_record_that_the_registry_no_longer_holds(signed: SignedAgreement) -> None:
    """Somebody changed the database: the signed file tells."""
    with transaction():
        signed.agreement.number = "鞍校地协〔2026〕99号"
    told = by_code(signed, signed.closed)
    assert told.state is State.INVALID
    assert [one.json_path for one in told.differences] == ["$.number"]


def test_another_address_of_the_registry_is_no_change(signed: SignedAgreement, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = replace(settings(), public_url="https://elsewhere.example")
    monkeypatch.setattr("registry.agreements.record_due.settings", lambda: moved)
    assert by_code(signed, signed.closed).state is State.VALID


@pytest.mark.parametrize(
    ("revision", "leaf", "is_present", "words"),
    [
        (1, 3, True, "Page 3 of revision 1"),
        (1, None, True, "revision 1 of the text, the present one"),
        (7, 1, False, "not registered as signed"),
    ],
)
def test_the_code_of_a_page(
    signed: SignedAgreement, revision: int, leaf: int | None, is_present: bool, words: str
) -> None:
    found = verification.find(signed.agreement.verification_code or "")
    assert found
    told = verification.told_of_page(found, revision, leaf)
    assert told
    assert told[1] is is_present
    assert words in told[0].english
    assert verification.told_of_page(found, None, 3) is None


@pytest.mark.parametrize(
    "typed",
    [
        "7f3a 00b1-22C4.ffee",
        " ７Ｆ３Ａ００Ｂ１２２Ｃ４ＦＦＥＥ ",
        "https://registry.example.gov.cn/v/7F3A00B122C4FFEE?r=1&p=2",
    ],
)
def test_a_code_in_any_grouping(typed: str) -> None:
    assert verification.plain_code(typed) == "7f3a00b122c4ffee"
