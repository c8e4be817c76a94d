"""The log of attempts: written in the transactions that claim a job and note its outcome. 执行记录."""

from datetime import datetime

from sqlalchemy import delete, select, update

from ..core.db import db
from .heartbeat import this_process
from .models import AttemptOutcome, Job, JobAttempt, JobStatus

FORGOTTEN_AT_ONCE = 10_000


def begin(job_id: int, lease: str, moment: datetime) -> None:
    """An attempt begins; one that is still open has lost the job to it."""
    lose(job_id, moment)
    db.session.add(JobAttempt(job_id=job_id, lease=lease, worker=this_process(), started_at=moment))


def lose(job_id: int, moment: datetime) -> None:
    """Whoever was at this job is gone, or has taken longer than the lease."""
    still_open = update(JobAttempt).where(JobAttempt.job_id == job_id, JobAttempt.ended_at.is_(None))
    db.session.execute(still_open.values(outcome=AttemptOutcome.LOST, ended_at=moment))


def end(job_id: int, lease: str, outcome: AttemptOutcome, moment: datetime, error: str = "") -> bool:
    """The attempt of this lease is over; False where it was too late, because another one had begun."""
    mine = update(JobAttempt).where(JobAttempt.job_id == job_id, JobAttempt.lease == lease)
    in_time = mine.where(JobAttempt.ended_at.is_(None)).returning(JobAttempt.id)
    if db.session.execute(in_time.values(outcome=outcome, ended_at=moment, error=error)).all():
        return True
    db.session.execute(mine.values(outcome=AttemptOutcome.LATE, ended_at=moment, error=error))
    return False


def forget(before: datetime) -> int:
    """Drop old attempts at jobs that are done again and again; those at failed jobs stay until somebody looks.

    Returns how many were dropped, at most FORGOTTEN_AT_ONCE.
    """
    failed = select(Job.id).where(Job.status == JobStatus.FAILED)
    old = select(JobAttempt.id).where(
        JobAttempt.started_at < before, JobAttempt.ended_at.is_not(None), JobAttempt.job_id.not_in(failed)
    )
    chosen = delete(JobAttempt).where(JobAttempt.id.in_(old.limit(FORGOTTEN_AT_ONCE)))
    return len(db.session.execute(chosen.returning(JobAttempt.id)).all())
