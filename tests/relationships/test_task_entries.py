"""Tasks between the two sides stand on the timeline; they neither make a relationship nor wake a silent one."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.relationships.models import Relationship
from registry.relationships.queries import timeline
from registry.tasks import closing, services
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.models import Task
from tests.activities.fairs import make_activity
from tests.agreements.scene import Scene, make_scene

DUE = today() + timedelta(days=9)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def assign(scene: Scene, source: TaskSource = TaskSource.FINDING) -> Task:
    """The university asks the bureau for something."""
    asked = NewTask("协调解决实习住宿", source, lead=scene.bureau.organisation.public_id, due_on=DUE)
    with transaction():
        return services.assign(asked, scene.university.handler)


def found() -> list[Relationship]:
    return list(db.session.scalars(select(Relationship)))


def told(scene: Scene) -> tuple[list[str], list[str]]:
    (relationship,) = found()
    past, due = timeline(relationship, scene.bureau.handler)
    return [one.what.english for one in past], [one.what.english for one in due]


def test_a_task_alone_is_no_relationship(scene: Scene) -> None:
    assign(scene)
    assert found() == []


def test_a_task_is_told_and_due_until_it_is_struck_off(scene: Scene) -> None:
    with transaction():
        make_activity(scene)
    (relationship,) = found()
    active = relationship.last_active_on
    task = assign(scene)
    assert told(scene) == (["Task assigned", "Job fair"], ["Task due"])
    with transaction():
        closing.request_close(task, "已安排公寓", scene.bureau.handler)
        closing.close(task, "已核实", scene.university.section_head)
    assert told(scene) == (["Task struck off", "Task assigned", "Job fair"], [])
    assert (relationship.last_active_on, relationship.next_due_on) == (active, None)


def test_one_that_was_cancelled_is_not_told(scene: Scene) -> None:
    with transaction():
        make_activity(scene)
    task = assign(scene)
    with transaction():
        closing.cancel(task, "重复", scene.university.section_head)
    assert told(scene) == (["Job fair"], [])
