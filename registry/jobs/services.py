"""Wanting work done: a row in the caller's transaction, so that it is wanted exactly when the rest is saved. 入队."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from ..core.dates import now
from ..core.db import db, is_writing
from ..core.errors import NotFound
from ..core.ids import new_public_id
from ..core.upsert import insert_or
from . import dispatch
from .models import Job, JobStatus

ENQUEUED = "enqueued_jobs"
MOST_AT_ONCE = 200


def enqueue(
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
    *,
    renew: bool = False,
) -> Job:
    """Want a piece of work done after the commit; the same kind and key are one job, wanted once.

    `payload` must be JSON-plain and hold ids, never secrets. With `renew`, a job that was done or failed (or is being
    done on older data) is to be done again, with the new payload. Raises RuntimeError outside a transaction.
    """
    if not is_writing():
        raise RuntimeError("a job needs an open transaction")
    wanted, moment = dict(payload or {}), run_after or now()
    is_new = _insert({"kind": kind, "key": key, "payload": wanted, "run_after": moment})
    statement = select(Job).where(Job.kind == kind, Job.key == key).with_for_update()
    job = db.session.scalars(statement.execution_options(populate_existing=True)).one()
    if renew and not is_new:
        job.renew(wanted, moment)
    db.session.flush()
    if job.status is JobStatus.QUEUED:
        db.session().info.setdefault(ENQUEUED, []).append(job.id)
    return job


def retry(public_id: str) -> Job:
    """Let a failed job be tried again at once.

    Raises NotFound, or Conflict for one that has not failed.
    """
    job = db.session.scalars(select(Job).where(Job.public_id == public_id).with_for_update()).one_or_none()
    if job is None:
        raise NotFound
    job.retry(now())
    db.session().info.setdefault(ENQUEUED, []).append(job.id)
    return job


def failed_of(kind: str) -> Sequence[str]:
    """Public ids of the failed jobs of a kind, the longest failed first, at most MOST_AT_ONCE."""
    failed = select(Job.public_id).where(Job.status == JobStatus.FAILED, Job.kind == kind)
    return db.session.scalars(failed.order_by(Job.finished_at, Job.id).limit(MOST_AT_ONCE)).all()


def _insert(values: Mapping[str, Any]) -> bool:
    """Insert unless it is there; the database settles who was first."""
    row = {
        **values, "public_id": new_public_id(), "status": JobStatus.QUEUED, "attempts": 0, "lease": "",
        "last_error": "", "created_at": now(),
    }  # fmt: skip
    statement = insert_or(Job).values(row).on_conflict_do_nothing(index_elements=["kind", "key"])
    return bool(db.session.scalar(statement.returning(Job.id)))


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if not session.in_nested_transaction() and (ids := session.info.pop(ENQUEUED, None)):
        dispatch.hand_over(ids)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(ENQUEUED, None)
