"""Each guard of the table of statuses, one at a time; and what the calendar does by itself, on its day and late."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from registry.agreements import jobs, queries
from registry.agreements.inputs import HistoricRecord, NoticeDetails, Opinion, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    ClosureOutcome,
    DocumentKind,
    PartyRole,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
    Verdict,
)
from registry.agreements.services import (
    clearance,
    ending,
    entry,
    files,
    lifecycle,
    negotiation,
    renewal,
    revising,
    signing,
)
from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, RegistryError, Unmet
from tests.agreements import states
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, details, make_scene, stored, tomorrow
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("app")
Try = Callable[[Scene], object]
START = date(2026, 3, 2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(START), monkeypatch)


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:
    with transaction():
        return make_scene()


def submitted(**changes: object) -> Try:
    """A draft with these changes goes to review."""
    return lambda scene: clearance.submit(scene.draft(**changes), scene.bureau.handler)


def only(*roles: PartyRole) -> Try:
    """Parties with these roles."""

    def attempt(scene: Scene) -> None:
        organisations = (scene.bureau.organisation, scene.university.organisation)
        lines = tuple(PartyLine(one.public_id, role=role) for one, role in zip(organisations, roles, strict=False))
        submitted(parties=lines)(scene)

    return attempt


def twice(scene: Scene) -> None:
    """The same parties have another one of this kind."""
    scene.draft()
    submitted()(scene)


def unread(scene: Scene) -> None:
    """The leader comes before the others."""
    clearance.clear(scene.review(), states.YES, scene.bureau.leader)


def own_work(scene: Scene) -> None:
    """Somebody handles it and reviews it."""
    both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    agreement = entry.register(scene.draft_input(), both)
    clearance.submit(agreement, scene.bureau.handler)
    clearance.clear(agreement, states.YES, both)


def judged_twice(scene: Scene) -> None:
    """The section head is the leader as well."""
    both = make_user(Role.LEADER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    agreement = scene.review()
    clearance.clear(agreement, states.YES, both)
    clearance.clear(agreement, states.LEGAL, scene.bureau.legal_officer)
    clearance.clear(agreement, states.YES, both)


def without_minutes(kind: AgreementKind, *, funded: bool = False) -> Try:
    """The leader names no minutes of the collective decision."""

    def attempt(scene: Scene) -> None:
        agreement = entry.register(scene.own_text(kind=kind, has_funding=funded), scene.bureau.handler)
        clearance.submit(agreement, scene.bureau.handler)
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
        clearance.clear(agreement, states.LEGAL, scene.bureau.legal_officer)
        clearance.clear(agreement, Opinion("同意"), scene.bureau.leader)

    return attempt


def other_hash(scene: Scene) -> None:
    """What was approved is another text."""
    agreement = scene.approved()
    revision = agreement.open_revision
    assert revision
    queries.approvals_of(revision)[-1].content_sha256 = "0" * 64
    signing.start_signing(agreement, scene.bureau.leader)


def signed_with(**changes: object) -> Try:
    """The university's signature is like this; the scans are there."""

    def attempt(scene: Scene) -> None:
        agreement = states.signing_half(scene)
        revision = agreement.open_revision
        assert revision
        row = queries.awaited_of(revision)[1]
        keeper = scene.university.seal_keeper
        signing.record_signature(agreement, row, details(START, **changes), keeper)
        files.attach_for_party(agreement, row.party, DocumentKind.PARTY_SCAN, stored(), "扫描件.pdf", keeper)
        signing.complete_signing(agreement, scene.bureau.seal_keeper)

    return attempt


def without_scan(scene: Scene) -> None:
    """A scan was taken back."""
    agreement = scene.signed_by_all()
    scan = next(row for row in queries.documents_of(agreement) if row.party)
    files.remove(agreement, scan, "误传", scene.bureau.seal_keeper)
    signing.complete_signing(agreement, scene.bureau.seal_keeper)


def completing(reach: states.Reach) -> Try:
    """The last click, too early."""
    return lambda scene: signing.complete_signing(reach(scene), scene.bureau.seal_keeper)


