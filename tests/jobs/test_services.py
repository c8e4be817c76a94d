"""Wanting work done."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, NotFound
from registry.jobs import dispatch, leases, services
from registry.jobs.dispatch import Broker
from registry.jobs.models import Job, JobStatus

from .conftest import Calls, enqueue, job


class Undone(Exception):
    """Something went wrong in the middle."""


def enqueue_and_fail() -> None:
    services.enqueue("test", "1")
    raise Undone


def test_a_job_belongs_to_the_transaction(app: Flask) -> None:
    with pytest.raises(Undone), transaction():
        enqueue_and_fail()
    assert db.session.scalar(select(func.count(Job.id))) == 0


def test_a_job_needs_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        services.enqueue("test", "1")


def test_the_same_kind_and_key_are_one_job(app: Flask) -> None:
    first = enqueue(payload={"id": 1})
    assert enqueue(payload={"id": 2}) == first
    assert job().payload == {"id": 1}
    assert enqueue(kind="other") != first


def test_a_job_may_wait(app: Flask) -> None:
    moment = now() + timedelta(hours=1)
    enqueue(run_after=moment)
    assert job().run_after == moment


def test_a_job_that_is_done_can_be_wanted_again(app: Flask, handler: Callable[..., Calls]) -> None:
    calls = handler()
    first = enqueue(payload={"version": 1})
    assert leases.run_next()
    assert enqueue(payload={"version": 2}) == first
    assert not leases.run_next()
    assert enqueue(payload={"version": 2}, renew=True) == first
    assert leases.run_next()
    assert [call["version"] for call in calls] == [1, 2]
    assert (job().status, job().attempts) == (JobStatus.DONE, 1)


def test_two_transactions_that_want_the_same_make_one_job(app: Flask) -> None:
    failures: list[Exception] = []

    def want() -> None:
        with app.app_context():
            try:
                enqueue()
            except Exception as error:
                failures.append(error)
            db.session.remove()

    threads = [threading.Thread(target=want) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert db.session.scalar(select(func.count(Job.id))) == 1


def test_the_worker_is_woken_after_the_commit(app: Flask) -> None:
    dispatch.WAKE.clear()
    with transaction():
        services.enqueue("test", "1")
        assert not dispatch.WAKE.is_set()
    assert dispatch.WAKE.is_set()


def test_what_is_rolled_back_wakes_nobody(app: Flask) -> None:
    dispatch.WAKE.clear()
    with pytest.raises(Undone), transaction():
        enqueue_and_fail()
    with transaction():
        pass
    assert not dispatch.WAKE.is_set()


def test_ids_go_to_the_broker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    monkeypatch.setattr(dispatch, "_brokers", {"": Broker(handed.extend, lambda: True)})
    enqueue()
    assert handed == [job().id]


def test_a_broker_that_is_down_harms_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def down(ids: object) -> None:
        tried.append(ids)
        raise ConnectionError("no broker")

    monkeypatch.setattr(dispatch, "_brokers", {"": Broker(down, lambda: False)})
    monkeypatch.setattr(dispatch, "_rest_until", 0.0)
    enqueue()
    assert job().status is JobStatus.QUEUED
    enqueue("2")
    assert len(tried) == 1  # it rests, and is not waited for again
    monkeypatch.setattr(dispatch, "_rest_until", 0.0)
    enqueue("3")
    assert len(tried) == 2


def test_a_failed_job_can_be_tried_again(app: Flask) -> None:
    public_id = enqueue()
    with transaction():
        job_now = db.session.scalars(select(Job)).one()
        job_now.fail("no", now())
    with transaction():
        services.retry(public_id)
    assert (job().status, job().last_error, job().attempts) == (JobStatus.QUEUED, "", 0)


def test_only_a_failed_job_can_be_tried_again(app: Flask) -> None:
    public_id = enqueue()
    with pytest.raises(Conflict), transaction():
        services.retry(public_id)
    with pytest.raises(NotFound), transaction():
        services.retry("01J00000000000000000000000")
