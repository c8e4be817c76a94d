"""Handing ids to Celery, without a broker: what is sent is noted. `test_celery_redis` has a broker and real workers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from celery import Celery
from flask import Flask
from sqlalchemy import select

from registry.core.db import db
from registry.jobs import celery_handover, daily
from registry.jobs.models import JobStatus, WorkerKind, WorkerSign

from .conftest import Calls, enqueue, job

Sent = list[tuple[str, list[int]]]


@pytest.fixture
def sent(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """What Celery was to send; every message has an end, lest the queue grow while nobody works."""
    found: Sent = []

    def send(_celery: Celery, name: str, args: list[int], *, expires: float, **_options: Any) -> None:
        assert 0 < expires <= 120
        found.append((name, args))

    monkeypatch.setattr(Celery, "send_task", send)
    monkeypatch.setattr(daily, "_tasks", {})
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(kept, celery_broker="redis://127.0.0.1:1/0")
    yield found
    app.extensions["settings"] = kept


def test_ids_are_sent(sent: Sent) -> None:
    celery_handover.broker("redis://broker").send([3, 4])
    assert sent == [(celery_handover.RUN, [3]), (celery_handover.RUN, [4])]


def test_a_task_does_the_job_of_its_id(app: Flask, sent: Sent, handler: Callable[..., Calls]) -> None:
    calls = handler()
    enqueue(payload={"id": 1})
    number = job().id
    worker = celery_handover.worker(app)
    worker.tasks[celery_handover.RUN](number)
    worker.tasks[celery_handover.RUN](number)
    assert (len(calls), job().status) == (1, JobStatus.DONE)


def test_the_sweep_hands_over_what_is_due_and_is_a_sign_of_life(
    app: Flask, sent: Sent, handler: Callable[..., Calls]
) -> None:
    handler()
    enqueue()
    worker = celery_handover.worker(app)
    worker.tasks[celery_handover.SWEEP]()
    assert sent == [(celery_handover.RUN, [job().id])]
    assert worker.conf.beat_schedule["sweep"]["task"] == celery_handover.SWEEP
    assert db.session.scalars(select(WorkerSign.kind)).all() == [WorkerKind.CELERY]
