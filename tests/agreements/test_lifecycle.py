"""From draft to in force: every guard, told together, and who may take which step."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, Opinion, PartyLine, Term
from registry.agreements.models import (
    AgreementKind,
    AgreementStatus,
    ClearanceResult,
    ClosureOutcome,
    LegalResult,
    PartyRole,
    SignatoryStatus,
    Verdict,
)
from registry.agreements.services import clearance, entry, lifecycle, negotiation, signing
from registry.core.dates import Precision, today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Unmet
from tests.agreements.scene import Scene, details, make_scene, tomorrow

pytestmark = pytest.mark.usefixtures("app")
YES = Opinion("同意")
LEGAL = Opinion("合法", legal_result=LegalResult.LEGAL)
LEADER = Opinion("同意", minutes_number="党组会纪要〔2026〕7号")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def test_the_whole_way_to_in_force(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    assert agreement.status is AgreementStatus.IN_FORCE
    assert agreement.effective_on == today()
    assert agreement.number == f"鞍校地协〔{today().year}〕1号"
    assert agreement.effective_revision


def test_two_agreements_get_numbers_without_a_gap(scene: Scene) -> None:
    with transaction():
        first = scene.negotiation()
        clearance_known = scene.draft(title_zh="另一份协议")
        clearance.submit(clearance_known, scene.bureau.handler, duplicates_known=True)
    assert first.number_sequence == 1
    with transaction():
        for person, word in (("section_head", YES), ("legal_officer", LEGAL), ("leader", LEADER)):
            clearance.clear(clearance_known, word, getattr(scene.bureau, person))
    assert clearance_known.number_sequence == 2


class TestSubmitting:
    def test_tells_everything_that_is_missing_at_once(self, scene: Scene) -> None:
        alone = (PartyLine(scene.university.organisation.public_id),)
        with transaction():
            agreement = scene.draft(parties=alone, term=Term())
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert {reason.key for reason in refused.value.reasons} >= {
            "An agreement has at least two parties",
            "Exactly one party has to be the lead",
            "Your organisation has to be one of the parties",
            "Give a term, a last day, or say that it is open-ended",
        }

    def test_warns_of_a_duplicate_until_it_is_known(self, scene: Scene) -> None:
        with transaction():
            scene.draft()
            second = scene.draft()
        with pytest.raises(Unmet), transaction():
            clearance.submit(second, scene.bureau.handler)
        with transaction():
            clearance.submit(second, scene.bureau.handler, duplicates_known=True)
        assert second.status is AgreementStatus.REVIEW

    def test_is_the_handlers_business(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.draft()
        with pytest.raises(Forbidden), transaction():
            clearance.submit(agreement, scene.bureau.section_head)

    def test_twice_is_refused(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
        with pytest.raises(Conflict), transaction():
            clearance.submit(agreement, scene.bureau.handler)


class TestReview:
    def test_steps_go_in_order(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
        with pytest.raises(Forbidden), transaction():
            clearance.clear(agreement, LEADER, scene.bureau.leader)

    def test_legal_officer_has_to_say_what_was_found(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, YES, scene.bureau.section_head)
        with pytest.raises(Invalid) as refused, transaction():
            clearance.clear(agreement, YES, scene.bureau.legal_officer)
        assert "legal_result" in refused.value.fields

    def test_an_illegal_text_cannot_pass(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, YES, scene.bureau.section_head)
        with pytest.raises(Invalid), transaction():
            clearance.clear(agreement, Opinion("不合法", legal_result=LegalResult.ILLEGAL), scene.bureau.legal_officer)

    def test_an_unmodified_model_text_may_skip_the_legality_review(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)
            clearance.clear(agreement, LEADER, scene.bureau.leader)
        steps = queries.clearances_of(agreement, scene.bureau.handler)
        assert [step.result for step in steps] == [
            ClearanceResult.PASSED,
            ClearanceResult.EXEMPT,
            ClearanceResult.PASSED,
        ]
        assert agreement.status is AgreementStatus.NEGOTIATION

    def test_a_funded_one_may_not(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.draft(has_funding=True)
            clearance.submit(agreement, scene.bureau.handler)
        with pytest.raises(Unmet), transaction():
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)

    def test_a_framework_needs_the_minutes_number(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, YES, scene.bureau.section_head)
            clearance.clear(agreement, LEGAL, scene.bureau.legal_officer)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.clear(agreement, YES, scene.bureau.leader)
        assert len(refused.value.reasons) == 1

    def test_returning_keeps_opinions_and_begins_the_next_revision(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, YES, scene.bureau.section_head)
            clearance.send_back(agreement, "条款需修改", scene.bureau.legal_officer)
        assert agreement.status is AgreementStatus.DRAFT
        assert [revision.no for revision in agreement.revisions] == [1, 2]
        steps = queries.clearances_of(agreement, scene.bureau.handler)
        assert [(step.opinion, step.result) for step in steps][:2] == [
            ("同意", ClearanceResult.PASSED),
            ("条款需修改", ClearanceResult.RETURNED),
        ]

    def test_returning_needs_a_reason(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
        with pytest.raises(Invalid), transaction():
            clearance.send_back(agreement, "", scene.bureau.section_head)

    def test_a_returned_number_is_kept(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
            number = agreement.number
            negotiation.request_changes(agreement, Verdict.CHANGES_REQUESTED, "期限改为五年", scene.university.leader)
        assert (agreement.status, agreement.number) == (AgreementStatus.DRAFT, number)


class TestNegotiation:
    def test_counterpart_sees_it_only_from_here_on(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.review()
        with pytest.raises(NotFound):
            queries.get_visible(agreement.public_id, scene.university.handler)
        with transaction():
            clearance.clear(agreement, YES, scene.bureau.section_head)
            clearance.clear(agreement, LEGAL, scene.bureau.legal_officer)
            clearance.clear(agreement, LEADER, scene.bureau.leader)
        assert queries.get_visible(agreement.public_id, scene.university.handler) is agreement

    def test_signing_waits_for_every_party(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        with pytest.raises(Unmet) as refused, transaction():
            signing.start_signing(agreement, scene.bureau.leader)
        assert refused.value.reasons[0].values["party"].zh == "西北工业大学"

    def test_an_approval_of_another_hash_counts_for_nothing(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.approved()
            revision = agreement.open_revision
            assert revision
            for approval in queries.approvals_of(revision):
                approval.content_sha256 = "0" * 64
        with pytest.raises(Unmet) as refused, transaction():
            signing.start_signing(agreement, scene.bureau.leader)
        assert len(refused.value.reasons) == 2

    def test_content_cannot_change_any_more(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        revision = agreement.open_revision
        assert revision
        with pytest.raises(Conflict):
            revision.content = {**revision.content, "title_zh": "改"}

    def test_requesting_changes_needs_a_comment(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        with pytest.raises(Invalid), transaction():
            negotiation.request_changes(agreement, Verdict.REJECTED, "", scene.university.leader)

    def test_the_owner_cannot_request_changes_of_itself(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        with pytest.raises(Forbidden), transaction():
            negotiation.request_changes(agreement, Verdict.REJECTED, "不同意", scene.bureau.leader)

    def test_the_owner_cannot_approve_for_a_party_with_users(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        with pytest.raises(Forbidden), transaction():
            negotiation.approve_from_paper(agreement, agreement.parties[1], "复函", scene.bureau.leader)


class TestSigning:
    def test_names_are_frozen(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
            scene.university.organisation.name_zh = "西北工业大学（新名）"
        assert agreement.parties[1].name == "西北工业大学"

    def test_taking_effect_tells_everything_that_is_missing(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
        with pytest.raises(Unmet) as refused, transaction():
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        assert len(refused.value.reasons) == 2

    def test_a_proxy_needs_a_letter(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signed_by_all()
            revision = agreement.open_revision
            assert revision
            queries.signatories_of(revision)[0].is_proxy = True
        with pytest.raises(Unmet) as refused, transaction():
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        assert "proxy letter" in refused.value.reasons[0].key

    def test_no_date_lies_in_the_future(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
        revision = agreement.open_revision
        assert revision
        row = queries.signatories_of(revision)[0]
        with pytest.raises(Invalid) as refused, transaction():
            signing.record_signature(agreement, row, details(tomorrow()), scene.bureau.seal_keeper)
        assert set(refused.value.fields) == {"signed_on", "sealed_on"}

    def test_a_name_that_cannot_be_printed_is_told_at_once(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        with transaction():
            agreement = scene.signing()
        revision = agreement.open_revision
        assert revision
        row = queries.signatories_of(revision)[0]
        where = "registry.agreements.texts.checks.missing_characters"
        monkeypatch.setattr(where, lambda text: [sign for sign in text if sign == "𠮷"])
        given = details(today(), name="王𠮷")
        with pytest.raises(Invalid) as refused, transaction():
            signing.record_signature(agreement, row, given, scene.bureau.seal_keeper)
        assert set(refused.value.fields) == {"name"}

    def test_a_second_click_does_not_sign_twice(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signed_by_all()
        revision = agreement.open_revision
        assert revision
        row = queries.signatories_of(revision)[0]
        with pytest.raises(Conflict), transaction():
            signing.record_signature(agreement, row, details(today()), scene.bureau.seal_keeper)

    def test_one_side_does_not_sign_for_the_other(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
        revision = agreement.open_revision
        assert revision
        row = queries.signatories_of(revision)[1]
        with pytest.raises(Forbidden), transaction():
            signing.record_signature(agreement, row, details(today()), scene.bureau.seal_keeper)

    def test_a_voided_signature_stays_and_a_new_one_is_awaited(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signed_by_all()
            revision = agreement.open_revision
            assert revision
            first = queries.signatories_of(revision)[0]
            signing.void_signature(agreement, first, "日期写错", scene.bureau.leader)
        rows = queries.signatories_of(revision)
        assert [row.status for row in rows] == [
            SignatoryStatus.VOID,
            SignatoryStatus.PENDING,
            SignatoryStatus.SIGNED,
        ]
        assert rows[0].signed_on == today()

    def test_going_back_needs_every_signature_voided(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signed_by_all()
        with pytest.raises(Unmet), transaction():
            signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)

    def test_going_back_without_signatures(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
            signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
        assert str(agreement.status) == "negotiation"
        with transaction():
            signing.start_signing(agreement, scene.bureau.leader)
        assert agreement.status is AgreementStatus.SIGNING

    def test_effective_on_the_latest_date(self, scene: Scene) -> None:
        earlier = today() - timedelta(days=3)
        with transaction():
            agreement = scene.signing()
            scene.sign(agreement, scene.bureau, earlier)
            scene.sign(agreement, scene.university, earlier + timedelta(days=1))
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        assert agreement.effective_on == earlier + timedelta(days=1)

    def test_a_planned_date_in_the_future_waits_for_the_day(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signed_by_all()
            agreement.planned_effective_on = tomorrow()
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        assert agreement.status is AgreementStatus.SIGNED
        with transaction():
            assert lifecycle.take_effect(today()) == 0
            assert lifecycle.take_effect(tomorrow() + timedelta(days=5)) == 1
            assert lifecycle.take_effect(tomorrow() + timedelta(days=5)) == 0
        assert str(agreement.status) == "in_force"


class TestEnding:
    @pytest.mark.parametrize("state", ["draft", "review", "negotiation", "signing"])
    def test_void_before_force_with_a_reason(self, scene: Scene, state: str) -> None:
        with transaction():
            agreement = getattr(scene, state)()
        with pytest.raises(Invalid), transaction():
            lifecycle.void(agreement, "", scene.bureau.leader)
        with transaction():
            lifecycle.void(agreement, "不再推进", scene.bureau.leader)
        assert agreement.status is AgreementStatus.VOID

    def test_not_after(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.in_force()
        with pytest.raises(Conflict), transaction():
            lifecycle.void(agreement, "不再推进", scene.bureau.leader)

    def test_suspended_and_resumed_with_reasons(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.in_force()
        with pytest.raises(Invalid), transaction():
            lifecycle.suspend(agreement, "", scene.bureau.leader)
        with transaction():
            lifecycle.suspend(agreement, "对方机构调整", scene.bureau.leader)
        assert str(agreement.status) == "suspended"
        with pytest.raises(Conflict), transaction():
            lifecycle.suspend(agreement, "再次中止", scene.bureau.leader)
        with transaction():
            lifecycle.resume(agreement, "恢复", scene.bureau.leader)
        assert str(agreement.status) == "in_force"

    def test_expires_the_day_after_the_last_day(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.in_force()
        last = agreement.expires_on
        assert last
        with transaction():
            assert lifecycle.expire(last) == 0
            assert lifecycle.expire(last + timedelta(days=1)) == 1
            assert lifecycle.expire(last + timedelta(days=1)) == 0
        assert (agreement.status, agreement.outcome) == (AgreementStatus.CLOSED, ClosureOutcome.EXPIRED)


class TestHistoric:
    def given(self, scene: Scene, **changes: object) -> HistoricRecord:
        values = {
            "kind": AgreementKind.FRAMEWORK,
            "title_zh": "鞍山市与西北工业大学校地合作框架协议",
            "parties": (
                PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
                PartyLine(name_as_reported="未载明高校"),
            ),
            "source": "报道",
        }
        return HistoricRecord(**(values | changes))  # type: ignore[arg-type]  # any field

    def test_unknown_details_stay_empty_and_are_listed(self, scene: Scene) -> None:
        with transaction():
            agreement = entry.record(self.given(scene), scene.bureau.handler)
            entry.confirm(agreement, scene.bureau.section_head)
        assert agreement.status is AgreementStatus.IN_FORCE
        assert (agreement.signed_on, agreement.signed_precision) == (None, Precision.UNKNOWN)
        assert agreement.needs_details

    def test_nobody_confirms_their_own_entry(self, scene: Scene) -> None:
        with transaction():
            agreement = entry.record(self.given(scene), scene.bureau.handler)
            agreement.handler = scene.bureau.section_head
        with pytest.raises(Forbidden), transaction():
            entry.confirm(agreement, scene.bureau.section_head)

    def test_one_that_has_run_out_is_closed(self, scene: Scene) -> None:
        term = Term(months=36)
        given = self.given(
            scene,
            signed_on=date(2020, 3, 18),
            signed_precision=Precision.DAY,
            effective_on=date(2020, 3, 18),
            term=term,
        )
        with transaction():
            agreement = entry.record(given, scene.bureau.handler)
            entry.confirm(agreement, scene.bureau.section_head)
        assert agreement.expires_on == date(2023, 3, 18)
        assert agreement.outcome is ClosureOutcome.EXPIRED

    def test_dates_have_to_make_sense(self, scene: Scene) -> None:
        with pytest.raises(Invalid) as refused, transaction():
            entry.record(self.given(scene, signed_on=tomorrow()), scene.bureau.handler)
        assert "signed_on" in refused.value.fields


class TestParties:
    def test_an_unknown_organisation_is_told_at_its_line(self, scene: Scene) -> None:
        lines = (PartyLine(scene.bureau.organisation.public_id), PartyLine("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        with pytest.raises(Invalid) as refused, transaction():
            scene.draft(parties=lines)
        assert set(refused.value.fields) == {"parties-1-organisation"}

    def test_a_party_twice_is_told_at_its_line(self, scene: Scene) -> None:
        line = PartyLine(scene.bureau.organisation.public_id)
        with pytest.raises(Invalid) as refused, transaction():
            scene.draft(parties=(line, line))
        assert set(refused.value.fields) == {"parties-1-organisation"}
