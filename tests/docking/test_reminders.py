"""What the registry does of itself: checks on working days, reminders of stuck cases, visits noticed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.docking import services
from registry.docking.enums import DropReason, Stage
from registry.docking.inputs import Correction, Loss
from registry.docking.jobs import stuck
from registry.docking.models import DockingCase
from registry.organisations.models import OrganisationStatus
from registry.records.happenings import Happening, Told, tell
from registry.records.queries import history
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.models import Task
from tests.agreements.days import make_clock

from .pipeline import Pipeline

ARRIVED = date(2025, 7, 1)
HALF_A_YEAR, A_YEAR = date(2026, 1, 4), date(2026, 7, 1)  # 1–3 January 2026 are free, the 4th is worked (调休)


def tasks(case: DockingCase) -> dict[str, TaskState]:
    rows = db.session.scalars(select(Task).where(Task.subject_public_id == case.public_id).order_by(Task.id))
    return {task.key.replace(case.public_id, "…"): task.state for task in rows}


def planned(case: DockingCase, stage: Stage) -> date | None:
    entry = case.entry_of(stage)
    return entry.planned_on if entry else None


def arrived(line: Pipeline) -> DockingCase:
    """On-boarded on the first of July 2025."""
    case = line.case(registered_on=date(2025, 3, 3))
    line.move(case, Stage.ONBOARDED, ARRIVED, skip_reason="补录")
    return case


# Checks after on-boarding


def test_on_boarding_schedules_two_checks_on_working_days(line: Pipeline) -> None:
    with transaction():
        case = arrived(line)
    assert (planned(case, Stage.RETAINED_6M), planned(case, Stage.RETAINED_12M)) == (HALF_A_YEAR, A_YEAR)
    assert tasks(case) == {
        "docking-check:…:retained_6m": TaskState.OPEN,
        "docking-check:…:retained_12m": TaskState.OPEN,
    }
    task = db.session.scalars(select(Task)).first()
    assert task is not None
    assert (task.origin, task.lead, task.subject_kind) == (TaskSource.REMINDER, line.bureau, "docking_case")
    assert task.due_on == today()  # the day has long passed


def test_a_check_of_the_future_is_due_on_its_day(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
        line.move(case, Stage.ONBOARDED, today())
    dues = list(db.session.scalars(select(Task.due_on).order_by(Task.id)))
    assert dues == [planned(case, Stage.RETAINED_6M), planned(case, Stage.RETAINED_12M)]
    assert min(dues) > today() + timedelta(days=150)


def test_the_checks_are_settled_when_they_are_recorded(line: Pipeline) -> None:
    with transaction():
        case = arrived(line)
        line.move(case, Stage.RETAINED_6M, date(2026, 1, 5))
    assert list(tasks(case).values()) == [TaskState.CLOSED, TaskState.OPEN]
    with transaction():
        line.move(case, Stage.RETAINED_12M, date(2026, 7, 2))
    assert list(tasks(case).values()) == [TaskState.CLOSED, TaskState.CLOSED]


def test_a_check_that_is_left_out_is_not_asked_for(line: Pipeline) -> None:
    with transaction():
        case = arrived(line)
        line.move(case, Stage.RETAINED_12M, date(2026, 7, 2), skip_reason="未开展")
    assert set(tasks(case).values()) == {TaskState.CLOSED}


def test_a_corrected_day_moves_the_checks(line: Pipeline) -> None:
    with transaction():
        case = arrived(line)
        given = Correction(date(2025, 7, 7), {"onboarded": 8}, reason="报到日期有误")
        services.correct(case, Stage.ONBOARDED, given, line.handler)
    assert planned(case, Stage.RETAINED_6M) == date(2026, 1, 7)
    states = [task.state for task in db.session.scalars(select(Task).order_by(Task.id))]
    assert states == [TaskState.CLOSED] * 2 + [TaskState.OPEN] * 2


def test_a_lost_case_is_not_checked_and_a_reopened_one_again(line: Pipeline) -> None:
    with transaction():
        case = arrived(line)
        services.lose(case, Loss(DropReason.CANCELLED, "企业停业"), line.handler)
    assert set(tasks(case).values()) == {TaskState.CLOSED}
    with transaction():
        services.reopen(case, "恢复经营", line.handler)
    assert [task.state for task in db.session.scalars(select(Task).order_by(Task.id))][-2:] == [TaskState.OPEN] * 2


def test_a_side_that_does_not_keep_the_case_schedules_them_too(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
        line.move(case, Stage.ONBOARDED, by=line.firm)
    leads = {task.lead_id for task in db.session.scalars(select(Task))}
    assert leads == {line.bureau.id}
    assert len(tasks(case)) == 2


# Stuck cases


@pytest.mark.parametrize(("days", "is_stuck"), [(29, False), (30, True), (31, True)])
def test_stuck_after_thirty_days(line: Pipeline, days: int, is_stuck: bool) -> None:
    with transaction():
        case = line.case(registered_on=today() - timedelta(days=days))
    stuck(today())
    assert (list(tasks(case)) == ["docking-stuck:…"]) is is_stuck


def test_one_reminder_however_often_it_is_looked_at(line: Pipeline) -> None:
    with transaction():
        case = line.case()
    for day in (today(), today(), today() - timedelta(days=3)):
        stuck(day)
    assert tasks(case) == {"docking-stuck:…": TaskState.OPEN}
    assert db.session.scalars(select(Task.title_zh)).all() == [f"企业对接停滞：{case.title_zh}"]


def test_the_next_move_settles_it_and_the_next_standstill_opens_one(
    line: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        case = line.case()
    stuck(today())
    with transaction():
        services.skip(case, "已电话核实", line.handler)
    assert list(tasks(case).values()) == [TaskState.OPEN]  # leaving out is no movement
    with transaction():
        line.move(case, Stage.FIELD_DOCKING, today())
    assert list(tasks(case).values()) == [TaskState.CLOSED]
    stuck(today())
    assert len(db.session.scalars(select(Task)).all()) == 1
    later = today() + timedelta(days=30)
    make_clock(monkeypatch)(later)
    stuck(later)
    assert [task.state for task in db.session.scalars(select(Task).order_by(Task.id))] == [
        TaskState.CLOSED,
        TaskState.OPEN,
    ]


def test_from_the_contract_on_a_case_waits_for_its_planned_day(line: Pipeline) -> None:
    in_summer = today() + timedelta(days=200)
    with transaction():
        early, late = line.at(Stage.INTERVIEW), line.at(Stage.SIGNED)
        services.plan(early, {Stage.OFFER: in_summer}, line.handler)
        services.plan(late, {Stage.ONBOARDED: in_summer}, line.handler)
    assert early.stuck_on == early.sort_on + timedelta(days=30)  # a plan alone is no movement
    assert late.stuck_on == in_summer + timedelta(days=30)


def test_lost_cases_are_left_alone(line: Pipeline) -> None:
    with transaction():
        case = line.case()
    stuck(today())
    with transaction():
        services.lose(case, Loss(DropReason.OTHER, "企业搬迁"), line.handler)
    stuck(today())
    assert tasks(case) == {"docking-stuck:…": TaskState.CLOSED}


def test_more_stuck_cases_than_a_batch(line: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.docking.services.reminders.BATCH", 2)
    with transaction():
        cases = [line.case() for _number in range(5)]
    stuck(today())
    assert [list(tasks(case).values()) for case in cases] == [[TaskState.OPEN]] * 5


# Visits


def test_a_visit_suggests_and_moves_nothing(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
        tell(Happening.VISIT_HELD, Told(object(), today(), "docking_case", case.public_id))
        tell(Happening.VISIT_HELD, Told(object(), date(2020, 1, 1), "docking_case", case.public_id))  # an older one
        tell(Happening.VISIT_HELD, Told(object(), today(), "docking_case", "nothing"))
        tell(Happening.VISIT_HELD, Told(object(), today(), "agreement", case.public_id))
    assert (case.visited_on, case.stage) == (today(), Stage.VERIFIED)
    assert [row.action for row in history(case)].count("docking:visited") == 1


def test_a_plan_that_puts_it_off_settles_the_reminder(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
    stuck(today())
    assert list(tasks(case).values()) == [TaskState.OPEN]
    with transaction():
        services.plan(case, {Stage.ONBOARDED: today() + timedelta(days=60)}, line.handler)
    assert list(tasks(case).values()) == [TaskState.CLOSED]


def test_leaving_out_the_last_stage_settles_the_reminder(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.RETAINED_6M, registered_on=today() - timedelta(days=900))
        case.entries.remove(case.entries[-1])
        case.wait()
    stuck(today())
    with transaction():
        services.skip(case, "无法联系", line.handler)
    assert tasks(case)["docking-stuck:…"] is TaskState.CLOSED


def test_a_nearer_plan_made_later_is_awaited_first(line: Pipeline) -> None:
    check, arrival = today() + timedelta(days=300), today() + timedelta(days=60)
    with transaction():
        case = line.at(Stage.SIGNED)
        services.plan(case, {Stage.RETAINED_6M: check}, line.handler)
    with transaction():
        services.plan(case, {Stage.RETAINED_6M: check, Stage.ONBOARDED: arrival}, line.handler)
    assert case.stuck_on == arrival + timedelta(days=30)


def test_who_was_dissolved_keeps_nobody_else_from_being_reminded(line: Pipeline) -> None:
    with transaction():
        line.case()
        other = services.enter(line.details(), line.school)
        line.bureau.status = OrganisationStatus.CLOSED
    stuck(today())
    assert [task.subject_public_id for task in db.session.scalars(select(Task))] == [other.public_id]


def test_other_sides_record_what_a_dissolved_one_kept(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
        line.bureau.status = OrganisationStatus.CLOSED
    with transaction():
        line.move(case, Stage.ONBOARDED, by=line.firm)
    assert planned(case, Stage.RETAINED_6M) is not None
    assert tasks(case) == {}
