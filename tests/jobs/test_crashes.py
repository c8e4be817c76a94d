"""Workers are killed at every point of a job; whoever comes next does it, once. 断电式终止."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.config import ROOT
from registry.core.db import db, transaction
from registry.jobs import services
from registry.jobs.models import AttemptOutcome, Job, JobAttempt, JobStatus
from tests.databases import Database

from .conftest import until
from .site import KIND, POINTS

pytestmark = pytest.mark.only("sqlite")  # the same workers die on PostgreSQL in test_celery_redis


@pytest.fixture
def worker(app: Flask, database: Database, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Starts a worker, and gives the number of its process."""
    environment = os.environ | {
        "REGISTRY_DEMO": "1", "REGISTRY_DATABASE_URL": database.url, "REGISTRY_INSTANCE": str(tmp_path)
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.jobs.forking"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True,
    ) as parent:  # fmt: skip
        assert parent.stdin
        assert parent.stdout

        def start() -> int:
            parent.stdin.write("\n")  # type: ignore[union-attr]
            parent.stdin.flush()  # type: ignore[union-attr]
            return int(parent.stdout.readline())  # type: ignore[union-attr]

        yield start
        os.killpg(parent.pid, signal.SIGKILL)


def test_a_worker_that_is_killed_anywhere_leaves_nothing_undone(
    app: Flask, outcomes: Callable[[], list[str]], worker: Callable[[], int], tmp_path: Path
) -> None:
    with transaction():
        for point in POINTS:
            services.enqueue(KIND, point, {"key": point, "wait": point, "folder": str(tmp_path)})
    for point in POINTS:
        number = worker()
        until((tmp_path / f"{point}-{point}").exists)
        assert (tmp_path / f"{point}-{point}").read_text() == str(number)
        os.kill(number, signal.SIGKILL)
    worker()
    waiting = select(Job.id).where(Job.kind == KIND, Job.status != JobStatus.DONE)
    until(lambda: db.session.scalar(waiting) is None)
    assert outcomes() == sorted(POINTS)
    tried = {job.key: ended(job) for job in db.session.scalars(select(Job).where(Job.kind == KIND))}
    assert {key: outcomes[-1] for key, outcomes in tried.items()} == dict.fromkeys(POINTS, AttemptOutcome.DONE)
    # what was rolled back with the claim never was
    assert {key for key, outcomes in tried.items() if AttemptOutcome.LOST in outcomes} == set(POINTS) - {"claiming"}


def ended(job: Job) -> list[AttemptOutcome]:
    statement = select(JobAttempt.outcome).where(JobAttempt.job_id == job.id).order_by(JobAttempt.id)
    return list(db.session.scalars(statement))
