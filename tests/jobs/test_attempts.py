"""The log of attempts, and signs of life."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.jobs import attempts, daily, heartbeat, leases, registry
from registry.jobs.models import AttemptOutcome, Job, JobAttempt, JobStatus, WorkerKind, WorkerSign
from registry.jobs.worker import Worker

from .conftest import Calls, enqueue, job, make_due

Handler = Callable[..., Calls]
RUNNING, DONE, ERROR, LOST, LATE = AttemptOutcome


def log() -> list[tuple[AttemptOutcome, str]]:
    db.session.rollback()
    rows = db.session.execute(select(JobAttempt.outcome, JobAttempt.error).order_by(JobAttempt.id))
    return [(row.outcome, row.error) for row in rows]


def test_each_attempt_is_kept_with_its_end(app: Flask, handler: Handler) -> None:
    handler(ValueError("no"))
    enqueue()
    leases.run_next()
    make_due()
    leases.run_next()
    assert log() == [(ERROR, "ValueError: no"), (DONE, "")]
    first, second = db.session.scalars(select(JobAttempt).order_by(JobAttempt.id))
    assert first.worker == heartbeat.this_process()
    assert first.started_at <= (first.ended_at or now()) <= second.started_at


def test_an_attempt_without_an_end_is_lost_to_the_next(app: Flask, handler: Handler) -> None:
    handler()
    enqueue()
    slow = leases._claim(None)
    assert slow is not None
    assert log() == [(RUNNING, "")]
    make_due()
    leases.run_next()
    assert log() == [(LOST, ""), (DONE, "")]
    leases._settle(slow, "")
    assert log() == [(LATE, ""), (DONE, "")]


def test_a_job_that_puts_itself_off_was_done_in_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As a delivery does that waits for the morning, or for its next attempt."""
    later = now() + timedelta(hours=1)

    monkeypatch.setattr(registry, "_works", {})

    @registry.handles("test")
    def put_off(_payload: object) -> None:
        enqueue("key", run_after=later, renew=True)

    enqueue("key")
    leases.run_next()
    assert log() == [(DONE, "")]
    assert (job("key").status, job("key").run_after) == (JobStatus.QUEUED, later)
    assert not [said for said in caplog.messages if "lost" in said]


def test_the_last_one_is_lost_when_the_job_is_given_up(app: Flask, handler: Handler) -> None:
    handler()
    enqueue()
    for _attempt in range(leases.MOST_ATTEMPTS):
        assert leases._claim(None) is not None
        make_due()
    assert not leases.run_next()
    assert log() == [(LOST, "")] * leases.MOST_ATTEMPTS


def test_attempts_go_with_their_jobs_and_age_with_them(app: Flask, handler: Handler) -> None:
    handler(*[ValueError("no")] * leases.MOST_ATTEMPTS)
    long_ago = now() - daily.KEEP_DONE - timedelta(days=1)
    for key in ("failed", "forgotten", "renewed", "new"):
        enqueue(key)
        for _attempt in range(leases.MOST_ATTEMPTS):
            leases.run_next()
            make_due(key) if job(key).status is JobStatus.QUEUED else None
    with transaction():
        old = select(Job.id).where(Job.key != "new")
        db.session.execute(update(JobAttempt).where(JobAttempt.job_id.in_(old)).values(started_at=long_ago))
        db.session.execute(update(Job).where(Job.key == "forgotten").values(finished_at=long_ago))
    daily.clean_up(today())
    kept = select(Job.key, func.count(JobAttempt.id)).outerjoin(JobAttempt, JobAttempt.job_id == Job.id)
    rows = db.session.execute(kept.where(Job.kind == "test").group_by(Job.key)).all()
    assert {row[0]: row[1] for row in rows} == {"failed": 8, "renewed": 0, "new": 1}
    assert db.session.scalar(select(func.count(JobAttempt.id))) == 9


def signs() -> list[tuple[str, WorkerKind]]:
    db.session.rollback()
    return [(row.name, row.kind) for row in db.session.scalars(select(WorkerSign).order_by(WorkerSign.name))]


def test_a_worker_beats_now_and_then_and_signs_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_tasks", {})
    monkeypatch.setattr(registry, "_works", {})
    worker = Worker(app, WorkerKind.EMBEDDED)
    worker.work_once()
    assert signs() == [(heartbeat.this_process(), WorkerKind.EMBEDDED)]
    seen = db.session.scalar(select(WorkerSign.seen_at))
    worker.work_once()
    assert db.session.scalar(select(WorkerSign.seen_at)) == seen  # not at every look
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.0)
    worker.work_once()
    db.session.rollback()
    assert (db.session.scalar(select(WorkerSign.seen_at)) or now()) > (seen or now())
    worker.ask_to_stop()
    worker.run()
    assert signs() == []


def test_celerys_processes_are_one_worker_a_machine(app: Flask) -> None:
    heartbeat.beat(WorkerKind.CELERY)
    heartbeat.beat(WorkerKind.CELERY)
    assert signs() == [(heartbeat.name_of(WorkerKind.CELERY), WorkerKind.CELERY)]


def test_workers_that_went_are_forgotten_after_a_week(app: Flask) -> None:
    heartbeat.beat(WorkerKind.PROCESS)
    with transaction():
        db.session.execute(update(WorkerSign).values(seen_at=now() - heartbeat.KEEP - timedelta(minutes=1)))
        attempts.forget(now())
        heartbeat.forget()
    assert signs() == []


def test_every_kind_has_a_title() -> None:
    """What fails is told in the administrator's language: `handles(…, title=msg(…))`, `daily(…, msg(…))`."""
    ours = [kind for kind in registry.kinds() if not kind.startswith("test")]
    assert [kind for kind in ours if registry.title_of(kind).english == kind] == []
    assert registry.title_of("of a newer version").english == "of a newer version"
