"""Signing digitally: over the bytes that were shown, in turn, without ever losing a signature."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import delete, select

from registry.accounts.models import User, UserRole
from registry.agreements import jobs, queries, todo
from registry.agreements.inputs import DigitalDetails, Term
from registry.agreements.models import (
    Agreement,
    AgreementRevision,
    AgreementStatus,
    DocumentKind,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
    Verdict,
)
from registry.agreements.services import clearance, digital, entry, files, negotiation, remake, signing
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Stale, Unmet
from registry.documents import certificates, store, verdicts
from registry.documents.models import SigningCertificate
from registry.documents.places import places
from registry.documents.signing.party_signatures import signed_fields
from registry.documents.verdicts import State
from registry.documents.workers.parent import Failed
from registry.jobs.registry import GiveUp
from tests.agreements.scene import Scene, Side, details, make_scene, stored
from tests.agreements.signers import make_certificate
from tests.agreements.test_lifecycle import LEADER, LEGAL, YES
from tests.documents.conformance import conformance_failures
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("fonts")


def certified() -> tuple[Scene, None]:
    """Both sides have certificates."""
    with transaction():
        made = make_scene()
        for side in (made.bureau, made.university):
            make_certificate(side.organisation, places().keys)
    return made, None


def being_signed() -> tuple[Scene, Agreement]:
    """And an agreement to sign."""
    scene, _ = certified()
    with transaction():
        made = scene.signing()
    make_copy(made)
    return scene, made


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest) -> tuple[Scene, Agreement | None]:
    """The scene, with an agreement where the test asks for it."""
    return begin_with(being_signed if "agreement" in request.fixturenames else certified)


@pytest.fixture
def scene(begun: tuple[Scene, Agreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def agreement(begun: tuple[Scene, Agreement | None]) -> Agreement:
    """Being signed, with its signing copy."""
    assert begun[1]
    return begun[1]


def make_copy(agreement: Agreement) -> None:
    """What the worker would do."""
    assert agreement.open_revision
    jobs.make_signing_copy({"revision": agreement.open_revision.public_id})


def row_of(agreement: Agreement, side: Side) -> Signatory:
    """The row that counts for a side."""
    revision = agreement.open_revision or agreement.effective_revision
    assert revision
    return next(one for one in queries.awaited_of(revision) if one.party.organisation_id == side.organisation.id)


def present(agreement: Agreement) -> bytes:
    """The file to sign now."""
    revision = agreement.open_revision or agreement.effective_revision
    assert revision
    document = queries.file_to_sign(revision)
    assert document
    return store.read(document.file)


def closed_of(agreement: Agreement) -> bytes:
    """The file that the registry closes once everybody has signed."""
    revision = agreement.effective_revision
    assert revision
    jobs.make_signed_agreement({"revision": revision.public_id})
    return next(
        store.read(one.file) for one in queries.documents_of(agreement) if one.kind is DocumentKind.SIGNED_AGREEMENT
    )


def given(agreement: Agreement, **changes: object) -> DigitalDetails:
    """A signatory who has looked at the present file."""
    revision = agreement.open_revision
    assert revision
    document = queries.file_to_sign(revision)
    assert document
    values = {"name": "测试签字人", "reviewed_sha256": document.file.sha256, "title": "局长"}
    return DigitalDetails(**{**values, **changes})  # type: ignore[arg-type]  # fields by name


def sign(agreement: Agreement, side: Side, **changes: object) -> bytes:
    """The side's signatory signs; gives back the file."""
    planned, pdf = digital.plan(agreement, row_of(agreement, side), given(agreement, **changes), side.signatory)
    signed = digital.make(planned, pdf)
    kept = store.put(signed, "application/pdf")
    with transaction():
        digital.sign(agreement, row_of(agreement, side), planned, kept, side.signatory)
    return signed


@contextmanager
def refused(words: str, error: type[Conflict] = Conflict) -> Iterator[None]:
    """What is in the block is refused in these (English) words."""
    with pytest.raises(error) as caught:
        yield
    assert words in caught.value.message.key


def test_both_sign_and_the_registry_closes(scene: Scene, agreement: Agreement) -> None:
    copy = present(agreement)
    first = sign(agreement, scene.bureau)
    second = sign(agreement, scene.university)
    assert first.startswith(copy)
    assert second.startswith(first)
    with transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert agreement.status is AgreementStatus.IN_FORCE
    assert agreement.signed_on == today()
    closed = closed_of(agreement)
    assert closed.startswith(second)
    assert signed_fields(closed) == ("Party-1", "Party-2", "RegistryClosing")
    assert verdicts.judge(closed).state is State.VALID
    assert conformance_failures(closed) == []


