"""Workers give a sign of life, so that the system administrator sees whether any is there. 心跳."""

import os
import socket
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from ..core.dates import now
from ..core.db import db, transaction
from .models import WorkerKind, WorkerSign

BEAT_SECONDS = 30.0
# Celery's sweep is the slowest sign: once a minute.
ALIVE = timedelta(minutes=3)
KEEP = timedelta(days=7)
LONGEST_HOST = 100


def name_of(kind: WorkerKind) -> str:
    """The machine and the process; Celery's processes are one worker for each machine."""
    host = socket.gethostname()[:LONGEST_HOST]
    return f"{host} celery" if kind is WorkerKind.CELERY else this_process()


def this_process() -> str:
    """The machine and the number of this process."""
    return f"{socket.gethostname()[:LONGEST_HOST]} {os.getpid()}"


def beat(kind: WorkerKind) -> None:
    """Say that this worker is there; in a transaction of its own."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    moment = now()
    values = {"name": name_of(kind), "kind": kind, "started_at": moment, "seen_at": moment}
    with transaction():
        statement = dialect.insert(WorkerSign).values(values)
        again = statement.on_conflict_do_update(index_elements=["name"], set_={"seen_at": moment, "kind": kind})
        db.session.execute(again)


def sign_off(kind: WorkerKind) -> None:
    """Say that this worker ends; one that is killed cannot, and is seen no more."""
    with transaction():
        db.session.execute(delete(WorkerSign).where(WorkerSign.name == name_of(kind)))


def forget() -> None:
    """Drop the signs of workers that were not seen for a week, in the caller's transaction."""
    db.session.execute(delete(WorkerSign).where(WorkerSign.seen_at < now() - KEEP))
