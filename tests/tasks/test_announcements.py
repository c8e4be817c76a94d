"""Who is told of a task, and who is not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.messages.models import Message
from registry.tasks import closing, services, supervision
from registry.tasks.enums import SlipColour, TaskSource
from registry.tasks.inputs import SlipDetails

from .scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def titles(user: User) -> list[str]:
    """What somebody was told."""
    told = select(Message.title_zh).where(Message.recipient_id == user.id).order_by(Message.id)
    return list(db.session.scalars(told))


def test_from_assigning_to_striking_off(scene: Scene) -> None:
    doer, head = scene.university.handler, scene.bureau.section_head
    with transaction():
        task = scene.task()
    with transaction():
        closing.request_close(task, "已举办", doer)
    with transaction():
        closing.send_back(task, "请补充照片", head)
    with transaction():
        closing.request_close(task, "已补充", doer)
    with transaction():
        closing.close(task, "属实", head)
    name = task.title_zh
    assert titles(doer) == [f"新任务：{name}", f"任务销号申请被退回：{name}", f"任务已核验销号：{name}"]
    assert titles(head) == [f"任务申请销号，请核验：{name}"] * 2
    assert titles(scene.bureau.handler) == []  # assigned it, and verifies nothing
    assert titles(scene.helper.handler) == titles(scene.province.handler) == []


def test_whoever_is_named_is_told(scene: Scene) -> None:
    viewer = scene.university.leader
    with transaction():
        task = scene.task(assignee=viewer.public_id)
    assert titles(viewer) == [f"新任务：{task.title_zh}"]
    with transaction():
        services.name_assignee(task, scene.university.section_head.public_id, scene.university.handler)
    assert titles(scene.university.section_head)[-1] == f"任务已指定由您办理：{task.title_zh}"


def test_who_was_named_and_moved_away_is_told_nothing_more(scene: Scene) -> None:
    viewer = scene.university.leader
    with transaction():
        task = scene.task(assignee=viewer.public_id)
        closing.request_close(task, "已举办", scene.university.handler)
        viewer.organisation = scene.province.organisation
    with transaction():
        closing.send_back(task, "请补充照片", scene.bureau.section_head)
    assert titles(viewer) == [f"新任务：{task.title_zh}"]


def test_a_slip_is_told_to_the_lead(scene: Scene) -> None:
    with transaction():
        task = scene.task()
        task.set_deadline(today() - timedelta(days=9), today() - timedelta(days=2), None, None)
        supervision.issue(task, SlipDetails(SlipColour.RED, "请说明"), scene.bureau.section_head)
    assert titles(scene.university.leader) == [f"收到督办单：{task.title_zh}"]


def test_tasks_that_the_registry_opens_are_told_by_its_reminders(scene: Scene) -> None:
    with transaction():
        services.assign(scene.new(source=TaskSource.REMINDER, key="k"), None)
    assert titles(scene.university.handler) == []
