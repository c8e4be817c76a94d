"""What the system administrator sees of the jobs: counts, what waits, what failed, what the days did. 任务状态查询."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from ..core.db import db
from .models import Job, JobStatus

COUNT_LIMIT = 1_000
ROWS = 25
COLUMNS = (
    Job.public_id, Job.kind, Job.key, Job.status, Job.attempts, Job.run_after, Job.leased_until, Job.created_at,
    Job.finished_at, Job.last_error,
)  # fmt: skip


def counts() -> Mapping[JobStatus, int]:
    """Jobs of each status; COUNT_LIMIT + 1 means many more."""
    return {status: _count(status) for status in JobStatus}


def list_waiting() -> Sequence[Any]:
    """What is waited for next, and what is being done."""
    open_jobs = Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING])
    return db.session.execute(select(*COLUMNS).where(open_jobs).order_by(Job.run_after, Job.id).limit(ROWS)).all()


def list_finished(status: JobStatus) -> Sequence[Any]:
    """What was done, or failed, last."""
    newest = select(*COLUMNS).where(Job.status == status).order_by(Job.finished_at.desc(), Job.id.desc())
    return db.session.execute(newest.limit(ROWS)).all()


def last_days(tasks: Mapping[str, str]) -> Mapping[str, Any]:
    """The newest run of each daily task (its name and the kind of its jobs), or None before the first."""
    kinds = list(tasks.values())
    newest = select(Job.kind, func.max(Job.key).label("key")).where(Job.kind.in_(kinds)).group_by(Job.kind).subquery()
    joined = select(*COLUMNS).join(newest, (Job.kind == newest.c.kind) & (Job.key == newest.c.key))
    found: dict[str, Any] = {row.kind: row for row in db.session.execute(joined)}
    return {name: found.get(kind) for name, kind in tasks.items()}


def _count(status: JobStatus) -> int:
    some = select(Job.id).where(Job.status == status).limit(COUNT_LIMIT + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0
