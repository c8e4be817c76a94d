"""Taking jobs, doing them, and saying how it ended."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from registry.core.dates import now
from registry.core.db import db, is_writing, transaction
from registry.core.errors import Conflict, RegistryError
from registry.core.i18n import Message, msg
from registry.jobs import leases, reasons, registry
from registry.jobs.models import Job, JobStatus
from registry.jobs.registry import GiveUp

from .conftest import Calls, enqueue, job, make_due

Handler = Callable[..., Calls]


def test_a_job_is_done_once(app: Flask, handler: Handler) -> None:
    calls = handler()
    enqueue(payload={"id": 7})
    assert leases.run_next()
    assert not leases.run_next()
    assert calls == [{"id": 7}]
    done = job()
    assert (done.status, done.lease, done.leased_until, done.last_error) == (JobStatus.DONE, "", None, "")
    assert done.finished_at is not None


def test_the_longest_waiting_goes_first(app: Flask, handler: Handler) -> None:
    calls = handler()
    enqueue("late", payload={"key": "late"}, run_after=now() - timedelta(minutes=1))
    enqueue("early", payload={"key": "early"}, run_after=now() - timedelta(minutes=2))
    enqueue("tomorrow", payload={"key": "tomorrow"}, run_after=now() + timedelta(days=1))
    while leases.run_next():
        pass
    assert [call["key"] for call in calls] == ["early", "late"]
    assert leases.due_ids(1) == []


def test_handlers_run_outside_the_claim(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_works", {})

    @registry.handles("test")
    def work(_payload: Any) -> None:
        assert not is_writing()
        assert job().status is JobStatus.RUNNING
        with transaction():
            pass

    enqueue()
    leases.run_next()
    assert job().status is JobStatus.DONE


def test_an_error_means_later(app: Flask, handler: Handler) -> None:
    calls = handler(ValueError("call 13800138000, password=abc"))
    enqueue()
    assert leases.run_next()
    waiting = job()
    assert (waiting.status, waiting.attempts) == (JobStatus.QUEUED, 1)
    assert waiting.last_error == "ValueError: call ***, password=***"
    assert now() < waiting.run_after < now() + timedelta(seconds=10)
    assert not leases.run_next()
    make_due()
    assert leases.run_next()
    assert (job().status, job().last_error, len(calls)) == (JobStatus.DONE, "", 2)


def test_values_of_statements_are_not_kept(app: Flask, handler: Handler) -> None:
    handler(OperationalError("INSERT INTO contact VALUES (?)", ("13800138000",), ConnectionError("gone")))
    enqueue()
    leases.run_next()
    assert job().last_error == "OperationalError: ConnectionError"


def test_what_a_failed_handler_left_open_is_dropped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_works", {})

    @registry.handles("test")
    def work(_payload: Any) -> None:
        db.session.add(Job(kind="half", key="1"))
        raise ValueError

    enqueue()
    leases.run_next()
    assert job().status is JobStatus.QUEUED


def test_too_many_attempts(app: Flask, handler: Handler) -> None:
    calls = handler(*[ValueError("no")] * 20)
    enqueue()
    for _ in range(20):
        make_due()
        leases.run_next()
    assert len(calls) == leases.MOST_ATTEMPTS == 8
    assert (job().status, job().last_error) == (JobStatus.FAILED, "ValueError: no")


def test_giving_up_is_not_tried_again(app: Flask, handler: Handler) -> None:
    handler(GiveUp("there is no such agreement"))
    enqueue()
    leases.run_next()
    assert (job().status, job().last_error) == (JobStatus.FAILED, "there is no such agreement")


def test_a_lease_that_ran_out_is_taken_again(app: Flask, handler: Handler) -> None:
    handler()
    enqueue()
    assert leases._claim(None) is not None  # a worker that is then killed
    assert not leases.run_next()
    make_due()
    assert leases.run_next()
    assert (job().status, job().attempts) == (JobStatus.DONE, 2)


def test_a_job_that_kills_its_worker_each_time_ends(app: Flask, handler: Handler) -> None:
    calls = handler()
    enqueue()
    for _ in range(leases.MOST_ATTEMPTS):
        assert leases._claim(None) is not None
        make_due()
    assert not leases.run_next()
    assert (job().status, calls) == (JobStatus.FAILED, [])


def test_who_was_too_slow_says_nothing(app: Flask, handler: Handler) -> None:
    handler()
    enqueue()
    slow = leases._claim(None)
    assert slow is not None
    make_due()
    leases.run_next()
    done = job().finished_at
    leases._settle(slow, "ValueError: late")
    assert (job().status, job().finished_at) == (JobStatus.DONE, done)


def test_an_error_in_characters_that_no_database_keeps_is_an_error_like_any_other(
    app: Flask, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases.log, "disabled", True)  # what pytest keeps of it cannot be sent between its processes
    handler(ValueError("a\x00b \ud800"))
    enqueue()
    leases.run_next()
    assert (job().status, job().attempts, job().last_error) == (JobStatus.QUEUED, 1, "ValueError: a b  ")


def test_a_job_renewed_while_it_runs_is_done_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_works", {})
    seen: list[int] = []

    @registry.handles("test")
    def work(payload: Any) -> None:
        seen.append(payload["version"])
        if payload["version"] == 1:
            enqueue(payload={"version": 2}, renew=True)

    enqueue(payload={"version": 1})
    while leases.run_next():
        pass
    assert seen == [1, 2]
    assert job().status is JobStatus.DONE


def test_kinds_without_a_handler_wait(app: Flask, handler: Handler) -> None:
    handler()
    enqueue("1", kind="of a newer version")
    assert not leases.run_next()
    assert job().status is JobStatus.QUEUED


def test_one_job_by_its_number(app: Flask, handler: Handler) -> None:
    calls = handler()
    enqueue("1", payload={"key": 1})
    enqueue("2", payload={"key": 2})
    assert leases.run_next(job("2").id)
    assert not leases.run_next(job("2").id)
    assert calls == [{"key": 2}]
    assert leases.due_ids(10) == [job("1").id]


def test_an_idle_look_writes_nothing(app: Flask, handler: Handler) -> None:
    handler()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert not leases.run_next()
    assert {statement.split()[0] for statement in statements} <= {"SELECT", "BEGIN", "ROLLBACK"}
    assert "BEGIN IMMEDIATE" not in statements


def test_several_workers_share_the_work(app: Flask, handler: Handler) -> None:
    calls = handler()
    for number in range(40):
        enqueue(str(number), payload={"key": number})

    def work() -> None:
        with app.app_context():
            while leases.due_ids(1):
                leases.run_next()
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(call["key"] for call in calls) == list(range(40))
    assert leases.due_ids(1) == []


def test_pauses_double_and_end() -> None:
    for attempts, middle in ((1, 5), (2, 10), (5, 80), (12, 3600)):
        found = {leases.pause(attempts).total_seconds() for _ in range(50)}
        assert middle * 0.5 <= min(found) <= max(found) <= middle * 1.5
        assert len(found) > 10


def test_a_job_that_is_not_due_cannot_be_claimed() -> None:
    waiting = Job(kind="test", key="1", status=JobStatus.QUEUED, run_after=now() + timedelta(hours=1))
    with pytest.raises(Conflict):
        waiting.claim("lease", now(), now())


def test_one_handler_for_a_kind(handler: Handler) -> None:
    handler()
    with pytest.raises(ValueError, match="two handlers"):
        handler()
    assert registry.kinds() == ("test",)


class Hopeless(RegistryError):
    """An error that trying again does not help."""

    title = msg("Failed")
    is_final = True


def test_a_final_error_is_not_tried_again_and_keeps_its_message(app: Flask, handler: Callable[..., Calls]) -> None:
    handler(Hopeless())
    enqueue()
    assert leases.run_next()
    assert job().status is JobStatus.FAILED
    kept = reasons.read(job().last_error)
    assert isinstance(kept, Message)
    assert kept.english == "Failed"