def withdrawing(reach: states.Reach, reason: str = "改文本") -> Try:
    """Back to negotiation."""
    return lambda scene: signing.withdraw_signing(reach(scene), reason, scene.bureau.leader)


def running_notice(scene: Scene) -> None:
    """Its last day is today."""
    agreement = scene.in_force()
    given = NoticeDetails(agreement.parties[1].public_id, START, 0, "不再合作")
    ending.give_notice(agreement, given, stored(), "通知.pdf", scene.bureau.leader)
    ending.terminate(agreement, scene.bureau.leader)


def noticed_with_change(scene: Scene) -> None:
    """A change is on its way."""
    agreement = states.noticed(scene)
    scene.change(agreement, RevisionKind.AMENDMENT)
    ending.terminate(agreement, scene.bureau.leader)


def completed(reach: states.Reach) -> Try:
    """All is done, people say."""
    return lambda scene: ending.complete(reach(scene), scene.bureau.leader)


def unreasoned(service: Callable[..., object], reach: states.Reach, role: str = "leader") -> Try:
    """Without a reason."""
    return lambda scene: service(reach(scene), "", getattr(scene.bureau, role))


def confirmed_by_oneself(scene: Scene) -> None:
    """Who entered it is section head too."""
    both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    line = PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD)
    record = HistoricRecord(AgreementKind.FRAMEWORK, "补录", (line,), "报道")
    entry.confirm(entry.record(record, both), both)


FUTURE = START + timedelta(days=1)
GUARDS: dict[str, tuple[Try, type[RegistryError]]] = {
    "register: two leads": (only(PartyRole.LEAD, PartyRole.LEAD), Invalid),
    "submit: one party": (only(PartyRole.LEAD), Unmet),
    "submit: no lead": (only(PartyRole.PARTY, PartyRole.PARTY), Unmet),
    "submit: no term": (submitted(term=Term()), Unmet),
    "submit: last day before the first": (submitted(term=Term(expires_on=START, planned_effective_on=FUTURE)), Unmet),
    "submit: a variable is missing": (submitted(variables={}), Unmet),
    "submit: a duplicate": (twice, Unmet),
    "return: no reason": (unreasoned(clearance.send_back, Scene.review, "section_head"), Invalid),
    "clear: out of turn": (unread, Forbidden),
    "clear: own work": (own_work, Forbidden),
    "clear: judged before": (judged_twice, Forbidden),
    "clear: framework without minutes": (without_minutes(AgreementKind.FRAMEWORK), Unmet),
    "clear: strategic without minutes": (without_minutes(AgreementKind.STRATEGIC), Unmet),
    "clear: funded without minutes": (without_minutes(AgreementKind.SCHOOL_LOCALITY, funded=True), Unmet),
    "request changes: no comment": (lambda scene: negotiation.request_changes(
        scene.negotiation(), Verdict.REJECTED, "", scene.university.leader), Invalid),
    "request changes: an approval": (lambda scene: negotiation.request_changes(
        scene.negotiation(), Verdict.APPROVED, "同意", scene.university.leader), Invalid),
    "start signing: not approved": (lambda scene: signing.start_signing(
        states.negotiation_last(scene), scene.bureau.leader), Unmet),
    "start signing: another text approved": (other_hash, Unmet),
    "complete signing: nobody signed": (completing(Scene.signing), Unmet),
    "complete signing: one did not": (completing(states.signing_half), Unmet),
    "complete signing: one declined": (completing(states.signing_declined), Unmet),
    "complete signing: a proxy without letter": (signed_with(is_proxy=True), Unmet),
    "complete signing: no scan": (without_scan, Unmet),
    "record signature: signed tomorrow": (signed_with(signed_on=FUTURE), Invalid),
    "record signature: sealed tomorrow": (signed_with(sealed_on=FUTURE), Invalid),
    "withdraw signing: no reason": (withdrawing(Scene.signing, ""), Invalid),
    "withdraw signing: a signature stands": (withdrawing(states.signing_half), Unmet),
    "suspend: no reason": (unreasoned(lifecycle.suspend, Scene.in_force), Invalid),
    "resume: no reason": (unreasoned(lifecycle.resume, states.suspended), Invalid),
    "void: no reason": (unreasoned(lifecycle.void, Scene.draft), Invalid),
    "abandon: no reason": (unreasoned(revising.abandon, states.change_draft), Invalid),
    "abandon: a signature stands": (lambda scene: revising.abandon(
        states.change_signed_by_all(scene), "不改了", scene.bureau.leader), Unmet),
    "terminate: no notice": (lambda scene: ending.terminate(scene.in_force(), scene.bureau.leader), Conflict),
    "terminate: the notice runs": (running_notice, Unmet),
    "terminate: a change is on its way": (noticed_with_change, Unmet),
    "complete: open commitments": (completed(Scene.in_force), Unmet),
    "complete: a change is on its way": (completed(states.change_draft), Unmet),
    "complete: a change waits for its day": (completed(states.change_signed), Unmet),
    "confirm: by oneself": (confirmed_by_oneself, Forbidden),
    "submit of a change: nothing differs": (lambda scene: _unchanged(scene), Unmet),
    "submit of a change: other terms by now": (lambda scene: clearance.submit(
        states.change_stale(scene), scene.bureau.handler), Conflict),
    "start signing of a change: another waits for its day": (lambda scene: _second_change(scene), Unmet),
    "renew: begun already": (lambda scene: _renewed_twice(scene), Conflict),
    "let expire: no reason": (lambda scene: renewal.decide_renewal(
        scene.in_force(), RenewalDecision.LET_EXPIRE, "", scene.bureau.leader), Invalid),
}  # fmt: skip


