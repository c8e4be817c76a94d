"""Jobs that wait to be killed, for workers in processes of their own (`test_crashes`, `test_celery_redis`).

A job names in its payload where its worker shall wait: `claiming` and `finishing` are inside of the transactions,
`claimed`, `begun`, `written` and `settling` between them. It waits there once; after a restart it goes on. Marks are
files, so that they outlive whoever wrote them.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from registry.core.db import db, transaction
from registry.jobs import daily, leases
from registry.jobs.models import Job
from registry.jobs.registry import handles

KIND = "tests.waits"
LEASE = timedelta(seconds=1)
POINTS = ("claiming", "claimed", "begun", "written", "settling", "finishing")
LONGEST_WAIT = 120.0


@handles(KIND, LEASE)
def work(payload: Any) -> None:
    """Write one outcome, as the contract of handlers says: look first, in one transaction."""
    reach("begun", payload)
    with transaction():
        found = db.session.scalar(text("SELECT count(*) FROM outcome WHERE key = :key"), {"key": payload["key"]})
        if not found:
            db.session.execute(text("INSERT INTO outcome (key) VALUES (:key)"), {"key": payload["key"]})
    reach("written", payload)


def reach(point: str, payload: Any) -> None:
    """Leave a mark; wait, the first time, if the job says so."""
    if payload.get("wait") != point:
        return
    mark = Path(payload["folder"]) / f"{payload['key']}-{point}"
    if mark.exists():
        return
    written = mark.with_suffix(".tmp")
    written.write_text(str(os.getpid()))
    written.rename(mark)
    time.sleep(LONGEST_WAIT)


def wait_at_points() -> None:
    """Let workers of this process wait at the points outside of the handler too."""
    leases._claim = _after(leases._claim, _claimed)
    leases._settle = _before(leases._settle, lambda claimed, *_given: reach("settling", claimed.payload))
    Job.claim = _after(Job.claim, lambda _done, job, *_given: reach("claiming", job.payload))  # type: ignore[method-assign]
    Job.finish = _after(Job.finish, lambda _done, job, *_given: reach("finishing", job.payload))  # type: ignore[method-assign]


def _claimed(claimed: leases.Claimed | None, *_given: Any) -> None:
    if claimed is not None:
        reach("claimed", claimed.payload)


def _after(function: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*given: Any, **named: Any) -> Any:
        result = function(*given, **named)
        then(result, *given)
        return result

    return wrapped


def _before(function: Callable[..., Any], first: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*given: Any, **named: Any) -> Any:
        first(*given)
        return function(*given, **named)

    return wrapped


def hurry() -> None:
    """Sweep each second, not each minute: `celery -A celery_worker worker --include tests.jobs.site` calls it."""
    celery_worker = sys.modules.get("celery_worker")
    if celery_worker:
        celery_worker.celery.conf.beat_schedule["sweep"]["schedule"] = 1.0
        daily._tasks.clear()


hurry()
