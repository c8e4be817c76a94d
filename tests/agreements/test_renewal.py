"""The end comes near: who is asked when, what a renewal takes over, and how the old agreement gives way to it."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    ClosureOutcome,
    PartyRole,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
)
from registry.agreements.services import ending, entry, lifecycle, renewal
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from tests.agreements.days import Clock, calendar, make_clock
from tests.agreements.scene import Scene, make_scene

pytestmark = pytest.mark.usefixtures("app")
BEGAN, ENDS = date(2026, 1, 15), date(2027, 1, 15)
NEAR = ENDS - timedelta(days=60)
FOLLOWS = ENDS + timedelta(days=1)


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
    """In force for a year; its end is near."""
    with transaction():
        made = scene.brought_in_force(scene.draft_input(term=Term(months=12)), scene.university)
    assert made.expires_on == ENDS
    clock(NEAR)
    return made


def renewed(scene: Scene, agreement: Agreement, *chosen: str) -> Agreement:
    """Its renewal, begun by the handler; with every commitment unless some are chosen."""
    carried = chosen or [row["code"] for row in ending.commitments_of(agreement)]
    with transaction():
        return renewal.renew(agreement, carried, scene.bureau.handler)


def sign_renewal(scene: Scene, made: Agreement) -> None:
    """Through every lane."""
    with transaction():
        scene.pass_review(made)
        scene.approve(made)
        scene.conclude(made)


class TestBeingAsked:
    @pytest.mark.parametrize(("days", "asked"), [(181, False), (180, True), (0, True), (-1, True)])
    def test_begins_half_a_year_before_the_end(self, agreement: Agreement, days: int, asked: bool) -> None:
        assert renewal.is_asked(agreement, ENDS - timedelta(days=days)) is asked

    def test_an_open_ended_one_never_ends(self, scene: Scene) -> None:
        with transaction():
            made = scene.brought_in_force(scene.draft_input(term=Term(open_ended=True)), scene.university)
        assert not renewal.is_asked(made, ENDS)

    def test_a_suspended_or_closed_one_is_not_asked(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
        assert not renewal.is_asked(agreement, NEAR)
        with transaction():
            lifecycle.resume(agreement, "整改完成", scene.bureau.leader)
        assert renewal.is_asked(agreement, NEAR)
        calendar(FOLLOWS)
        assert not renewal.is_asked(agreement, FOLLOWS)

    @pytest.mark.parametrize(
        ("decision", "asked"),
        [(RenewalDecision.UNDECIDED, True), (RenewalDecision.RENEW, False), (RenewalDecision.LET_EXPIRE, False)],
    )
    def test_ends_with_a_decision(
        self, scene: Scene, agreement: Agreement, decision: RenewalDecision, asked: bool
    ) -> None:
        with transaction():
            renewal.decide_renewal(agreement, decision, "会议意见", scene.bureau.leader)
        assert renewal.is_asked(agreement, NEAR) is asked

    def test_ends_with_a_renewal_and_begins_again_when_that_is_void(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        assert not renewal.is_asked(agreement, NEAR)
        with transaction():
            lifecycle.void(made, "另行协商", scene.bureau.leader)
        assert renewal.renewal_of(agreement) is None
        assert renewal.is_asked(agreement, NEAR)
        assert agreement.renewal_decision is RenewalDecision.UNDECIDED
        assert renewed(scene, agreement).renews is agreement


class TestDeciding:
    def test_notes_who_decided_when_and_why(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "任务已完成", scene.bureau.section_head)
        assert (agreement.renewal_decision, agreement.renewal_reason) == (RenewalDecision.LET_EXPIRE, "任务已完成")
        assert agreement.renewal_decided_by_id == scene.bureau.section_head.id
        assert agreement.renewal_decided_on == NEAR

    def test_letting_it_expire_needs_a_reason(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Invalid) as refused, transaction():
            renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "", scene.bureau.leader)
        assert list(refused.value.fields) == ["reason"]

    def test_can_be_changed_until_a_renewal_is_begun(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "任务已完成", scene.bureau.leader)
            renewal.decide_renewal(agreement, RenewalDecision.RENEW, "", scene.bureau.leader)
        renewed(scene, agreement)
        assert agreement.renewal_decision is RenewalDecision.RENEW
        with pytest.raises(Conflict), transaction():
            renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "改主意", scene.bureau.leader)

    def test_is_the_owners(self, scene: Scene, agreement: Agreement) -> None:
        for person in (scene.university.leader, scene.bureau.legal_officer, scene.bureau.seal_keeper):
            with pytest.raises(Forbidden), transaction():
                renewal.decide_renewal(agreement, RenewalDecision.RENEW, "", person)


class TestARenewal:
    def test_is_prefilled_from_the_amended_terms(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        clock(BEGAN + timedelta(days=30))
        with transaction():
            scene.amended(agreement, term=Term(months=24), signing_place="沈阳市", title_zh="修订后的名称")
        made = renewed(scene, agreement)
        revision = made.open_revision
        assert revision
        assert (revision.kind, revision.no, revision.base_id) == (RevisionKind.RENEWAL, 1, None)
        assert (made.title_zh, made.signing_place, made.term_months) == ("修订后的名称", "沈阳市", 24)
        assert made.kind is agreement.kind
        assert made.number is None
        assert "number" not in revision.content
        assert "change" not in revision.content
        effective = agreement.effective_revision
        assert effective
        assert revision.content["renews"] == {
            "registry_id": agreement.public_id,
            "number": agreement.number,
            "no": 2,
            "content_sha256": effective.content_sha256,
        }

    def test_is_planned_for_the_day_after(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        assert made.open_revision
        assert made.open_revision.content["term"] == {
            "months": 12, "open_ended": False, "planned_effective_on": "2027-01-16", "expires_on": None,
        }  # fmt: skip
        assert (made.planned_effective_on, made.expires_on) == (FOLLOWS, None)

    def test_carries_over_the_chosen_commitments(self, scene: Scene, agreement: Agreement) -> None:
        assert agreement.effective_revision
        codes = [row["code"] for row in agreement.effective_revision.content["commitments"]]
        assert len(codes) > 2
        made = renewed(scene, agreement, codes[0], "nobody knows it")
        assert made.open_revision
        assert [row["code"] for row in made.open_revision.content["commitments"]] == codes[:1]
        kept = made.open_revision.content["variables"]
        assert "fairs_per_year" in kept
        assert "talks_per_year" not in kept

    def test_names_the_same_parties_in_their_order(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        told = [(party.position, party.role, party.organisation_id) for party in made.parties]
        assert told == [(party.position, party.role, party.organisation_id) for party in agreement.parties]
        assert {party.id for party in made.parties}.isdisjoint({party.id for party in agreement.parties})

    def test_is_linked_both_ways_for_whoever_sees_both(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        assert queries.linked(agreement, scene.bureau.handler) == [made]
        assert queries.linked(made, scene.bureau.handler) == [agreement]
        assert queries.linked(agreement, scene.university.handler) == []  # a draft is the owner's business

    def test_keeps_what_it_renews_when_it_is_edited(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        with transaction():
            entry.edit(made, scene.draft_input(term=Term(months=36)), scene.bureau.handler)
        assert made.open_revision
        assert made.open_revision.content["renews"]["registry_id"] == agreement.public_id
        assert made.renews is agreement

    def test_does_not_bring_back_what_was_not_taken_over(self, scene: Scene, agreement: Agreement) -> None:
        """Neither in this text, when it is saved, nor in its renewal."""
        assert agreement.effective_revision
        codes = [row["code"] for row in agreement.effective_revision.content["commitments"]]
        made = renewed(scene, agreement, codes[0])
        with transaction():
            entry.edit(made, scene.draft_input(term=Term(months=36), variables={}), scene.bureau.handler)
        assert made.open_revision
        assert made.open_revision.content["without"] == codes[1:]

    def test_is_begun_once(self, scene: Scene, agreement: Agreement) -> None:
        renewed(scene, agreement)
        with pytest.raises(Conflict):
            renewed(scene, agreement)

    def test_is_the_handlers_of_the_owner(self, scene: Scene, agreement: Agreement) -> None:
        for person in (scene.bureau.leader, scene.university.handler):
            with pytest.raises(Forbidden), transaction():
                renewal.renew(agreement, (), person)

    def test_is_not_begun_of_what_has_ended(self, scene: Scene, agreement: Agreement) -> None:
        calendar(FOLLOWS)
        with pytest.raises(Conflict):
            renewed(scene, agreement)

    def test_of_a_record_without_text(self, scene: Scene, clock: Clock) -> None:
        clock(NEAR)
        lines = (
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(scene.university.organisation.public_id),
        )
        given = HistoricRecord(
            AgreementKind.FRAMEWORK, "补录", lines, "报道", number="旧〔2026〕3号", signed_on=BEGAN, effective_on=BEGAN,
            term=Term(months=12), signing_place="西安",
        )  # fmt: skip
        with transaction():
            old = entry.record(given, scene.bureau.handler)
            entry.confirm(old, scene.bureau.section_head)
        made = renewed(scene, old)
        assert made.open_revision
        content = made.open_revision.content
        assert (content["articles"], content["commitments"], content["signing_place"]) == ([], [], "西安")
        assert content["term"]["planned_effective_on"] == "2027-01-16"
        assert content["renews"] == {"registry_id": old.public_id, "number": "旧〔2026〕3号"}
        with transaction():
            entry.edit(
                made, scene.draft_input(term=Term(months=12, planned_effective_on=FOLLOWS)), scene.bureau.handler
            )
        sign_renewal(scene, made)
        calendar(FOLLOWS)
        assert (old.outcome, made.status) == (ClosureOutcome.SUPERSEDED, AgreementStatus.IN_FORCE)


class TestGivingWay:
    def ended(self, agreement: Agreement) -> tuple[AgreementStatus, ClosureOutcome | None, date | None]:
        return agreement.status, agreement.outcome, agreement.closed_on

    def test_by_the_daily_run_on_the_renewals_day(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        sign_renewal(scene, made)
        assert (made.status, made.effective_on) == (AgreementStatus.SIGNED, FOLLOWS)
        calendar(ENDS)
        assert agreement.status is AgreementStatus.IN_FORCE
        calendar(FOLLOWS + timedelta(days=4))
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.SUPERSEDED, FOLLOWS)
        assert made.status is AgreementStatus.IN_FORCE

    def test_at_once_when_it_is_completed_late(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        made = renewed(scene, agreement)
        with transaction():
            scene.pass_review(made)
            scene.approve(made)
        clock(FOLLOWS)  # the daily run of this day has not come yet
        with transaction():
            scene.conclude(made)
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.SUPERSEDED, FOLLOWS)
        assert made.status is AgreementStatus.IN_FORCE

    def test_also_when_it_is_suspended(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
        sign_renewal(scene, made)
        calendar(FOLLOWS)
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.SUPERSEDED, FOLLOWS)

    def test_not_by_expiring_while_a_signed_renewal_waits_for_a_later_day(
        self, scene: Scene, agreement: Agreement
    ) -> None:
        made = renewed(scene, agreement)
        later = ENDS + timedelta(days=10)
        with transaction():
            changed = scene.draft_input(term=Term(months=12, planned_effective_on=later))
            entry.edit(made, changed, scene.bureau.handler)
        sign_renewal(scene, made)
        calendar(FOLLOWS)
        assert agreement.status is AgreementStatus.IN_FORCE
        calendar(later)
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.SUPERSEDED, later)

    def test_expires_while_the_renewal_is_a_draft(self, scene: Scene, agreement: Agreement) -> None:
        made = renewed(scene, agreement)
        calendar(FOLLOWS)
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.EXPIRED, FOLLOWS)
        assert made.status is AgreementStatus.DRAFT

    def test_a_renewal_signed_after_the_end_changes_no_history(
        self, scene: Scene, agreement: Agreement, clock: Clock
    ) -> None:
        made = renewed(scene, agreement)
        calendar(FOLLOWS)
        clock(FOLLOWS + timedelta(days=9))
        sign_renewal(scene, made)
        assert self.ended(agreement) == (AgreementStatus.CLOSED, ClosureOutcome.EXPIRED, FOLLOWS)
        assert made.effective_on == FOLLOWS + timedelta(days=9)
        assert made.effective_revision
        assert made.effective_revision.stage is RevisionStage.EFFECTIVE
