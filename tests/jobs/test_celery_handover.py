"""Handing ids to Celery; Celery itself is not installed for the tests, so a stand-in takes what it is given."""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from registry.jobs import daily
from registry.jobs.models import JobStatus

from .conftest import Calls, enqueue, job


class StandIn:
    """As much of Celery as is used."""

    def __init__(self, _name: str, broker: str) -> None:
        self.broker = broker
        self.conf: dict[str, Any] = {}
        self.sent: list[tuple[str, list[int]]] = []
        self.tasks: dict[str, Callable[..., None]] = {}

    def send_task(self, name: str, args: list[int], **_options: Any) -> None:
        self.sent.append((name, args))

    def task(self, name: str) -> Callable[[Callable[..., None]], None]:
        return lambda function: self.tasks.__setitem__(name, function)


@pytest.fixture
def handover(app: Flask, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with the stand-in for Celery."""
    monkeypatch.setitem(sys.modules, "celery", SimpleNamespace(Celery=StandIn))
    monkeypatch.delitem(sys.modules, "registry.jobs.celery_handover", raising=False)
    monkeypatch.setattr(daily, "_tasks", {})
    return import_module("registry.jobs.celery_handover")


def test_ids_are_sent(handover: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    made = StandIn("registry", "")
    monkeypatch.setattr(handover, "client", lambda _broker: made)
    handover.dispatcher("redis://broker")([3, 4])
    assert made.sent == [(handover.RUN, [3]), (handover.RUN, [4])]


def test_a_task_does_the_job_of_its_id(app: Flask, handover: ModuleType, handler: Callable[..., Calls]) -> None:
    calls = handler()
    enqueue(payload={"id": 1})
    number = job().id
    worker = handover.worker(app)
    worker.tasks[handover.RUN](number)
    worker.tasks[handover.RUN](number)
    assert (len(calls), job().status) == (1, JobStatus.DONE)


def test_the_sweep_hands_over_what_is_due(app: Flask, handover: ModuleType, handler: Callable[..., Calls]) -> None:
    handler()
    enqueue()
    worker = handover.worker(app)
    worker.tasks[handover.SWEEP]()
    assert worker.sent == [(handover.RUN, [job().id])]
    assert worker.conf["beat_schedule"]["sweep"]["task"] == handover.SWEEP
