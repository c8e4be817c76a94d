"""Taking a job, doing it outside the transaction, and saying how it ended. 租约.

One worker holds a job at a time by its lease; a worker that died loses it when the lease runs out, and a worker that
was too slow finds at the end that it holds nothing any more, and says nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.exc import DBAPIError

from ..core.dates import now
from ..core.db import db, transaction
from ..core.errors import RegistryError
from ..core.i18n import msg
from ..core.ids import new_public_id
from ..core.masks import keepable, masked
from . import attempts, reasons
from .models import AttemptOutcome, Job, JobStatus
from .registry import GiveUp, kinds, work_for

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
ERROR_LENGTH = 500
log = logging.getLogger(__name__)
_random = SystemRandom()


@dataclass(frozen=True)
class Claimed:
    """A job in hand: plain values, good outside the transaction."""

    id: int
    public_id: str
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    lease: str


def run_next(job_id: int | None = None) -> bool:
    """Do one due job (or that one, if due); False when there is none. Never raises for what the job's handler does."""
    if not _anything_due(job_id):  # a cheap read: an idle worker never takes the write lock
        return False
    claimed = _claim(job_id)
    if claimed is None:
        return False
    _run(claimed)
    return True


def due_ids(limit: int) -> list[int]:
    """Jobs whose time has come, the longest waiting first."""
    return list(db.session.scalars(_due(now()).with_only_columns(Job.id).limit(limit)))


def pause(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts: doubling, at most LONGEST_PAUSE, spread by half."""
    doubled = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=doubled.total_seconds() * _random.uniform(0.5, 1.5))


def _due(moment: datetime, job_id: int | None = None) -> Select[Job]:
    waiting = and_(Job.status == JobStatus.QUEUED, Job.run_after <= moment)
    abandoned = and_(Job.status == JobStatus.RUNNING, Job.leased_until <= moment)
    statement = select(Job).where(or_(waiting, abandoned), Job.kind.in_(kinds()))
    return (statement if job_id is None else statement.where(Job.id == job_id)).order_by(Job.run_after, Job.id)


def _anything_due(job_id: int | None) -> bool:
    found = db.session.scalar(_due(now(), job_id).with_only_columns(Job.id).limit(1))
    db.session.rollback()
    return found is not None


def _claim(job_id: int | None) -> Claimed | None:
    """Take the first due job that nobody else is taking."""
    moment = now()
    with transaction():
        statement = _due(moment, job_id).limit(1).with_for_update(skip_locked=True)
        job = db.session.scalars(statement).one_or_none()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _fail(job, reasons.written(msg("The worker ended in the middle of it, each time")), moment)
            attempts.lose(job.id, moment)
            return None
        job.claim(new_public_id(), moment, moment + work_for(job.kind).lease)
        attempts.begin(job.id, job.lease, moment)
        return Claimed(job.id, job.public_id, job.kind, job.key, dict(job.payload), job.attempts, job.lease)


def _run(claimed: Claimed) -> None:
    started = now()
    try:
        work_for(claimed.kind).handler(claimed.payload)
    except GiveUp as error:
        db.session.rollback()
        _settle(claimed, str(error)[:ERROR_LENGTH], gave_up=True)
    except Exception as error:  # whatever a handler throws is the job's failure, not the worker's
        db.session.rollback()
        log.warning("job %s %s failed", claimed.kind, claimed.public_id, exc_info=True)
        _settle(claimed, _described(error), gave_up=isinstance(error, RegistryError) and error.is_final)
    else:
        _settle(claimed, "")
        log.info("job %s %s done in %d ms", claimed.kind, claimed.public_id, (now() - started).total_seconds() * 1000)


def _settle(claimed: Claimed, error: str, *, gave_up: bool = False) -> None:
    """Write the outcome if the lease still holds; a job that was wanted anew meanwhile waits as it is."""
    moment, error = now(), keepable(error)
    with transaction():
        held = select(Job).where(Job.id == claimed.id, Job.lease == claimed.lease).with_for_update()
        job = db.session.scalars(held).one_or_none()
        outcome = AttemptOutcome.ERROR if error else AttemptOutcome.DONE
        in_time = attempts.end(claimed.id, claimed.lease, outcome, moment, error)
        if job is None:
            if not in_time:
                log.warning("job %s %s: the lease was lost", claimed.kind, claimed.public_id)
        elif not error:
            job.finish(moment)
        elif gave_up or claimed.attempts >= MOST_ATTEMPTS:
            _fail(job, error, moment)
        else:
            job.postpone(error, moment + pause(claimed.attempts))


def _fail(job: Job, error: str, moment: datetime) -> None:
    """It will not be tried again, and whatever waits for it is told."""
    job.fail(error, moment)
    given_up = work_for(job.kind).given_up
    if given_up is not None:
        given_up(dict(job.payload))


def _described(error: Exception) -> str:
    """What went wrong, without values of statements, tokens or phones."""
    name = type(error).__name__
    if isinstance(error, RegistryError):
        return reasons.written(reasons.of(error), masked)
    if isinstance(error, DBAPIError):
        return f"{name}: {type(error.orig).__name__}"
    return masked(f"{name}: {error}")[:ERROR_LENGTH]
