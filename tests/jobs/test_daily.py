"""Daily tasks."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.jobs import daily, leases, registry, services
from registry.jobs.models import Job, JobStatus

DAY = date(2026, 3, 10)


@pytest.fixture
def days(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """One daily task; the days that it was called for."""
    monkeypatch.setattr(registry, "_works", {})
    monkeypatch.setattr(daily, "_tasks", {})
    called: list[date] = []
    daily.daily("test")(called.append)
    return called


def run(day: date) -> int:
    enqueued = daily.enqueue_due(day)
    while leases.run_next():
        pass
    return enqueued


def test_once_a_day(days: list[date]) -> None:
    assert [run(DAY), run(DAY), run(DAY + timedelta(days=1))] == [1, 0, 1]
    assert days == [DAY, DAY + timedelta(days=1)]


def test_missed_days_are_caught_up_in_order(days: list[date]) -> None:
    run(DAY)
    assert run(DAY + timedelta(days=3)) == 3
    assert days == [DAY + timedelta(days=number) for number in range(4)]


def test_not_further_back_than_a_month(days: list[date]) -> None:
    run(DAY)
    assert run(DAY + timedelta(days=400)) == daily.LONGEST_CATCH_UP
    assert days[1] == DAY + timedelta(days=370)


def test_a_clock_that_went_back_does_nothing_twice(days: list[date]) -> None:
    run(DAY)
    assert run(DAY - timedelta(days=2)) == 0
    assert days == [DAY]


def test_a_failed_day_is_tried_again_and_does_not_stop_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_works", {})
    monkeypatch.setattr(daily, "_tasks", {})

    @daily.daily("test")
    def fail(day: date) -> None:
        raise ValueError(day)

    run(DAY)
    assert run(DAY + timedelta(days=1)) == 1
    found = db.session.scalars(select(Job).order_by(Job.key)).all()
    assert [(job.key, job.status, job.attempts) for job in found] == [
        ("2026-03-10", JobStatus.QUEUED, 1),
        ("2026-03-11", JobStatus.QUEUED, 1),
    ]


def test_nothing_to_do_without_tasks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_tasks", {})
    assert daily.enqueue_due() == 0


def finished(key: str, status: JobStatus, moment: datetime) -> None:
    """A job that ended then."""
    job = services.enqueue("test", key)
    job.status, job.finished_at = status, moment


def test_old_jobs_are_forgotten_and_failed_ones_stay(app: Flask) -> None:
    long_ago = now() - daily.KEEP_DONE - timedelta(days=1)
    with transaction():
        finished("old", JobStatus.DONE, long_ago)
        finished("new", JobStatus.DONE, now())
        finished("failed", JobStatus.FAILED, long_ago)
    daily.clean_up(today())
    assert set(db.session.scalars(select(Job.key))) == {"new", "failed"}


def test_more_than_one_transaction_takes_is_forgotten_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "AT_ONCE", 2)
    with transaction():
        for number in range(5):
            finished(f"old {number}", JobStatus.DONE, now() - daily.KEEP_DONE - timedelta(days=1))
    daily.clean_up(today())
    assert db.session.scalars(select(Job.key)).all() == []


def test_the_registry_has_daily_tasks(app: Flask) -> None:
    assert {"audit-checkpoint", "jobs-cleanup"} <= set(daily.names())
