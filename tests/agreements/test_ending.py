"""Every end of an agreement: by notice, by completion, by voiding; and nothing is left on its way after it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, NoticeDetails, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    ClosureOutcome,
    RevisionKind,
    RevisionStage,
    TerminationNotice,
)
from registry.agreements.services import clearance, ending, endings, entry, lifecycle, revising, signing
from registry.agreements.todo import list_waiting
from registry.core.access.actions import Action
from registry.core.access.decision import decide
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Unmet
from tests.agreements.days import Clock, calendar, make_clock
from tests.agreements.scene import Scene, make_scene, stored
from tests.commitments.settled import waive_all

pytestmark = pytest.mark.usefixtures("app")
BEGAN, RECEIVED = date(2026, 1, 15), date(2026, 6, 1)
LAST_DAY = date(2026, 7, 1)
LONGER = Term(months=60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return make_clock(monkeypatch)


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:
    clock(BEGAN)
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene, clock: Clock) -> Agreement:
    with transaction():
        made = scene.in_force()
    clock(RECEIVED)
    return made


def give(scene: Scene, agreement: Agreement, **changes: object) -> TerminationNotice:
    """The university's notice of thirty days."""
    plain = NoticeDetails(agreement.parties[1].public_id, RECEIVED, 30, "学科调整")
    details = replace(plain, **changes)  # type: ignore[arg-type]  # any field
    with transaction():
        return ending.give_notice(agreement, details, stored(), "解除通知.pdf", scene.bureau.leader)


def terminate(scene: Scene, agreement: Agreement) -> None:
    """By the bureau's leader."""
    with transaction():
        ending.terminate(agreement, scene.bureau.leader)


def ended(agreement: Agreement) -> tuple[AgreementStatus, ClosureOutcome | None, date | None]:
    """How and when."""
    return agreement.status, agreement.outcome, agreement.closed_on


def stands(agreement: Agreement) -> AgreementStatus:
    """Its status; mypy would remember the last one."""
    return agreement.status


def nothing_waits(scene: Scene) -> bool:
    """Whether nobody of either side has anything to do but to archive what was signed."""
    people = [person for side in (scene.bureau, scene.university) for person in side.people.values()]
    return not any(row.task != "archive" for person in people for row in list_waiting(person))


