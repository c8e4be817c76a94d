"""What is to be done once a day: each task and day is a job, so it is leased, retried, and done once. 每日任务."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select

from ..core.dates import now, today
from ..core.db import db, transaction
from ..core.housekeeping import clear_forms
from ..core.i18n import Message, msg
from . import attempts, heartbeat
from .models import Job, JobStatus
from .registry import handles
from .services import enqueue

Task = Callable[[date], None]
PREFIX = "daily."
LONGEST_CATCH_UP = 31
KEEP_DONE = timedelta(days=90)
AT_ONCE = 5_000
_tasks: dict[str, Task] = {}


def daily(name: str, title: Message | None = None) -> Callable[[Task], Task]:
    """Mark a function that is to be called once for every day (Shanghai's), missed days too, at most a month back.

    `title` is what the system administrator reads. The contract of job handlers holds (see `registry`): idempotent,
    opens its own transaction.
    """

    def mark(task: Task) -> Task:
        _tasks[name] = task
        handles(PREFIX + name, title=title)(lambda payload: task(date.fromisoformat(payload["day"])))
        return task

    return mark


def names() -> tuple[str, ...]:
    """All daily tasks."""
    return tuple(sorted(_tasks))


def kinds() -> dict[str, str]:
    """All daily tasks and the kinds of their jobs."""
    return {name: PREFIX + name for name in names()}


def enqueue_due(day: date | None = None) -> int:
    """Enqueue every task for every day up to this one (today) that it was not enqueued for; returns how many."""
    day = day or today()
    wanted = [(name, missed) for name in names() for missed in _missed(name, day)]
    if not wanted:
        return 0
    with transaction():
        for name, missed in wanted:
            enqueue(PREFIX + name, missed.isoformat(), {"day": missed.isoformat()})
    return len(wanted)


def _missed(name: str, day: date) -> list[date]:
    last = db.session.scalar(select(func.max(Job.key)).where(Job.kind == PREFIX + name))
    if last is None:
        return [day]
    first = max(date.fromisoformat(last) + timedelta(days=1), day - timedelta(days=LONGEST_CATCH_UP - 1))
    return [first + timedelta(days=number) for number in range((day - first).days + 1)]


@daily("forms-cleanup", msg("Clean up: handled forms"))
def clear_old_forms(_day: date) -> None:
    """Forget forms that were handled or parked long ago (see `core.housekeeping`)."""
    with transaction():
        clear_forms(now())


@daily("jobs-cleanup", msg("Clean up: jobs done long ago"))
def clean_up(_day: date) -> None:
    """Forget jobs that were done long ago, with their attempts; failed ones stay until somebody looks."""
    before = now() - KEEP_DONE
    while _forget_done(before) or _forget_attempts(before):
        pass
    with transaction():
        heartbeat.forget()


def _forget_done(before: datetime) -> int:
    """A day of many messages leaves more than one transaction should take."""
    with transaction():
        old = select(Job.id).where(Job.status == JobStatus.DONE, Job.finished_at < before).limit(AT_ONCE)
        return len(db.session.execute(delete(Job).where(Job.id.in_(old)).returning(Job.id)).all())


def _forget_attempts(before: datetime) -> int:
    with transaction():
        return attempts.forget(before)
