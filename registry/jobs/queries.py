"""What the system administrator sees of the jobs: counts, what waits, what failed, what the days did. 任务状态查询."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import func, select

from ..core.db import db
from .models import Job, JobStatus

COUNT_LIMIT = 1_000
ROWS = 25
COUNTED = 2_000
COLUMNS = (
    Job.public_id, Job.kind, Job.key, Job.status, Job.attempts, Job.run_after, Job.leased_until, Job.created_at,
    Job.finished_at, Job.last_error,
)  # fmt: skip


def counts() -> Mapping[JobStatus, int]:
    """Jobs of each status; COUNT_LIMIT + 1 means many more."""
    return {status: _count(status) for status in JobStatus}


def list_open(status: JobStatus) -> Sequence[Any]:
    """What waits, or is being done, the longest first."""
    oldest = select(*COLUMNS).where(Job.status == status).order_by(Job.run_after, Job.id)
    return db.session.execute(oldest.limit(ROWS)).all()


def waiting_since(moment: datetime) -> datetime | None:
    """Since when the oldest job waits whose time has come; None when nothing waits."""
    due = select(func.min(Job.run_after)).where(Job.status == JobStatus.QUEUED, Job.run_after <= moment)
    return db.session.scalar(due)


def list_finished(status: JobStatus) -> Sequence[Any]:
    """What was done, or failed, last."""
    newest = select(*COLUMNS).where(Job.status == status).order_by(Job.finished_at.desc(), Job.id.desc())
    return db.session.execute(newest.limit(ROWS)).all()


def find(kind: str, key: str) -> Any:
    """The job of this kind and key, or None."""
    return db.session.execute(select(*COLUMNS).where(Job.kind == kind, Job.key == key)).one_or_none()


def find_all(kinds: Iterable[str], keys: Iterable[str]) -> Mapping[tuple[str, str], Any]:
    """The jobs of these kinds and keys, by kind and key, in one query."""
    statement = select(*COLUMNS).where(Job.kind.in_(kinds), Job.key.in_(keys))
    return {(row.kind, row.key): row for row in db.session.execute(statement)}


def failed_kinds() -> Mapping[str, int]:
    """How many jobs of each kind have failed, by the kind's name."""
    counted = select(Job.kind, func.count().label("number")).where(Job.status == JobStatus.FAILED).group_by(Job.kind)
    return {row.kind: row.number for row in db.session.execute(counted.order_by(Job.kind))}


@dataclass(frozen=True)
class Throughput:
    """What was done of one kind; `seconds` is the median from the moment it was wanted to its end."""

    kind: str
    count: int
    seconds: float


def done_since(moment: datetime) -> Sequence[Throughput]:
    """What was done since then, by kind; of very many, the last COUNTED."""
    columns = select(Job.kind, Job.run_after, Job.finished_at)
    done = columns.where(Job.status == JobStatus.DONE, Job.finished_at >= moment)
    taken: dict[str, list[float]] = defaultdict(list)
    for row in db.session.execute(done.order_by(Job.finished_at.desc()).limit(COUNTED)):
        taken[row.kind].append((row.finished_at - row.run_after).total_seconds())
    return [Throughput(kind, len(times), median(times)) for kind, times in sorted(taken.items())]


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
