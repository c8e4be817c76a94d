"""Two runs at the same moment: everybody is told once, and has one digest."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.messages.enums import Topic
from registry.messages.models import Message
from registry.reminders import delivery, digest, jobs
from registry.reminders.models import Reminder, ReminderRun
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from tests.agreements.scene import make_scene

PATIENCE = 60.0  # seconds
TASKS = 7


@pytest.fixture
def day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> date:
    """Today has seven tasks due, read three by three; whatever day it is, people work."""
    monkeypatch.setattr("registry.reminders.sources.base.BATCH", 3)
    monkeypatch.setattr("registry.organisations.workdays.Calendar.works_on", lambda _calendar, _day: True)
    with transaction():
        scene = make_scene()
        lead = scene.university.organisation.public_id
        for number in range(TASKS):
            new = NewTask(f"任务{number}", TaskSource.JOINT_MEETING, lead, due_on=today())
            tasks.assign(new, scene.bureau.handler)
    db.session.remove()
    return today()


def at_once(app: Flask, *works: Callable[[], Any]) -> None:
    """Run them beside each other, each in a session of its own, beginning at the same moment."""
    together = Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        with app.app_context():
            together.wait(PATIENCE)
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        for one in [pool.submit(run, work) for work in works]:
            one.result(PATIENCE)


def counted(topic: Topic) -> int:
    """As of now: what this session read before is an older picture on SQLite."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Message.id)).where(Message.topic == topic)) or 0


def test_two_runs_at_once_tell_nobody_twice(app: Flask, day: date) -> None:
    at_once(app, *[lambda: jobs.remind(day)] * 3)
    assert db.session.scalar(select(func.count(Reminder.id))) == counted(Topic.REMINDER) == 2 * TASKS
    assert counted(Topic.DIGEST) == 2
    assert {run.through for run in db.session.scalars(select(ReminderRun))} == {day}


def test_a_run_that_begins_while_another_is_in_the_middle_finds_nothing(
    app: Flask, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either wrote: the unique key and the lock on what waits decide, not the looking."""
    looked = Barrier(2)
    look = delivery._tell_batch

    def wait_for_each_other(*given: Any) -> int:
        if looked.n_waiting < looked.parties and not looked.broken:
            looked.wait(PATIENCE)
        return look(*given)

    monkeypatch.setattr(delivery, "_tell_batch", wait_for_each_other)
    at_once(app, lambda: delivery.remind(day), lambda: delivery.remind(day))
    assert db.session.scalar(select(func.count(Reminder.id))) == counted(Topic.REMINDER) == 2 * TASKS
    at_once(app, lambda: digest.put_together(day), lambda: digest.put_together(day))
    assert counted(Topic.DIGEST) == 2
