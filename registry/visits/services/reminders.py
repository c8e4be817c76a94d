"""Reminders of visits, as tasks of the registry itself: opened daily, closed when their cause is gone. 走访提醒."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from ...core.db import db, transaction
from ...core.i18n import msg
from ...jobs.daily import daily
from ...organisations.recount import recounts
from ...organisations.workdays import calendar
from ...records.services import settle
from ...tasks.enums import TaskSource
from ...tasks.inputs import NewTask
from ...tasks.services import assign, settle_key
from ..enums import VisitState
from ..models import Visit
from ..queries.waiting import followed_up_by, unplanned_follow_ups, unrecorded, waiting_followed_up_by

KIND = Visit.kind_code
RECOUNTED = "visit:recounted"
WORKING_DAYS = 5
# Titles of tasks are data, in Chinese like every title.
RECORD_ZH, FOLLOW_UP_ZH = "登记走访结果：{}", "安排再次走访：{}"
RECORDED_ZH, PLANNED_ZH, PUT_OFF_ZH = "走访情况已登记", "已安排再次走访", "再次走访已改期或取消"
TITLE_LENGTH = 200


@daily("visits-waiting", msg("Reminders: visits that wait"))
def remind(day: date) -> None:
    """A task for each visit that nobody recorded, and for each follow-up that nobody planned; once for each."""
    with transaction():
        for visit in unrecorded(day):
            _assign(visit, RECORD_ZH, record_key(visit.public_id))
        for visit in unplanned_follow_ups(day):
            _assign(visit, FOLLOW_UP_ZH, follow_up_key(visit.public_id))


def visit_changed(visit: Visit, today: date) -> None:
    """Close the reminders whose cause a new, changed, recorded or dropped visit took away."""
    if visit.state is not VisitState.PLANNED or visit.planned_on >= today:
        settle_key(record_key(visit.public_id), RECORDED_ZH)
    if visit.next_on is None or visit.next_on > today:
        settle_key(follow_up_key(visit.public_id), PUT_OFF_ZH)
    if visit.state in (VisitState.PLANNED, VisitState.HELD):
        for public_id in followed_up_by(visit):
            settle_key(follow_up_key(public_id), PLANNED_ZH)


def settle_followed_up(visits: Sequence[Visit]) -> None:
    """The same for many new visits that took place: only earlier ones that wait for a next visit are looked up."""
    for public_id in waiting_followed_up_by(visits):
        settle_key(follow_up_key(public_id), PLANNED_ZH)


def record_key(public_id: str) -> str:
    """Of the task to record a visit."""
    return f"visit:{public_id}:record"


def follow_up_key(public_id: str) -> str:
    """Of the task to plan the next visit."""
    return f"visit:{public_id}:follow_up"


def _assign(visit: Visit, title: str, key: str) -> None:
    new = NewTask(
        title_zh=title.format(visit.whom.zh)[:TITLE_LENGTH],
        source=TaskSource.REMINDER,
        lead=visit.owner.public_id,
        days=WORKING_DAYS,
        subject_kind=KIND,
        subject_public_id=visit.public_id,
        key=key,
    )
    assign(new, None, is_demo=visit.is_demo)


@recounts
def count_again() -> None:
    """Count the follow-ups that wait again: a year's working days were recorded or corrected."""
    counted = select(Visit).where(Visit.follow_up_days.is_not(None), Visit.state != VisitState.CANCELLED)
    with transaction():
        days = calendar()
        for visit in db.session.scalars(counted):
            day = days.add(visit.held_on or visit.planned_on, visit.follow_up_days or 0).day
            if day != visit.next_on:
                before, visit.next_on = visit.next_on, day
                settle(visit, None, RECOUNTED, {"next_on": (before, day)})
