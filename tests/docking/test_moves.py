"""The rules of moving a case: each success and each refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Unmet
from registry.docking import policy, services
from registry.docking.counts import rates_of
from registry.docking.enums import DropReason, EntryStatus, Stage
from registry.docking.inputs import Correction, Loss, StageDetails
from registry.docking.models import DockingCase
from registry.docking.schemas import correction_from, stage_from
from registry.records.queries import history
from registry.tasks.enums import TaskState
from registry.tasks.models import Task
from tests.agreements.days import make_clock

from .pipeline import COUNTS, Pipeline

YESTERDAY = today() - timedelta(days=1)
HIRING = (Stage.POSTED, Stage.INTERVIEW, Stage.OFFER, Stage.SIGNED, Stage.ONBOARDED)
LOSS = Loss(DropReason.PAY, "薪酬低于预期")


def last_event(case: DockingCase) -> AuditEvent:
    found = db.session.get(AuditEvent, history(case)[0].seq)
    assert found is not None
    return found


def statuses(case: DockingCase) -> dict[Stage, EntryStatus]:
    return {entry.stage: entry.status for entry in case.entries}


# Advancing


def test_a_case_begins_registered(line: Pipeline) -> None:
    with transaction():
        case = line.case()
    assert (case.stage, case.state_code, statuses(case)) == (
        Stage.REGISTERED,
        "registered",
        {Stage.REGISTERED: EntryStatus.REACHED},
    )
    assert case.reached[0].posts == 20
    assert case.title_zh == "测试制造有限公司—测试大学"
    assert case.region_code == "210300"  # the enterprise's
    assert case.party_ids == {line.bureau.id, line.university.id, line.enterprise.id}


@pytest.mark.parametrize("by_code", [True, False])
def test_verification_needs_a_valid_code(line: Pipeline, by_code: bool) -> None:
    reported = {"enterprise": "", "enterprise_as_reported": "某企业", "region": "210300"}
    with transaction():
        case = line.case(**reported, uscc="91210300MA0TEXT00C" if by_code else None)
    if by_code:
        with transaction():
            line.move(case, Stage.VERIFIED)
        assert case.stage is Stage.VERIFIED
    else:
        with pytest.raises(Unmet), transaction():
            line.move(case, Stage.VERIFIED)


def test_a_code_that_slipped_in_wrong_verifies_nothing(line: Pipeline) -> None:
    with transaction():
        case = line.case(enterprise="", enterprise_as_reported="某企业", region="210300", uscc="91210300MA0TEXT00A")
    with pytest.raises(Unmet), transaction():
        line.move(case, Stage.VERIFIED)


@pytest.mark.parametrize("counts", [{}, {"posts": 0}, {"posts": None}])
def test_verification_needs_a_post(line: Pipeline, counts: dict[str, int | None]) -> None:
    with transaction():
        case = line.case()
    with pytest.raises(Invalid) as refused, transaction():
        line.move(case, Stage.VERIFIED, counts=counts)
    assert "posts" in refused.value.fields


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (1, True), (101, False)])
def test_days_never_fall_and_never_lie_ahead(line: Pipeline, days: int, taken: bool) -> None:
    with transaction():
        case = line.case()
    day = case.sort_on + timedelta(days=days)
    if taken:
        with transaction():
            line.move(case, Stage.VERIFIED, day)
        assert case.sort_on == day
    else:
        with pytest.raises(Invalid) as refused, transaction():
            line.move(case, Stage.VERIFIED, day)
        assert list(refused.value.fields) == ["actual_on"]


def test_stages_between_are_left_out_with_a_reason(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
    with pytest.raises(Invalid) as refused, transaction():
        line.move(case, Stage.FAIR)
    assert list(refused.value.fields) == ["skip_reason"]
    with transaction():
        line.move(case, Stage.FAIR, skip_reason="线上对接")
    assert [case.is_skipped(one) for one in (Stage.FIELD_DOCKING, Stage.POSTED, Stage.FAIR)] == [True, True, False]
    event = last_event(case)
    assert event.changes["state"] == ["verified", "fair"]
    assert event.changes["skipped"] == [None, "Field docking, Posts published"]
    assert event.reason == "线上对接"


def test_a_stage_left_out_before_can_be_reached_after_all(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.POSTED)
        services.skip(case, "不办专场", line.handler)
    assert (case.next_stage, case.stage) == (Stage.INTERVIEW, Stage.POSTED)
    with transaction():
        line.move(case, Stage.FAIR)
    entry = case.entry_of(Stage.FAIR)
    assert entry is not None
    assert (entry.status, entry.skip_reason) == (EntryStatus.REACHED, "")


def test_a_case_moves_forward_only(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.FAIR)
    with pytest.raises(Conflict), transaction():
        line.move(case, Stage.POSTED)
    with pytest.raises(Conflict):
        case.move(Stage.POSTED, today())  # the model refuses as well


def test_counts_of_other_stages_are_not_taken(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.FAIR)
        line.move(case, Stage.INTERVIEW, counts={"interviewed": 15, "signed": 99})
    assert case.known[Stage.INTERVIEW]["signed"] is None


def test_each_side_records_its_own_stages(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
        line.move(case, Stage.FIELD_DOCKING, by=line.school)
        line.move(case, Stage.POSTED, by=line.school)
    with pytest.raises(Forbidden), transaction():
        line.move(case, Stage.INTERVIEW, by=line.school, skip_reason="x")
    with transaction():
        line.move(case, Stage.INTERVIEW, by=line.firm, skip_reason="直接面试")
    entry = case.entry_of(Stage.INTERVIEW)
    assert entry is not None
    assert entry.organisation is line.enterprise


# Story 13 of the dossier


def test_story_13_from_intention_to_people_who_came(line: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = make_clock(monkeypatch)
    turn(date(2026, 11, 2))
    with transaction():
        case = line.case(registered_on=date(2026, 9, 8))
        line.move(case, Stage.FIELD_DOCKING, date(2026, 9, 15), skip_reason="实地一并核实")
        line.move(case, Stage.POSTED, date(2026, 9, 18))
        line.move(case, Stage.INTERVIEW, date(2026, 10, 12), skip_reason="不办宣讲")
        line.move(case, Stage.OFFER, date(2026, 10, 15))
        line.move(case, Stage.SIGNED, date(2026, 10, 20))
        line.move(case, Stage.ONBOARDED, date(2026, 11, 2))
    numbers = [next((count for count in case.known[stage].values() if count is not None), None) for stage in HIRING]
    assert numbers == [20, 15, 12, 10, 8]
    rates = {rate.label.english: rate.percent for rate in rates_of(case.known)}
    assert rates["On-boarding rate"] == "80 %"
    assert case.warnings == []
    checks = [(date(2027, 5, 5), TaskState.OPEN), (date(2027, 11, 2), TaskState.OPEN)]
    assert [(task.due_on, task.state) for task in db.session.scalars(select(Task).order_by(Task.due_on))] == checks
    turn(date(2027, 5, 5))
    with transaction():
        services.advance(case, Stage.RETAINED_6M, StageDetails(date(2027, 5, 5), {"retained": 9}), line.handler)
    assert [one.english for one in case.warnings] == ["Retained 6 months: 9 people, though On-boarded: only 8"]
    assert case.stage is Stage.RETAINED_6M  # told, not refused
    assert last_event(case).changes["warning"][1].startswith("Retained 6 months: 9 people")


@pytest.mark.parametrize("read", [stage_from, correction_from])
def test_no_student_is_named_anywhere(read: Callable[[Stage, dict[str, str]], object]) -> None:
    """There is no field for a name, and what is sent under one is refused."""
    for name in ("student", "name", "names"):
        with pytest.raises(Invalid):
            read(Stage.SIGNED, {"actual_on": "2026-10-20", "signed": "10", name: "某某"})


def test_a_check_before_its_time_is_warned_of(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.ONBOARDED)
        line.move(case, Stage.RETAINED_6M)
    day = case.sort_on
    assert [one.english for one in case.warnings] == [
        f"Retained 6 months: recorded for {day}, before 6 months had passed"
    ]


# Correcting


def correction(case: DockingCase, stage: Stage, **changes: object) -> Correction:
    entry = case.entry_of(stage)
    assert entry is not None
    assert entry.actual_on is not None
    given = Correction(entry.actual_on, COUNTS.get(stage, {}))
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the correction


def test_a_correction_keeps_the_old_value_and_needs_a_reason(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
    given = correction(case, Stage.SIGNED, counts={"signed": 11})
    with pytest.raises(Invalid) as refused, transaction():
        services.correct(case, Stage.SIGNED, given, line.handler)
    assert list(refused.value.fields) == ["why"]
    with transaction():
        services.correct(case, Stage.SIGNED, replace(given, reason="补签一人"), line.handler)
    assert case.known[Stage.SIGNED]["signed"] == 11
    event = last_event(case)
    assert (event.action, event.reason, event.changes["signed"]) == ("docking:record", "补签一人", [10, 11])


def test_what_was_missing_is_filled_in_without_a_reason(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.FAIR)
        counts = {"resumes": 60, "entrants": 300}
        services.correct(case, Stage.FAIR, correction(case, Stage.FAIR, counts=counts), line.school)
    assert case.known[Stage.FAIR]["entrants"] == 300
    before = len(history(case))
    with transaction():
        services.correct(case, Stage.FAIR, correction(case, Stage.FAIR, counts=counts), line.handler)
    assert len(history(case)) == before  # nothing changed, nothing is told


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"counts": {"signed": None}}, "signed"),
        ({"actual_on": today() + timedelta(days=1)}, "actual_on"),
        ({"actual_on": date(2020, 1, 1)}, "actual_on"),  # before the offer
        ({"actual_on": YESTERDAY}, "actual_on"),  # after the on-boarding
    ],
)
def test_a_correction_obeys_the_same_rules(line: Pipeline, changes: dict[str, object], field: str) -> None:
    with transaction():
        case = line.at(Stage.ONBOARDED)
    with pytest.raises(Invalid) as refused, transaction():
        services.correct(case, Stage.SIGNED, correction(case, Stage.SIGNED, reason="更正", **changes), line.handler)
    assert list(refused.value.fields) == [field]


def test_only_reached_stages_of_ones_own_are_corrected(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.OFFER)
    with pytest.raises(Conflict), transaction():
        services.correct(case, Stage.SIGNED, Correction(today(), {"signed": 1}), line.handler)
    with pytest.raises(Forbidden), transaction():
        services.correct(case, Stage.OFFER, correction(case, Stage.OFFER), line.school)
    assert policy.may_correct(line.firm, case, Stage.OFFER)


def test_the_day_of_the_last_movement_follows_a_correction(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.POSTED)
        given = correction(case, Stage.POSTED, actual_on=YESTERDAY, reason="日期有误")
        services.correct(case, Stage.POSTED, given, line.handler)
    assert case.sort_on == YESTERDAY
    assert case.stuck_on == YESTERDAY + timedelta(days=30)


# Leaving out, planning


def test_leaving_out_needs_a_reason_and_is_the_keepers(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.POSTED)
    with pytest.raises(Invalid), transaction():
        services.skip(case, " ", line.handler)
    with pytest.raises(Forbidden), transaction():
        services.skip(case, "不办", line.school)
    moved = case.sort_on
    with transaction():
        services.skip(case, "不办", line.head)
    assert (case.is_skipped(Stage.FAIR), case.stage, case.sort_on) == (True, Stage.POSTED, moved)
    assert last_event(case).action == "docking:skip"


def test_plans_rise_and_can_be_taken_back(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.POSTED)
    ahead = today() + timedelta(days=10)
    with pytest.raises(Invalid) as refused, transaction():
        services.plan(case, {Stage.FAIR: ahead, Stage.INTERVIEW: ahead - timedelta(days=1)}, line.handler)
    assert list(refused.value.fields) == ["plan_interview"]
    with pytest.raises(Invalid), transaction():
        services.plan(case, {Stage.FAIR: case.sort_on - timedelta(days=1)}, line.handler)
    with transaction():
        services.plan(case, {Stage.FAIR: ahead, Stage.INTERVIEW: ahead}, line.handler)
    planned = case.next_planned
    assert planned is not None
    assert (planned.stage, planned.planned_on) == (Stage.FAIR, ahead)
    with transaction():
        services.plan(case, {Stage.INTERVIEW: ahead}, line.handler)
    assert Stage.FAIR not in statuses(case)
    with transaction():
        line.move(case, Stage.INTERVIEW, skip_reason="不办")
    entry = case.entry_of(Stage.INTERVIEW)
    assert entry is not None
    assert (entry.planned_on, entry.status) == (ahead, EntryStatus.REACHED)  # planned and actual stand side by side


# Losing and reopening


def test_lost_needs_words_and_reopening_a_reason(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.INTERVIEW)
    with pytest.raises(Invalid), transaction():
        services.lose(case, Loss(DropReason.PAY, " "), line.handler)
    with transaction():
        services.lose(case, LOSS, line.handler)
    assert (case.state_code, case.lost_on, case.stuck_on) == ("lost", today(), None)
    assert last_event(case).changes["state"] == ["interview", "lost"]
    refused: tuple[Callable[[], object], ...] = (
        lambda: line.move(case, Stage.OFFER),
        lambda: services.lose(case, LOSS, line.handler),
        lambda: services.skip(case, "x", line.handler),
        lambda: services.correct(case, Stage.FAIR, correction(case, Stage.FAIR), line.handler),
        lambda: services.edit(case, line.details(), line.handler),
    )
    for act in refused:
        with pytest.raises(Conflict), transaction():
            act()
    with pytest.raises(Invalid), transaction():
        services.reopen(case, "", line.handler)
    with transaction():
        services.reopen(case, "企业提高薪酬", line.handler)
    assert (case.state_code, case.drop_reason, case.lost_on) == ("interview", None, None)
    assert case.sort_on == today()  # reopening is a movement
    event = last_event(case)
    assert (event.reason, event.changes["drop_reason"]) == ("企业提高薪酬", ["pay", None])


def test_who_may_lose_and_reopen(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
    with pytest.raises(Conflict), transaction():
        services.reopen(case, "x", line.handler)
    with pytest.raises(Forbidden), transaction():
        services.lose(case, LOSS, line.school)
    with transaction():
        done = line.at(Stage.RETAINED_12M)
    with pytest.raises(Conflict), transaction():
        services.lose(done, LOSS, line.handler)
    assert done.stuck_on is None