class TestANotice:
    def test_is_kept_with_its_paper_and_its_last_day(self, scene: Scene, agreement: Agreement) -> None:
        notice = give(scene, agreement)
        assert notice.ends_on == LAST_DAY  # the day of receipt is not counted
        assert (notice.party.name, notice.recorded_by) == ("西北工业大学", scene.bureau.leader)
        assert (notice.party, bool(notice.filename)) == (agreement.parties[1], True)
        assert agreement.status is AgreementStatus.IN_FORCE

    def test_a_second_one_is_refused_while_the_first_runs(self, scene: Scene, agreement: Agreement) -> None:
        give(scene, agreement)
        with pytest.raises(Conflict):
            give(scene, agreement, party=agreement.parties[0].public_id)

    def test_that_was_taken_back_stays_with_the_reason_and_makes_room(self, scene: Scene, agreement: Agreement) -> None:
        first = give(scene, agreement)
        with pytest.raises(Invalid), transaction():
            ending.withdraw_notice(agreement, "", scene.bureau.leader)
        with transaction():
            ending.withdraw_notice(agreement, "双方已和解", scene.bureau.leader)
        assert first.withdrawn_reason == "双方已和解"
        assert queries.notice_of(agreement) is None
        with pytest.raises(Conflict), transaction():
            ending.withdraw_notice(agreement, "再次", scene.bureau.leader)
        second = give(scene, agreement)
        assert queries.notice_of(agreement) is second

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"party": "nobody"}, "party"),
            ({"received_on": RECEIVED + timedelta(days=1)}, "received_on"),
            ({"reason": ""}, "reason"),
        ],
    )
    def test_says_whose_it_is_when_it_came_and_why(
        self, scene: Scene, agreement: Agreement, wrong: dict[str, object], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            give(scene, agreement, **wrong)
        assert list(refused.value.fields) == [field]
        assert queries.notice_of(agreement) is None

    @pytest.mark.parametrize("person", ["handler", "section_head", "seal_keeper"])
    def test_is_noted_by_the_owners_leader(self, scene: Scene, agreement: Agreement, person: str) -> None:
        details = NoticeDetails(agreement.parties[1].public_id, RECEIVED, 30, "x")
        for actor in (getattr(scene.bureau, person), scene.university.leader):
            with pytest.raises(Forbidden), transaction():
                ending.give_notice(agreement, details, stored(), "x.pdf", actor)

    def test_is_of_an_agreement_that_is_alive(self, scene: Scene) -> None:
        with transaction():
            unsigned = scene.signing()
        with pytest.raises(Conflict):
            give(scene, unsigned)


class TestTermination:
    def test_waits_for_the_last_day_of_the_period(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        give(scene, agreement)
        clock(LAST_DAY)
        with pytest.raises(Unmet) as refused:
            terminate(scene, agreement)
        assert [reason.key for reason in refused.value.reasons] == ["The period of notice runs until %(day)s"]
        clock(LAST_DAY + timedelta(days=1))
        terminate(scene, agreement)
        assert ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.TERMINATED, LAST_DAY + timedelta(days=1))
        assert agreement.closing_reason == "学科调整"

    def test_that_comes_late_counts_from_the_end_of_the_period(
        self, scene: Scene, agreement: Agreement, clock: Clock
    ) -> None:
        give(scene, agreement)
        clock(LAST_DAY + timedelta(days=40))
        terminate(scene, agreement)
        assert agreement.closed_on == LAST_DAY + timedelta(days=1)
        period = queries.period_of(agreement, LAST_DAY + timedelta(days=1))
        assert period
        assert (period.status, period.outcome) == (AgreementStatus.CLOSED, ClosureOutcome.TERMINATED)

    def test_while_suspended(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        give(scene, agreement)
        with transaction():
            lifecycle.suspend(agreement, "通知期内中止", scene.bureau.leader)
        clock(LAST_DAY + timedelta(days=1))
        terminate(scene, agreement)
        assert agreement.outcome is ClosureOutcome.TERMINATED

    def test_needs_a_notice(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Conflict):
            terminate(scene, agreement)

    def test_waits_for_a_change_that_is_on_its_way(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        give(scene, agreement)
        clock(LAST_DAY + timedelta(days=1))
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
        with pytest.raises(Unmet) as refused:
            terminate(scene, agreement)
        assert "on its way" in refused.value.reasons[0].key
        with transaction():
            revising.abandon(agreement, "按通知解除", scene.bureau.handler)
        terminate(scene, agreement)
        assert agreement.status is AgreementStatus.CLOSED

    def test_waits_for_a_signed_change_too(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        give(scene, agreement)
        with transaction():
            scene.amended(agreement, term=LONGER, effective_from=LAST_DAY + timedelta(days=30))
        clock(LAST_DAY + timedelta(days=1))
        with pytest.raises(Unmet):
            terminate(scene, agreement)

    @pytest.mark.parametrize("person", ["handler", "section_head", "legal_officer", "signatory", "seal_keeper"])
    def test_is_the_leaders(self, scene: Scene, agreement: Agreement, clock: Clock, person: str) -> None:
        give(scene, agreement)
        clock(LAST_DAY + timedelta(days=1))
        for actor in (getattr(scene.bureau, person), scene.university.leader):
            with pytest.raises(Forbidden), transaction():
                ending.terminate(agreement, actor)

    def test_is_of_what_has_not_ended(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        give(scene, agreement)
        clock(LAST_DAY + timedelta(days=1))
        terminate(scene, agreement)
        with pytest.raises(Conflict):
            terminate(scene, agreement)


class TestCompletion:
    def test_with_every_commitment_met_or_waived(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            waive_all(agreement)
            ending.complete(agreement, scene.bureau.leader)
        assert ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.COMPLETED, RECEIVED)

    def test_names_what_nobody_settled(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Unmet) as refused, transaction():
            ending.complete(agreement, scene.bureau.leader)
        assert [reason.values["title"] for reason in refused.value.reasons][:2] == ["组织专场招聘会", "政策与岗位宣讲"]
        assert agreement.status is AgreementStatus.IN_FORCE

    def test_of_the_terms_in_force(self, scene: Scene, agreement: Agreement) -> None:
        """An amendment that dropped a commitment leaves nothing to settle for it."""
        before = ending.commitments_of(agreement)
        fewer = {**scene.draft_input().variables, "talks_per_year": ""}
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, scene.draft_input(term=LONGER, variables=fewer), scene.bureau.handler)
            assert agreement.open_revision
            drafted = agreement.open_revision.content["commitments"]
        assert len(drafted) == len(before) - 1
        assert ending.commitments_of(agreement) == before

    def test_waits_for_a_change_and_is_the_leaders(self, scene: Scene, agreement: Agreement) -> None:
        for actor in (scene.bureau.handler, scene.university.leader):
            with pytest.raises(Forbidden), transaction():
                ending.complete(agreement, actor)
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
        with pytest.raises(Unmet), transaction():
            ending.complete(agreement, scene.bureau.leader)


class TestVoiding:
    @pytest.mark.parametrize("stage", ["draft", "review", "negotiation", "approved", "signing", "signed_by_all"])
    def test_at_every_stage_before_force(self, scene: Scene, stage: str) -> None:
        with transaction():
            agreement = getattr(scene, stage)()
            number = agreement.number
        with pytest.raises(Invalid), transaction():
            lifecycle.void(agreement, "", scene.bureau.leader)
        assert agreement.status is not AgreementStatus.VOID
        with transaction():
            lifecycle.void(agreement, "不再推进", scene.bureau.leader)
        assert (agreement.status, agreement.void_reason) == (AgreementStatus.VOID, "不再推进")
        assert agreement.number == number
        assert [row.stage for row in agreement.revisions] == [RevisionStage.SET_ASIDE]
        assert agreement.revisions[0].closed_reason == "不再推进"
        assert nothing_waits(scene)
        assert queries.periods_of(agreement) == []

    def test_a_historic_record_that_nobody_confirmed(self, scene: Scene) -> None:
        lines = (PartyLine(scene.bureau.organisation.public_id), PartyLine(name_as_reported="待补高校"))
        with transaction():
            record = entry.record(HistoricRecord(AgreementKind.FRAMEWORK, "补录", lines, "报道"), scene.bureau.handler)
        with pytest.raises(Invalid), transaction():
            lifecycle.void(record, "", scene.bureau.leader)
        with pytest.raises(Forbidden), transaction():
            lifecycle.void(record, "重复", scene.bureau.section_head)
        with transaction():
            lifecycle.void(record, "重复录入", scene.bureau.leader)
        assert (record.status, record.void_reason) == (AgreementStatus.VOID, "重复录入")
        assert nothing_waits(scene)

    def test_never_once_it_is_in_force(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Conflict), transaction():
            lifecycle.void(agreement, "反悔", scene.bureau.leader)

    def test_is_the_leaders(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.negotiation()
        for actor in (scene.bureau.handler, scene.university.leader):
            with pytest.raises(Forbidden), transaction():
                lifecycle.void(agreement, "不再推进", actor)


class TestSuspending:
    def test_needs_a_reason_and_the_leader(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Forbidden), transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.handler)
        with pytest.raises(Invalid), transaction():
            lifecycle.suspend(agreement, "", scene.bureau.leader)
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
        assert agreement.status is AgreementStatus.SUSPENDED

    def test_ends_with_a_reason_by_the_leader(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Conflict), transaction():
            lifecycle.resume(agreement, "整改完成", scene.bureau.leader)
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
        with pytest.raises(Forbidden), transaction():
            lifecycle.resume(agreement, "整改完成", scene.bureau.handler)
        with pytest.raises(Invalid), transaction():
            lifecycle.resume(agreement, "", scene.bureau.leader)
        with transaction():
            lifecycle.resume(agreement, "整改完成", scene.bureau.leader)
        assert agreement.status is AgreementStatus.IN_FORCE

    def test_keeps_it_from_expiring_until_it_is_resumed(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
        assert agreement.expires_on
        after = agreement.expires_on + timedelta(days=20)
        calendar(after)
        assert agreement.status is AgreementStatus.SUSPENDED
        clock(after)
        with transaction():
            lifecycle.resume(agreement, "整改完成", scene.bureau.leader)
        calendar(after)
        assert ended(agreement) == (
            AgreementStatus.CLOSED, ClosureOutcome.EXPIRED, agreement.expires_on + timedelta(days=1),
        )  # fmt: skip


def test_one_agreement_that_fails_keeps_no_other_from_expiring(
    scene: Scene, agreement: Agreement, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others expire; the job says which did not, and does it once the cause is gone."""
    clock(BEGAN)
    with transaction():
        other, _third = scene.in_force_of_three()
    assert agreement.expires_on
    after = agreement.expires_on + timedelta(days=1)
    clock(after)
    real = endings.close

    def close(one: Agreement, *args: Any, **values: Any) -> None:
        if one.id == agreement.id:
            raise ValueError("broken")
        real(one, *args, **values)

    monkeypatch.setattr(endings, "close", close)
    with pytest.raises(RuntimeError, match=f"expire {agreement.id}$"):
        calendar(after)
    assert (stands(agreement), stands(other)) == (AgreementStatus.IN_FORCE, AgreementStatus.CLOSED)
    monkeypatch.setattr(endings, "close", real)
    calendar(after)
    assert stands(agreement) is AgreementStatus.CLOSED


class TestNothingIsLeftOnItsWay:
    """Ends that nobody decides, or that a paper brings, set aside whatever was drafted meanwhile."""

    @pytest.mark.parametrize("stage", ["draft", "review", "negotiation", "signing"])
    def test_of_an_open_change_when_it_expires(
        self, scene: Scene, agreement: Agreement, clock: Clock, stage: str
    ) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            if stage == "review":
                clearance.submit(agreement, scene.bureau.handler)
            elif stage != "draft":
                scene.pass_review(agreement)
            if stage == "signing":
                scene.approve(agreement)
                signing.start_signing(agreement, scene.bureau.leader)
        assert agreement.open_revision
        assert agreement.open_revision.stage == stage
        assert agreement.expires_on
        day = agreement.expires_on + timedelta(days=1)
        clock(day)
        calendar(day)
        assert agreement.outcome is ClosureOutcome.EXPIRED
        self.check(scene, agreement, [RevisionStage.EFFECTIVE, RevisionStage.SET_ASIDE])
        assert agreement.revisions[-1].closed_reason == "expired"
        for action in (Action.AGREEMENT_RECORD_SIGNATURE, Action.AGREEMENT_ABANDON, Action.AGREEMENT_CLEAR):
            assert not any(decide(person, action, agreement).allowed for person in scene.bureau.people.values())

    def test_of_a_signed_change_when_it_is_terminated_by_paper(
        self, scene: Scene, agreement: Agreement, clock: Clock
    ) -> None:
        """A draft stands beside a termination that waits for its day."""
        day = RECEIVED + timedelta(days=10)
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION, effective_from=day)
            scene.pass_review(agreement)
            scene.approve(agreement)
            scene.conclude(agreement)
            scene.change(agreement, RevisionKind.AMENDMENT)
        clock(day)
        calendar(day)
        assert ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.TERMINATED, day)
        self.check(scene, agreement, [RevisionStage.SUPERSEDED, RevisionStage.EFFECTIVE, RevisionStage.SET_ASIDE])

    def test_of_a_signed_change_whose_day_comes_after_the_end(
        self, scene: Scene, agreement: Agreement, clock: Clock
    ) -> None:
        """It cannot be signed for such a day; one entered so all the same does not bring back what had ended."""
        assert agreement.expires_on
        day = agreement.expires_on + timedelta(days=5)
        with pytest.raises(Unmet), transaction():
            scene.amended(agreement, term=LONGER, effective_from=day)
        with transaction():
            scene.amended(agreement, term=LONGER, effective_from=agreement.expires_on)
            agreement.revisions[-1].effective_on = day
        clock(day + timedelta(days=3))
        calendar(day + timedelta(days=3))
        assert ended(agreement) == (
            AgreementStatus.CLOSED, ClosureOutcome.EXPIRED, agreement.expires_on + timedelta(days=1),
        )  # fmt: skip
        self.check(scene, agreement, [RevisionStage.EFFECTIVE, RevisionStage.SET_ASIDE])

    def test_of_a_change_that_continues_it_without_a_gap_it_goes_on(
        self, scene: Scene, agreement: Agreement, clock: Clock
    ) -> None:
        assert agreement.expires_on
        day = agreement.expires_on + timedelta(days=1)
        with transaction():
            scene.amended(agreement, term=LONGER, effective_from=day)
        clock(day + timedelta(days=3))
        calendar(day + timedelta(days=3))
        assert (agreement.status, agreement.term_months) == (AgreementStatus.IN_FORCE, 60)

    def check(self, scene: Scene, agreement: Agreement, stages: list[RevisionStage]) -> None:
        assert [row.stage for row in agreement.revisions] == stages
        assert (agreement.open_revision, agreement.pending_revision) == (None, None)
        assert nothing_waits(scene)
        calendar(agreement.expires_on or RECEIVED)
        assert agreement.status is AgreementStatus.CLOSED