def test_the_certificate_is_the_organisations(scene: Scene, agreement: Agreement) -> None:
    signed = sign(agreement, scene.university)
    (one,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert one.field_name == "Party-2"
    assert one.signer_cert.subject.native["common_name"] == "西北工业大学"
    row = row_of(agreement, scene.university)
    assert row.method is SignatureMethod.DIGITAL
    assert row.digital
    assert row.digital.field == "Party-2"
    assert row.digital.document.kind is DocumentKind.SIGNED_FILE


def test_other_bytes_than_were_shown_are_not_signed(scene: Scene, agreement: Agreement) -> None:
    looked_at = given(agreement)
    sign(agreement, scene.bureau)
    with pytest.raises(Stale):
        digital.plan(agreement, row_of(agreement, scene.university), looked_at, scene.university.signatory)


def test_the_slower_of_two_looks_again(scene: Scene, agreement: Agreement) -> None:
    row = row_of(agreement, scene.university)
    planned, pdf = digital.plan(agreement, row, given(agreement), scene.university.signatory)
    slow = store.put(digital.make(planned, pdf), "application/pdf")
    fast = sign(agreement, scene.bureau)
    with pytest.raises(Stale), transaction():
        digital.sign(agreement, row, planned, slow, scene.university.signatory)
    assert present(agreement) == fast
    assert row.status is SignatoryStatus.PENDING


def test_nobody_signs_for_another_party_or_twice(scene: Scene, agreement: Agreement) -> None:
    with pytest.raises(Forbidden):
        digital.plan(agreement, row_of(agreement, scene.university), given(agreement), scene.bureau.signatory)
    with pytest.raises(Forbidden):
        digital.plan(agreement, row_of(agreement, scene.bureau), given(agreement), scene.bureau.leader)
    sign(agreement, scene.bureau)
    with pytest.raises(Conflict):
        sign(agreement, scene.bureau)
    with pytest.raises(Conflict), transaction():
        signing.record_signature(agreement, row_of(agreement, scene.bureau), details(today()), scene.bureau.seal_keeper)


def test_without_a_certificate_it_says_whom_to_ask(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        for certificate in certificates_of(scene.bureau):
            certificate.revoke("遗失", now())
    with refused("no certificate"):
        sign(agreement, scene.bureau)


def certificates_of(side: Side) -> list[SigningCertificate]:
    """All of a side's."""
    wanted = SigningCertificate.organisation_id == side.organisation.id
    return list(db.session.scalars(select(SigningCertificate).where(wanted)))


def test_before_the_copy_is_made(scene: Scene) -> None:
    with transaction():
        made = scene.signing()
    with refused("still being made"):
        digital.plan(made, row_of(made, scene.bureau), DigitalDetails("测试", "0" * 64), scene.bureau.signatory)


def test_in_order(scene: Scene) -> None:
    with transaction():
        made = scene.approved()
        signing.start_signing(made, scene.bureau.leader, in_order=True)
    make_copy(made)
    with refused("signs before"):
        sign(made, scene.university)
    row = row_of(made, scene.university)
    with refused("signs before"), transaction():
        signing.record_signature(made, row, details(today()), scene.university.seal_keeper)
    sign(made, scene.bureau)
    sign(made, scene.university)


def test_paper_and_digital_mixed(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    with pytest.raises(Unmet), transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    with transaction():
        scene.sign(agreement, scene.university, today())
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert agreement.status is AgreementStatus.IN_FORCE


def test_a_file_sealed_elsewhere(scene: Scene, agreement: Agreement) -> None:
    row = row_of(agreement, scene.university)
    sealed = details(today(), method=SignatureMethod.E_SEAL)
    with transaction():
        signing.record_signature(agreement, row, sealed, scene.university.seal_keeper)
    sign(agreement, scene.bureau)
    with pytest.raises(Unmet) as caught, transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert [reason.key for reason in caught.value.reasons] == [
        "%(party)s: the file that was sealed elsewhere is missing"
    ]
    with transaction():
        files.add(agreement, DocumentKind.EXTERNAL_FILE, stored(), "外部.ofd", scene.university.seal_keeper, row.party)
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert agreement.status is AgreementStatus.IN_FORCE


def test_a_proxy_needs_the_letter(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau, is_proxy=True)
    sign(agreement, scene.university)
    with pytest.raises(Unmet) as caught, transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert "proxy letter" in caught.value.reasons[0].key


def test_declining_stops_and_asking_again_goes_on(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    with pytest.raises(Invalid), transaction():
        signing.decline(agreement, row_of(agreement, scene.university), "", scene.university.leader)
    with transaction():
        signing.decline(agreement, row_of(agreement, scene.university), "条款待议", scene.university.signatory)
    with pytest.raises(Conflict):
        sign(agreement, scene.university)
    with pytest.raises(Unmet) as caught, transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert caught.value.reasons[0].values["reason"] == "条款待议"
    before = present(agreement)
    with transaction():
        signing.send_again(agreement, scene.bureau.handler)
    assert present(agreement) == before
    assert row_of(agreement, scene.bureau).status is SignatoryStatus.SIGNED
    sign(agreement, scene.university)
    with refused("Everybody has signed"), transaction():
        signing.send_again(agreement, scene.bureau.handler)


def test_a_signed_row_cannot_decline(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    with pytest.raises(Conflict), transaction():
        signing.decline(agreement, row_of(agreement, scene.bureau), "反悔", scene.bureau.leader)


def test_a_voided_signature_stays_in_the_file_and_is_replaced(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    before = sign(agreement, scene.university)
    with transaction():
        signing.void_signature(agreement, row_of(agreement, scene.bureau), "签字人有误", scene.bureau.leader)
    assert present(agreement) == before
    after = sign(agreement, scene.bureau, name="另一签字人")
    assert after.startswith(before)
    assert signed_fields(after) == ("Party-1", "Party-2", "Party-1-2")
    with transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert agreement.status is AgreementStatus.IN_FORCE
    closed = closed_of(agreement)
    assert closed.startswith(after)
    assert verdicts.judge(closed).state is State.VALID
    assert conformance_failures(closed) == []


def test_withdrawing_voids_the_signed_file_too(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    with pytest.raises(Unmet), transaction():
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
    with transaction():
        signing.void_signature(agreement, row_of(agreement, scene.bureau), "文本有误", scene.bureau.leader)
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
    kinds = {row.kind for row in queries.documents_of(agreement) if row.void_reason}
    assert kinds == {DocumentKind.SIGNING_COPY, DocumentKind.SIGNED_FILE}


def test_the_registry_does_not_sign_while_a_signature_is_missing(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    assert agreement.open_revision
    jobs.make_signed_agreement({"revision": agreement.open_revision.public_id})
    assert DocumentKind.SIGNED_AGREEMENT not in {row.kind for row in queries.documents_of(agreement)}


def test_a_name_that_cannot_be_printed(scene: Scene, agreement: Agreement) -> None:
    with pytest.raises(Invalid) as caught:
        sign(agreement, scene.bureau, name="王𠮷")
    assert set(caught.value.fields) == {"name"}


def test_at_once_nobody_overwrites_anybody(app: Flask, scene: Scene, agreement: Agreement) -> None:
    """Both signatories press the button at the same time: the slower one is told, and every signature told is there."""
    wanted = [(side.organisation.id, side.signatory.id) for side in (scene.bureau, scene.university)]
    revision_id, looked_at = agreement.revisions[-1].id, given(agreement)
    db.session.remove()

    def press(organisation_id: int, user_id: int) -> str:
        with app.app_context():
            user, revision = db.session.get_one(User, user_id), db.session.get_one(AgreementRevision, revision_id)
            rows = queries.awaited_of(revision)
            row = next(one for one in rows if one.party.organisation_id == organisation_id)
            try:
                planned, pdf = digital.plan(revision.agreement, row, looked_at, user)
                kept = store.put(digital.make(planned, pdf), "application/pdf")
                with transaction():
                    db.session.get_one(Agreement, revision.agreement_id, with_for_update=True)
                    digital.sign(revision.agreement, row, planned, kept, user)
            except Stale:
                return ""
            finally:
                db.session.remove()
            return planned.field

    with ThreadPoolExecutor(2) as pool:
        told = [field for field in pool.map(lambda pair: press(*pair), wanted) if field]
    revision = db.session.get_one(AgreementRevision, revision_id)
    document = queries.file_to_sign(revision)
    assert document
    assert len(told) == 1
    assert list(signed_fields(store.read(document.file))) == told


def test_an_old_order_does_not_bring_back_an_old_text(scene: Scene, agreement: Agreement) -> None:
    """A job of the first revision that is tried again when the second is being signed."""
    old = agreement.open_revision
    assert old
    with transaction():
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
        negotiation.request_changes(agreement, Verdict.CHANGES_REQUESTED, "改期限", scene.university.leader)
        entry.edit(agreement, scene.draft_input(term=Term(months=60)), scene.bureau.handler)
        clearance.submit(agreement, scene.bureau.handler)
        for opinion, person in (
            (YES, scene.bureau.section_head),
            (LEGAL, scene.bureau.legal_officer),
            (LEADER, scene.bureau.leader),
            (YES, scene.university.section_head),
            (YES, scene.university.leader),
        ):
            clearance.clear(agreement, opinion, person)
        signing.start_signing(agreement, scene.bureau.leader)
    jobs.make_signing_copy({"revision": old.public_id})
    jobs.make_signing_copy({"revision": old.public_id, "again": True})
    assert queries.file_to_sign(agreement.revisions[-1]) is None
    make_copy(agreement)
    signed = sign(agreement, scene.bureau)
    assert json.loads(verdicts.judge(signed).record)["revision"] == 2


def test_a_file_with_another_text_is_not_signed(scene: Scene, agreement: Agreement) -> None:
    planned, pdf = digital.plan(agreement, row_of(agreement, scene.bureau), given(agreement), scene.bureau.signatory)
    with pytest.raises(digital.NotSigned) as caught:
        digital.make(replace(planned, content_sha256="0" * 64), pdf)
    assert "approved" in caught.value.message.key


@pytest.mark.parametrize("code", ["timeout", "crash", "memory"])
def test_a_signature_that_could_not_be_judged_is_not_kept(
    scene: Scene, agreement: Agreement, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        """A pool whose child fails."""

        def ask(self, *_: object) -> None:
            raise Failed(code)

    monkeypatch.setattr(verdicts, "pool_of", lambda *_rest, **_more: Broken())
    with pytest.raises(digital.NotSigned):
        sign(agreement, scene.bureau)


def test_nobody_else_undoes_a_digital_signature(scene: Scene, agreement: Agreement) -> None:
    """A university with a signatory and a leader here, but without a seal keeper, still acts for itself."""
    with transaction():
        db.session.execute(delete(UserRole).where(UserRole.user_id == scene.university.seal_keeper.id))
    sign(agreement, scene.university)
    row = row_of(agreement, scene.university)
    with pytest.raises(Forbidden), transaction():
        signing.void_signature(agreement, row, "代为作废", scene.bureau.leader)
    pending = row_of(agreement, scene.bureau)
    with pytest.raises(Forbidden), transaction():
        signing.decline(agreement, pending, "代为拒签", scene.university.leader)
    assert row_of(agreement, scene.university).status is SignatoryStatus.SIGNED


def test_voided_and_then_signed_on_paper_leaves_nothing_to_close(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    with transaction():
        signing.void_signature(agreement, row_of(agreement, scene.bureau), "改为纸质", scene.bureau.leader)
        scene.sign(agreement, scene.bureau, today())
        scene.sign(agreement, scene.university, today())
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    revision = agreement.effective_revision
    assert revision
    rows = queries.signatories_of(revision)
    assert [order.kind for order in remake.owed([revision], queries.documents_of(agreement), rows)] == [
        DocumentKind.REGISTRY_COPY
    ]
    with pytest.raises(GiveUp):
        jobs.make_signed_agreement({"revision": revision.public_id})


def test_a_certificate_revoked_before_completion_is_in_the_way(scene: Scene, agreement: Agreement) -> None:
    sign(agreement, scene.bureau)
    sign(agreement, scene.university)
    with transaction():
        for certificate in certificates_of(scene.university):
            certificate.revoke("遗失", now())
    with pytest.raises(Unmet) as caught, transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert ["certificate was revoked" in reason.key for reason in caught.value.reasons] == [True]


def test_a_certificate_revoked_meanwhile_signs_nothing(scene: Scene, agreement: Agreement) -> None:
    row = row_of(agreement, scene.bureau)
    planned, pdf = digital.plan(agreement, row, given(agreement), scene.bureau.signatory)
    kept = store.put(digital.make(planned, pdf), "application/pdf")
    with transaction():
        for certificate in certificates_of(scene.bureau):
            certificate.revoke("遗失", now())
    with refused("no certificate"), transaction():
        digital.sign(agreement, row, planned, kept, scene.bureau.signatory)


def test_development_certificates_sign_in_demonstrations_only(
    scene: Scene, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    earnest = replace(places(), demo=False)
    monkeypatch.setattr(certificates, "places", lambda: earnest)
    with refused("no certificate"):
        sign(agreement, scene.bureau)
    assert todo.count_waiting(scene.bureau.signatory) == 0
    monkeypatch.undo()
    assert todo.count_waiting(scene.bureau.signatory) == 1


def test_a_party_behind_one_that_declined_is_not_told_to_sign(scene: Scene) -> None:
    with transaction():
        made = scene.approved()
        signing.start_signing(made, scene.bureau.leader, in_order=True)
        signing.decline(made, row_of(made, scene.bureau), "暂缓", scene.bureau.leader)
    assert todo.count_waiting(scene.university.signatory) == 0
    assert [row.task for row in todo.list_waiting(scene.bureau.seal_keeper)] == []
    with transaction():
        signing.send_again(made, scene.bureau.handler)
    assert todo.count_waiting(scene.bureau.signatory) == 1
