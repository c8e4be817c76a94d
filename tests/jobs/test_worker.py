"""The worker's thread."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask

from registry.jobs import daily, registry, worker
from registry.jobs.models import JobStatus
from registry.jobs.worker import Worker, start_worker

from .conftest import PATIENCE, enqueue, job


@pytest.fixture
def started(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    """Starts workers without daily tasks, and stops them at the end."""
    monkeypatch.setattr(daily, "_tasks", {})
    monkeypatch.setattr(registry, "_works", {})
    running: list[Worker] = []

    def start() -> Worker:
        running.append(start_worker(app))
        return running[-1]

    yield start
    assert all(each.stop(PATIENCE) for each in running)


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Seconds until something was so."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def test_a_job_starts_at_once(started: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 60.0)
    done = threading.Event()
    registry.handles("test")(lambda _payload: done.set())
    started()
    time.sleep(0.3)  # it has looked, and sleeps
    enqueue()
    assert done.wait(PATIENCE)
    wait_until(lambda: job().status is JobStatus.DONE)


def test_jobs_of_others_are_found_by_looking(started: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)
    monkeypatch.setattr("registry.jobs.dispatch.hand_over", lambda _ids: None)  # enqueued by another process
    done = threading.Event()
    registry.handles("test")(lambda _payload: done.set())
    started()
    enqueue()
    assert done.wait(PATIENCE)


def test_a_database_that_does_not_answer_is_asked_again(
    started: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSE_AFTER_ERROR", 0.01)
    errors = iter([RuntimeError("gone"), RuntimeError("still gone")])
    found = threading.Event()

    def look() -> bool:
        for error in errors:
            raise error
        found.set()
        return False

    monkeypatch.setattr(worker, "run_next", look)
    started()
    assert found.wait(PATIENCE)


def test_stopping_waits_for_the_job_in_hand(started: Callable[[], Worker]) -> None:
    begun, finished = threading.Event(), threading.Event()

    @registry.handles("test")
    def work(_payload: Mapping[str, Any]) -> None:
        begun.set()
        finished.wait(PATIENCE)

    running = started()
    enqueue()
    assert begun.wait(PATIENCE)
    assert not running.stop(0.1)
    finished.set()
    assert running.stop(PATIENCE)
    assert job().status is JobStatus.DONE


def test_the_first_look_enqueues_the_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[object] = []
    monkeypatch.setattr(daily, "_tasks", {})
    monkeypatch.setattr(registry, "_works", {})
    daily.daily("test")(days.append)
    made = Worker(app)
    assert made.work_once()
    assert not made.work_once()
    assert len(days) == 1
