"""Commands of the jobs."""

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import now
from registry.core.db import db, transaction
from registry.jobs import daily, registry, services
from registry.jobs.models import Job, JobStatus
from registry.jobs.worker import Worker

from .conftest import run


@pytest.fixture
def done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the handler of kind "test" was called with."""
    monkeypatch.setattr(registry, "_works", {})
    monkeypatch.setattr(daily, "_tasks", {})
    called: list[Mapping[str, Any]] = []
    registry.handles("test")(called.append)
    return called


def enqueue(*keys: str) -> None:
    with transaction():
        for key in keys:
            services.enqueue("test", key, {"key": key})


def test_work_once(app: Flask, done: list[Mapping[str, Any]]) -> None:
    enqueue("1", "2", "3")
    assert run(app, "work", "--once").output == "3 jobs done or tried.\n"
    assert [call["key"] for call in done] == ["1", "2", "3"]
    assert run(app, "work", "--once").output == "0 jobs done or tried.\n"


def test_working_until_told_to_stop(app: Flask, done: list[Mapping[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    worked = Worker.work_once

    def work_and_stop(worker: Worker) -> bool:
        found = worked(worker)
        if done:
            os.kill(os.getpid(), signal.SIGTERM)
        return found

    monkeypatch.setattr(Worker, "work_once", work_and_stop)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    assert threading.current_thread() is threading.main_thread()
    try:
        enqueue("1")
        assert run(app, "work").exit_code == 0
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert len(done) == 1


def test_daily(app: Flask, done: list[Mapping[str, Any]]) -> None:
    days: list[object] = []
    daily.daily("test")(days.append)
    assert run(app, "daily").output == "1 daily tasks were due; 1 jobs done or tried.\n"
    assert run(app, "daily").output == "0 daily tasks were due; 0 jobs done or tried.\n"
    assert len(days) == 1


def test_the_registrys_own_daily_tasks_run(app: Flask, instance: Path) -> None:
    result = run(app, "daily")
    assert result.exit_code == 0, result.output
    failed = db.session.scalars(select(Job.last_error).where(Job.status != JobStatus.DONE)).all()
    assert failed == []


def test_retry(app: Flask, done: list[Mapping[str, Any]]) -> None:
    enqueue("1")
    with transaction():
        job = db.session.scalars(select(Job)).one()
        job.fail("no", now())
        public_id = job.public_id
    assert run(app, "retry-job", public_id).output == "test 1 will be tried again.\n"
    again = run(app, "retry-job", public_id)
    assert (again.exit_code, again.output) == (1, "Error: Only a failed job can be tried again\n")
    assert run(app, "retry-job", "nonsense").exit_code == 1
