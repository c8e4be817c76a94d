"""What the registry does of itself: checks after on-boarding, reminders of stuck cases, visits noticed. 提醒。"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ...core.dates import add_months, today
from ...core.db import db
from ...organisations.models import Organisation, OrganisationStatus
from ...organisations.workdays import calendar
from ...records.happenings import Happening, Told, hears
from ...records.services import settle
from ...tasks.enums import TaskSource
from ...tasks.inputs import NewTask
from ...tasks.services import assign, settle_key
from ..enums import CHECKS, EntryStatus, Stage
from ..models import DockingCase, DockingStageEntry

KIND = DockingCase.kind_code
VISITED = "docking:visited"
STUCK_DAYS = 5  # working days in which a stuck case is to be looked at
BATCH = 200


def schedule_checks(case: DockingCase, onboarded_on: date) -> None:
    """Plan the checks 6 and 12 months after on-boarding, on working days, each with its task (dossier, section 7)."""
    for stage, months in CHECKS.items():
        entry = case.entry_of(stage)
        if entry is not None and entry.status is not EntryStatus.PLANNED:
            continue
        if entry is None:
            entry = DockingStageEntry(stage=stage, position=stage.position, status=EntryStatus.PLANNED)
            case.entries.append(entry)
        entry.planned_on = calendar().first_from(add_months(onboarded_on, months))
        plan_changed(case, stage)


def plan_changed(case: DockingCase, stage: Stage) -> None:
    """The task of a check goes with its planned day; other stages have none. New cases are flushed first."""
    if stage not in CHECKS:
        return
    settle_check(case, stage)
    entry = case.entry_of(stage)
    if case.owner.status is not OrganisationStatus.ACTIVE:
        return  # of an organisation that was dissolved nobody is left to be reminded
    if entry is not None and entry.status is EntryStatus.PLANNED and entry.planned_on:
        assign(_check_task(case, stage, entry.planned_on), None, is_demo=case.is_demo)


def open_checks(case: DockingCase) -> None:
    """A reopened case is checked again where checks are planned."""
    for stage in CHECKS:
        plan_changed(case, stage)


def settle_check(case: DockingCase, stage: Stage) -> None:
    """Close the task of a check, if the stage has one."""
    if stage in CHECKS:
        settle_key(_check_key(case, stage), "已登记或不再需要")


def count_anew(case: DockingCase) -> None:
    """Count from when it is stuck; where that lies ahead, or nothing is to move any more, it is not reminded of."""
    case.wait()
    if case.stuck_on is None or case.stuck_on > today():
        settle_key(_stuck_key(case), "事项已推进、改期或结束")


def moved_on(case: DockingCase, left_out: Iterable[Stage] = ()) -> None:
    """A stage was reached: it is stuck no longer, and what was to be checked there has been."""
    settle_key(_stuck_key(case), "事项已推进")
    for stage in (*left_out, case.stage):
        settle_check(case, stage)


def settle_all(case: DockingCase) -> None:
    """Nothing is to be reminded of any more."""
    settle_key(_stuck_key(case), "事项已结束")
    for stage in CHECKS:
        settle_check(case, stage)


def remind_of_stuck(day: date, after: int = 0) -> int:
    """Open one reminder for each of the next stuck cases beyond an id; returns the last id, 0 when there is none left.

    Idempotent: while a reminder is open, its key keeps a second one away.
    """
    stuck = (
        select(DockingCase)
        .join(DockingCase.owner)
        .where(DockingCase.stuck_on <= day, DockingCase.id > after, Organisation.status == OrganisationStatus.ACTIVE)
        .options(contains_eager(DockingCase.owner))
    )
    last = 0
    for case in db.session.scalars(stuck.order_by(DockingCase.id).limit(BATCH)):
        assign(_stuck_task(case), None, is_demo=case.is_demo)
        last = case.id
    return last


@hears(Happening.VISIT_HELD)
def _visited(told: Told) -> None:
    """A visit to a case was held: its page suggests the stage; a person records it."""
    if told.kind != KIND:
        return
    case = db.session.scalar(select(DockingCase).where(DockingCase.public_id == told.public_id))
    if case is None or (case.visited_on and case.visited_on >= told.on):
        return
    before, case.visited_on = case.visited_on, told.on
    settle(case, None, VISITED, {"visited_on": (before, told.on)})


def _stuck_key(case: DockingCase) -> str:
    return f"docking-stuck:{case.public_id}"


def _check_key(case: DockingCase, stage: Stage) -> str:
    return f"docking-check:{case.public_id}:{stage}"


def _stuck_task(case: DockingCase) -> NewTask:
    return NewTask(
        title_zh=f"企业对接停滞：{case.title_zh}"[:200],
        title_en=f"Docking case stuck: {case.title_en}"[:400] if case.title_en else "",
        source=TaskSource.REMINDER,
        lead=case.owner.public_id,
        days=STUCK_DAYS,
        subject_kind=KIND,
        subject_public_id=case.public_id,
        key=_stuck_key(case),
    )


def _check_task(case: DockingCase, stage: Stage, due_on: date) -> NewTask:
    months = CHECKS[stage]
    return NewTask(
        title_zh=f"核查满{months}个月留任人数：{case.title_zh}"[:200],
        title_en=f"Ask who is still there after {months} months: {case.title_en}"[:400] if case.title_en else "",
        source=TaskSource.REMINDER,
        lead=case.owner.public_id,
        due_on=max(due_on, today()),
        subject_kind=KIND,
        subject_public_id=case.public_id,
        key=_check_key(case, stage),
    )