def _unchanged(scene: Scene) -> None:
    agreement = scene.in_force()
    scene.change(agreement, RevisionKind.AMENDMENT)
    clearance.submit(agreement, scene.bureau.handler)


def _second_change(scene: Scene) -> None:
    agreement = states.change_signed(scene)
    scene.change(agreement, RevisionKind.AMENDMENT)
    entry.edit(agreement, scene.draft_input(title_zh="新名称"), scene.bureau.handler)
    scene.pass_review(agreement)
    scene.approve(agreement)
    signing.start_signing(agreement, scene.bureau.leader)


def _renewed_twice(scene: Scene) -> None:
    agreement = scene.in_force()
    renewal.renew(agreement, (), scene.bureau.handler)
    renewal.renew(agreement, (), scene.bureau.handler)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_refuses(scene: Scene, guard: str) -> None:
    attempt, error = GUARDS[guard]
    with pytest.raises(error) as refused, transaction():
        attempt(scene)
    if error is Unmet:
        assert len(refused.value.reasons) >= 1  # type: ignore[attr-defined]  # that is what Unmet has


class TestTheCalendar:
    """What comes by itself: not a day early, on the day, and all the same after missed days; twice does nothing."""

    @pytest.fixture(params=[0, 1, 45])
    def late(self, request: pytest.FixtureRequest) -> timedelta:
        return timedelta(days=request.param)

    def run(self, agreement: Agreement, day: date, late: timedelta) -> None:
        """The day before nothing happens; then the runs that were not missed, the last one twice."""
        before = agreement.status, agreement.row_version
        jobs.calendar(day - timedelta(days=1))
        assert (agreement.status, agreement.row_version) == before
        jobs.calendar(day + late)
        version = agreement.row_version
        jobs.calendar(day + late)
        assert agreement.row_version == version > before[1]

    def test_lets_it_take_effect(self, scene: Scene, late: timedelta) -> None:
        with transaction():
            agreement = states.signed(scene)
        self.run(agreement, tomorrow(), late)
        assert (agreement.status, agreement.effective_on) == (AgreementStatus.IN_FORCE, tomorrow())

    def test_lets_a_change_take_effect(self, scene: Scene, late: timedelta) -> None:
        with transaction():
            agreement = states.change_signed(scene)
        self.run(agreement, tomorrow(), late)
        first, second = agreement.revisions
        assert (first.stage, second.stage) == (RevisionStage.SUPERSEDED, RevisionStage.EFFECTIVE)
        assert first.superseded_on == second.effective_on == tomorrow()

    def test_lets_it_run_out(self, scene: Scene, late: timedelta) -> None:
        with transaction():
            agreement = scene.in_force()
        assert agreement.expires_on
        day = agreement.expires_on + timedelta(days=1)
        self.run(agreement, day, late)
        assert (agreement.outcome, agreement.closed_on) == (ClosureOutcome.EXPIRED, day)

    def test_lets_a_renewal_supersede_it(self, scene: Scene, clock: Clock, late: timedelta) -> None:
        with transaction():
            agreement = scene.in_force()
            made = renewal.renew(agreement, (), scene.bureau.handler)
            entry.edit(made, scene.draft_input(term=Term(36, planned_effective_on=tomorrow())), scene.bureau.handler)
            scene.pass_review(made)
            scene.approve(made)
            scene.conclude(made)
        self.run(agreement, tomorrow(), late)
        assert (agreement.outcome, agreement.closed_on) == (ClosureOutcome.SUPERSEDED, tomorrow())
        assert agreement.renewals == [made]
        assert made.status is AgreementStatus.IN_FORCE

    def test_waits_with_running_out_for_a_renewal_that_is_signed(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.in_force()
            made = renewal.renew(agreement, (), scene.bureau.handler)
            assert agreement.expires_on
            later = agreement.expires_on + timedelta(days=9)
            entry.edit(made, scene.draft_input(term=Term(36, planned_effective_on=later)), scene.bureau.handler)
            scene.pass_review(made)
            scene.approve(made)
            scene.conclude(made)
        jobs.calendar(later - timedelta(days=1))
        assert agreement.status is AgreementStatus.IN_FORCE
        jobs.calendar(later)
        assert agreement.outcome is ClosureOutcome.SUPERSEDED

    @pytest.mark.parametrize("reach", [states.suspended, lambda scene: _open_ended(scene)])
    def test_lets_nothing_else_run_out(self, scene: Scene, reach: states.Reach) -> None:
        with transaction():
            agreement = reach(scene)
        before = agreement.status
        jobs.calendar(START + timedelta(days=9999))
        assert agreement.status is before

    def test_sets_a_change_aside_that_waits_when_it_ends(self, scene: Scene, clock: Clock) -> None:
        with transaction():
            agreement = states.change_signed(scene)
            made = renewal.renew(agreement, (), scene.bureau.handler)
            entry.edit(made, scene.draft_input(), scene.bureau.handler)
            scene.pass_review(made)
            scene.approve(made)
            scene.conclude(made)
        assert agreement.revisions[-1].stage is RevisionStage.SET_ASIDE


def _open_ended(scene: Scene) -> Agreement:
    return scene.brought_in_force(scene.draft_input(term=Term(open_ended=True)), scene.university)


class TestDaysThatAreStillToCome:
    """Completing the signing, and confirming, lead elsewhere where the day has not come, or has gone."""

    def test_signed_until_the_day(self, scene: Scene) -> None:
        with transaction():
            agreement = states.signed(scene)
        assert agreement.status is AgreementStatus.SIGNED

    def test_a_change_is_signed_until_its_day(self, scene: Scene) -> None:
        with transaction():
            agreement = states.change_signed(scene)
        assert agreement.revisions[-1].stage is RevisionStage.SIGNED

    def test_a_record_that_has_run_out_is_closed(self, scene: Scene) -> None:
        lines = (PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),)
        with transaction():
            past = HistoricRecord(
                AgreementKind.FRAMEWORK, "补录", lines, "报道", term=Term(expires_on=START - timedelta(days=1))
            )
            agreement = entry.record(past, scene.bureau.handler)
            entry.confirm(agreement, scene.bureau.section_head)
        assert (agreement.status, agreement.outcome) == (AgreementStatus.CLOSED, ClosureOutcome.EXPIRED)
