"""How the promises of a signed text become commitments, and follow what becomes of the agreement."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from registry.agreements.inputs import HistoricRecord, PartyLine, TaskRow, Term
from registry.agreements.inputs_events import FoundDetails
from registry.agreements.models import Agreement, AgreementKind, PartyRole, RevisionKind
from registry.agreements.services import entry, lifecycle, supplement
from registry.commitments.enums import Bucket, CommitmentState, Measure, Part, PeriodState
from registry.commitments.models import Commitment, CommitmentPeriod, PeriodEvent, PeriodStanding
from registry.commitments.queries import LISTING
from registry.commitments.services import checking, making, reporting, verifying
from registry.commitments.upkeep import begin, look_ahead
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.organisations.models import OrganisationKind
from registry.records.queries import history
from tests.agreements.days import make_clock
from tests.agreements.scene import VARIABLES, make_side
from tests.states import Begin

from .promised import ROWS, Promised, framework, of_three

ONE_DAY = timedelta(days=1)


@pytest.fixture
def promised(begin_with: Begin) -> Promised:
    return begin_with(framework)


def in_step() -> bool:
    """Whether rows and sums are what they should be."""
    return list(checking.compare()) == []


def report_and_verify(promised: Promised, period: CommitmentPeriod, figure: int) -> None:
    """By the bureau, verified by the university."""
    reporting.report(period, figure, "见活动台账", (), promised.bureau.handler)
    verifying.verify(period, figure, "", promised.university.handler)


def test_rows_and_places_become_commitments_of_both_sides(promised: Promised) -> None:
    assert promised.codes() == dict.fromkeys(("T1", "T2", "T3", "T9", "M1"), "active")
    fairs, visits = promised.commitment("T1"), promised.commitment("T9")
    bureau, university = promised.bureau.organisation.id, promised.university.organisation.id
    assert fairs.having(Part.OBLIGOR) == {bureau}
    assert fairs.having(Part.BENEFICIARY) == {university}
    assert visits.is_joint
    assert visits.having(Part.OBLIGOR) == visits.having(Part.BENEFICIARY) == {bureau, university}
    assert (fairs.target, fairs.unit, fairs.evidence_required) == (2, "场", "活动台账、照片")
    assert fairs.article
    assert promised.commitment("M1").article == "7"


def test_a_term_of_three_years_has_three_periods_in_the_ledger_of_each(promised: Promised) -> None:
    first, last = today(), promised.agreement.expires_on
    days = promised.days("T1")
    assert [days[0][0], days[0][1], days[-1][1]] == [first, add_months(first, 12), last]
    counted = select(func.count()).select_from(PeriodStanding)
    assert db.session.scalar(counted) == 3 * (2 + 2 + 2 + 4 + 4)  # joint ones stand twice for each
    assert in_step()


def test_both_see_it_and_a_stranger_does_not(promised: Promised) -> None:
    public_id = promised.commitment("T1").public_id
    with transaction():
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    for side in (promised.bureau, promised.university):
        assert LISTING.get(public_id, side.handler).public_id == public_id
    with pytest.raises(NotFound):
        LISTING.get(public_id, stranger.handler)


def test_once_more_changes_nothing(promised: Promised) -> None:
    with transaction():
        making.sync(promised.agreement, today())
    assert db.session.scalar(select(func.count()).select_from(Commitment)) == 5
    assert db.session.scalar(select(func.count()).select_from(CommitmentPeriod)) == 15
    assert db.session.scalar(select(func.count()).select_from(PeriodEvent)) == 0


def test_an_amendment_changes_adds_and_ends(promised: Promised) -> None:
    settled = promised.first("T1")
    with transaction():
        report_and_verify(promised, settled, 2)
        given = {**VARIABLES, "fairs_per_year": "3", "interns_per_year": "100"}
        promised.scene.amended(promised.agreement, variables=given)
    assert promised.codes() == dict.fromkeys(("T1", "T2", "T9", "M1", "T5"), "active") | {"T3": "ended"}
    assert [(one.target, one.state) for one in promised.periods("T1")] == [
        (2, PeriodState.MET),
        (3, PeriodState.SCHEDULED),
        (3, PeriodState.SCHEDULED),
    ]
    ended = promised.commitment("T3")
    assert (ended.end_reason, ended.ended_on) == (making.AMENDED, today())
    assert {one.state for one in promised.periods("T3")} == {PeriodState.CANCELLED}
    assert [one.target for one in promised.periods("T5")] == [100, 100, 100]
    assert [row.action for row in history(ended)] == ["commitment:ended"]
    assert "commitment:changed" in [row.action for row in history(promised.commitment("T1"))]
    assert in_step()


def test_a_longer_term_makes_periods_and_a_shorter_one_cancels_them(promised: Promised) -> None:
    with transaction():
        promised.scene.amended(promised.agreement, term=Term(months=12))
    assert [one.state for one in promised.periods("T1")] == [PeriodState.SCHEDULED, *[PeriodState.CANCELLED] * 2]
    with transaction():
        promised.scene.amended(promised.agreement, term=Term(months=33))
    assert {one.state for one in promised.periods("T1")} == {PeriodState.SCHEDULED}
    assert promised.days("T1")[-1][1] == promised.agreement.expires_on
    assert promised.commitment("T1").made_until is None
    assert in_step()


def test_whoever_leaves_promises_nothing_any_more(begin_with: Begin) -> None:
    promised = begin_with(of_three)
    with transaction():
        scene, agreement = promised.scene, promised.agreement
        scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
        scene.pass_review(agreement)
        scene.approve(agreement, promised.third)
        scene.conclude(agreement, promised.bureau, promised.third)
    assert promised.codes() == {"1": "active", "2": "active", "3": "active"}
    assert promised.third.organisation.id not in promised.commitment("3").party_ids
    rows = select(func.count()).where(PeriodStanding.organisation_id == promised.third.organisation.id)
    assert db.session.scalar(rows) == 0
    assert in_step()


def test_suspended_it_is_paused_and_resumed_it_runs(promised: Promised) -> None:
    def buckets() -> set[str]:
        return {str(one) for one in db.session.scalars(select(PeriodStanding.bucket))}

    with transaction():
        lifecycle.suspend(promised.agreement, "整改", promised.bureau.leader)
    assert buckets() == {Bucket.PAUSED}
    assert promised.commitment("T1").paused_on == today()
    with transaction():
        lifecycle.resume(promised.agreement, "整改完成", promised.bureau.leader)
    assert buckets() == {Bucket.OPEN}
    assert in_step()


def test_expired_what_was_due_is_still_settled(promised: Promised, monkeypatch: pytest.MonkeyPatch) -> None:
    last = promised.agreement.expires_on
    assert last
    make_clock(monkeypatch)(last + ONE_DAY)
    with transaction():
        lifecycle.expire(last + ONE_DAY)
    assert set(promised.codes().values()) == {CommitmentState.ENDED}
    period = promised.periods("T1")[-1]
    assert (period.state, period.due_on) == (PeriodState.SCHEDULED, last)
    with transaction():
        report_and_verify(promised, period, 1)
    assert period.state is PeriodState.PARTIALLY_MET
    assert in_step()


def test_closed_early_what_was_due_later_is_cancelled(promised: Promised, monkeypatch: pytest.MonkeyPatch) -> None:
    day = today() + timedelta(days=500)
    make_clock(monkeypatch)(day)
    with transaction():
        promised.scene.change(promised.agreement, RevisionKind.TERMINATION, arrangements="已办结")
        promised.scene.pass_review(promised.agreement)
        promised.scene.approve(promised.agreement)
        promised.scene.conclude(promised.agreement)
    assert [one.state for one in promised.periods("T1")] == [
        PeriodState.SCHEDULED,
        PeriodState.CANCELLED,
        PeriodState.CANCELLED,
    ]
    assert [one.kind for one in db.session.scalars(select(PeriodEvent).limit(1))] == ["cancelled"]
    assert in_step()


def recorded(promised: Promised) -> Agreement:
    """A paper of the past of which nobody knows when it began, confirmed."""
    lines = (
        PartyLine(promised.bureau.organisation.public_id, role=PartyRole.LEAD),
        PartyLine(promised.university.organisation.public_id),
    )
    given = HistoricRecord(AgreementKind.FRAMEWORK, "补录的协议", lines, "报道")
    agreement = entry.record(given, promised.bureau.handler)
    entry.confirm(agreement, promised.bureau.section_head)
    return agreement


def test_a_record_of_the_past_promises_what_is_marked_only(promised: Promised) -> None:
    with transaction():
        agreement = recorded(promised)
        found = FoundDetails("档案", effective_on=date(2024, 1, 1), term=Term(months=60))
        made = supplement.propose(agreement, found, promised.bureau.handler)
        supplement.confirm(agreement, made, promised.bureau.section_head)
    assert making.running_of(agreement) == []


class TestUpkeep:
    def test_makes_the_periods_that_came_within_sight_once(
        self, promised: Promised, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with transaction():
            promised.scene.amended(promised.agreement, term=Term(open_ended=True))
        before = len(promised.periods("T1"))
        look_ahead(add_months(today(), 1))
        assert len(promised.periods("T1")) == before
        later = add_months(today(), 3)
        make_clock(monkeypatch)(later)
        look_ahead(later)
        look_ahead(later)
        assert len(promised.periods("T1")) == before + 1
        assert in_step()

    def test_gives_what_was_in_force_before_its_commitments_from_today_on(
        self, promised: Promised, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for model in (PeriodStanding, CommitmentPeriod):
            with transaction():
                db.session.execute(delete(model))
        with transaction():
            db.session.execute(update(Commitment).values(state="ended", end_reason="x", ended_on=today()))
            checking.put_right()
        make_clock(monkeypatch)(today() + timedelta(days=300))
        begin({})
        begin({})
        assert promised.days("T1")[0][0] == add_months(today() - timedelta(days=300), 12) + ONE_DAY
        assert len([one for one in promised.codes().values() if one == "active"]) == 5
        assert in_step()


def test_a_row_that_was_done_or_not_and_has_a_figure_now_is_another_promise(begin_with: Begin) -> None:
    promised = begin_with(of_three)
    with transaction():
        amended(promised, TaskRow("举办招聘会", obligor="A", unit="场", period="年", code="1"))
    assert (promised.commitment("1").measure, promised.commitment("1").target) == (Measure.BOOLEAN, 1)
    with transaction():
        amended(promised, TaskRow("举办招聘会", obligor="A", target="5", unit="场", period="年", code="1"))
    assert (promised.commitment("1").measure, promised.commitment("1").target) == (Measure.COUNT, 5)
    assert in_step()


def amended(promised: Promised, row: TaskRow) -> None:
    """The first row of the three parties' text, with the others as they are."""
    scene, agreement = promised.scene, promised.agreement
    lines = (*scene.draft_input().parties, PartyLine(promised.third.organisation.public_id, representative="测试丙"))
    draft = scene.own_text(parties=lines, copies_total=6, tasks=(row, *ROWS[1:]))
    scene.change(agreement, RevisionKind.AMENDMENT)
    entry.edit(agreement, draft, promised.bureau.handler)
    scene.pass_review(agreement)
    scene.approve(agreement, promised.university, promised.third)
    scene.conclude(agreement, promised.bureau, promised.university, promised.third)


def test_looking_ahead_ends_where_the_days_are_no_longer_known(
    promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        promised.scene.amended(promised.agreement, term=Term(open_ended=True))
    with transaction():
        db.session.execute(update(Agreement).values(open_ended=False, expires_on=None))
    later = add_months(today(), 3)
    make_clock(monkeypatch)(later)
    look_ahead(later)
    assert promised.commitment("T1").made_until is None
