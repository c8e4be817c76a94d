"""What the system administrator sees of the jobs: counts, what waits, what failed, what the days did. 任务状态查询."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select

from ..core.db import db
from ..core.errors import NotFound
from .models import AttemptOutcome, Job, JobAttempt, JobStatus, WorkerSign

COUNT_LIMIT = 1_000
ROWS = 8
COUNTED = 2_000
ATTEMPTS = 50
WORKERS = 5
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


@dataclass(frozen=True)
class Wanted:
    """Which jobs to list: of one status, and if given of one kind and with keys that begin so."""

    status: JobStatus = JobStatus.FAILED
    kind: str = ""
    key: str = ""


def list_jobs(wanted: Wanted, offset: int, limit: int) -> tuple[Sequence[Any], int]:
    """A page of jobs and how many there are, at most COUNT_LIMIT + 1: what ended last first, else the longest due."""
    ended = wanted.status in (JobStatus.DONE, JobStatus.FAILED)
    order = (Job.finished_at.desc(), Job.id.desc()) if ended else (Job.run_after, Job.id)
    rows = db.session.execute(_wanted(select(*COLUMNS), wanted).order_by(*order).offset(offset).limit(limit)).all()
    some = _wanted(select(Job.id), wanted).limit(COUNT_LIMIT + 1).subquery()
    return rows, db.session.scalar(select(func.count()).select_from(some)) or 0


def _wanted(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    statement = statement.where(Job.status == wanted.status)
    if wanted.kind:
        statement = statement.where(Job.kind == wanted.kind)
    return statement.where(Job.key.startswith(wanted.key, autoescape=True)) if wanted.key else statement


def get(public_id: str) -> Any:
    """One job, without its payload.

    Raises NotFound.
    """
    found = db.session.execute(select(Job.id, *COLUMNS).where(Job.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_attempts(job_id: int) -> Sequence[Any]:
    """The last attempts at a job, newest first."""
    columns = (JobAttempt.worker, JobAttempt.started_at, JobAttempt.ended_at, JobAttempt.outcome, JobAttempt.error)
    newest = select(*columns).where(JobAttempt.job_id == job_id).order_by(JobAttempt.id.desc())
    return db.session.execute(newest.limit(ATTEMPTS)).all()


@dataclass
class Failing:
    """What fails of one kind: how often, since when, and why it did last."""

    kind: str
    count: int
    first_at: datetime
    last_at: datetime
    reason: str


def failing() -> Sequence[Failing]:
    """What fails, by kind, whatever failed last first; of very many failures, the last COUNTED."""
    failed = select(Job.kind, Job.finished_at, Job.last_error).where(Job.status == JobStatus.FAILED)
    found: dict[str, Failing] = {}
    for row in db.session.execute(failed.order_by(Job.finished_at.desc(), Job.id.desc()).limit(COUNTED)):
        seen = found.setdefault(row.kind, Failing(row.kind, 0, row.finished_at, row.finished_at, row.last_error))
        seen.count += 1
        seen.first_at = row.finished_at
    return list(found.values())


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


@dataclass(frozen=True)
class Run:
    """One day's run of a daily task; `seconds` is how long the attempt took that ended it, None before."""

    status: JobStatus
    attempts: int
    seconds: float | None
    public_id: str


def daily_runs(tasks: Mapping[str, str], first: date, last: date) -> Mapping[str, Mapping[date, Run]]:
    """What the daily tasks did on these days, by task and day, in one query."""
    ended = JobAttempt.outcome.in_((AttemptOutcome.DONE, AttemptOutcome.ERROR))
    statement = (
        select(Job.kind, Job.key, Job.status, Job.attempts, Job.public_id, JobAttempt.started_at, JobAttempt.ended_at)
        .outerjoin(JobAttempt, (JobAttempt.job_id == Job.id) & ended)
        .where(Job.kind.in_(tasks.values()), Job.key.between(first.isoformat(), last.isoformat()))
        .order_by(JobAttempt.id)
    )
    found: dict[str, dict[date, Run]] = defaultdict(dict)
    for row in db.session.execute(statement):
        seconds = (row.ended_at - row.started_at).total_seconds() if row.ended_at else None
        found[row.kind][date.fromisoformat(row.key)] = Run(row.status, row.attempts, seconds, row.public_id)
    return {name: found[kind] for name, kind in tasks.items()}


def list_workers() -> Sequence[Any]:
    """The workers that were seen last."""
    columns = (WorkerSign.name, WorkerSign.kind, WorkerSign.started_at, WorkerSign.seen_at)
    return db.session.execute(select(*columns).order_by(WorkerSign.seen_at.desc()).limit(WORKERS)).all()


def is_busy(moment: datetime) -> bool:
    """Whether somebody holds a job now: a worker in a long job gives no other sign."""
    held = select(Job.id).where(Job.status == JobStatus.RUNNING, Job.leased_until > moment).limit(1)
    return db.session.scalar(held) is not None


def _count(status: JobStatus) -> int:
    some = select(Job.id).where(Job.status == status).limit(COUNT_LIMIT + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0
