"""Reminders: visits that nobody recorded, follow-ups that nobody planned; closed when the cause is gone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationStatus, WorkdayKind, WorkdayOverride, WorkdayYear
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.models import Task
from registry.visits.enums import VisitKind, VisitState
from registry.visits.services import entry, reminders

from .scene import Scene, make_scene

TODAY = today()
LATE = TODAY - timedelta(days=3)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def tasks() -> dict[str, TaskState]:
    """The registry's own tasks, by what their key ends with."""
    rows = db.session.scalars(select(Task).where(Task.origin == TaskSource.REMINDER))
    return {row.key.rpartition(":")[2]: row.state for row in rows}


def test_a_visit_that_nobody_recorded(scene: Scene) -> None:
    with transaction():
        visit = scene.planned(day=LATE)
        scene.planned(day=TODAY)
        scene.planned(day=TODAY - timedelta(days=90))
    reminders.remind(TODAY)
    reminders.remind(TODAY)
    assert tasks() == {"record": TaskState.OPEN}
    assert db.session.scalars(select(Task)).one().lead is scene.school.organisation
    with transaction():
        entry.hold(visit, scene.details(day=LATE), scene.school.handler)
    assert tasks() == {"record": TaskState.CLOSED}
    reminders.remind(TODAY)
    assert tasks() == {"record": TaskState.CLOSED}


@pytest.mark.parametrize("how", ["dropped", "put off"])
def test_it_is_also_done_with_what_did_not_take_place(scene: Scene, how: str) -> None:
    with transaction():
        visit = scene.planned(day=LATE)
    reminders.remind(TODAY)
    with transaction():
        if how == "dropped":
            entry.drop(visit, VisitState.CANCELLED, "企业改期", scene.school.handler)
        else:
            later = scene.details(day=TODAY + timedelta(days=5), took_place=False)
            entry.edit(visit, later, scene.school.handler)
    assert tasks() == {"record": TaskState.CLOSED}


def test_a_follow_up_that_nobody_planned(scene: Scene) -> None:
    with transaction():
        scene.visit(day=TODAY - timedelta(days=20), next_on=TODAY - timedelta(days=8))
    reminders.remind(TODAY)
    assert tasks() == {"follow_up": TaskState.OPEN}
    with transaction():
        scene.planned(kind=VisitKind.FIELD_DOCKING, day=TODAY + timedelta(days=3))
    assert tasks() == {"follow_up": TaskState.CLOSED}
    reminders.remind(TODAY)
    assert tasks() == {"follow_up": TaskState.CLOSED}


def test_another_ones_visit_is_no_follow_up(scene: Scene) -> None:
    with transaction():
        scene.visit(day=TODAY - timedelta(days=20), next_on=TODAY - timedelta(days=8))
        scene.visit(scene.bureau.handler, day=TODAY)
    reminders.remind(TODAY)
    assert tasks() == {"follow_up": TaskState.OPEN}


def test_counted_days_follow_the_arrangement_of_the_year(scene: Scene) -> None:
    """2031 becomes known: the Monday that a follow-up was counted to is a holiday."""
    with transaction():
        counted = scene.planned(day=date(2031, 11, 7), follow_up_days=1)
        chosen = scene.planned(day=date(2031, 11, 7), next_on=date(2031, 11, 10))
    assert counted.next_on == date(2031, 11, 10)
    with transaction():
        db.session.add(WorkdayYear(year=2031, source="测试"))
        db.session.add(WorkdayOverride(day=date(2031, 11, 10), kind=WorkdayKind.HOLIDAY))
    reminders.count_again()
    db.session.expire_all()
    assert (counted.next_on, chosen.next_on) == (date(2031, 11, 11), date(2031, 11, 10))


@pytest.mark.parametrize("next_on", [None, TODAY + timedelta(days=9)])
def test_a_follow_up_that_is_put_off_or_taken_back(scene: Scene, next_on: date | None) -> None:
    with transaction():
        visit = scene.visit(day=TODAY - timedelta(days=20), next_on=TODAY - timedelta(days=8))
    reminders.remind(TODAY)
    with transaction():
        entry.edit(visit, scene.details(day=TODAY - timedelta(days=20), next_on=next_on), scene.school.handler)
    assert tasks() == {"follow_up": TaskState.CLOSED}


def test_who_was_dissolved_keeps_nobody_else_from_being_reminded(scene: Scene) -> None:
    with transaction():
        scene.planned(day=LATE)
        scene.visit(day=TODAY - timedelta(days=20), next_on=TODAY - timedelta(days=8))
        scene.visit(scene.bureau.handler, kind=VisitKind.FIELD_DOCKING, day=LATE, took_place=False, findings="")
        scene.school.organisation.status = OrganisationStatus.CLOSED
    reminders.remind(TODAY)
    assert [task.lead for task in db.session.scalars(select(Task))] == [scene.bureau.organisation]
