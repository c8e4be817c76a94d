"""From the first report to the close-out: who may, in which state, and what is refused."""

from dataclasses import replace

import pytest
from flask import Flask

from registry.accounts.models import User, UserRole
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.records.queries import history
from registry.tasks import closing, policy, services
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.inputs import Report, TaskDetails
from registry.tasks.models import TaskVisibility
from tests.factories import make_user
from tests.tasks.scene import Scene, make_scene, outsider


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def test_lead_and_supporting_report(scene: Scene) -> None:
    with transaction():
        task = scene.task()
        closing.report(task, Report("已联系20家单位", 40), scene.university.handler)
        closing.report(task, Report("场地已定", problems="经费未到位"), scene.helper.handler)
    assert task.percent == 40
    assert [(entry.note, entry.percent) for entry in task.progress] == [("场地已定", 40), ("已联系20家单位", 40)]


def test_the_share_is_the_leads_to_say(scene: Scene) -> None:
    with transaction():
        task = scene.task()
    with pytest.raises(Invalid) as refused, transaction():
        closing.report(task, Report("已办", 100), scene.helper.handler)
    assert set(refused.value.fields) == {"percent"}


def test_others_do_not_report(scene: Scene) -> None:
    with transaction():
        task = scene.task()
        others = (scene.bureau.handler, scene.province.handler, scene.university.viewer, outsider(scene))
    for person in others:
        with pytest.raises(Forbidden), transaction():
            closing.report(task, Report("已办"), person)


def test_the_close_out_needs_evidence_and_is_the_leads_to_ask(scene: Scene) -> None:
    with transaction():
        task = scene.task()
    with pytest.raises(Invalid) as refused, transaction():
        closing.request_close(task, "  ", scene.university.handler)
    assert set(refused.value.fields) == {"evidence"}
    for person in (scene.bureau.handler, scene.helper.handler):
        with pytest.raises(Forbidden), transaction():
            closing.request_close(task, "已办", person)
    with transaction():
        closing.request_close(task, "已举办2场", scene.university.handler)
    assert (task.state, task.requested_by) == (TaskState.CLOSE_REQUESTED, scene.university.handler)
    with pytest.raises(Conflict), transaction():
        closing.request_close(task, "已举办2场", scene.university.section_head)


def test_the_assigning_organisation_verifies(scene: Scene) -> None:
    with transaction():
        task = scene.requested()
    for person in (scene.university.section_head, scene.bureau.handler, scene.province.leader, scene.bureau.viewer):
        with pytest.raises(Forbidden), transaction():
            closing.close(task, "", person)
    with transaction():
        closing.close(task, "属实", scene.bureau.leader)
    assert (task.state, task.verified_by, task.closing_note) == (TaskState.CLOSED, scene.bureau.leader, "属实")
    states = db.session.query(TaskVisibility.state).distinct().all()
    assert states == [("closed",)]


def _also(user: User, role: Role) -> User:
    db.session.add(UserRole(user=user, role=role, granted_at=now()))
    return user


def test_an_own_task_is_verified_by_neither_who_asked_nor_who_did_it(scene: Scene) -> None:
    head = scene.bureau.section_head
    with transaction():
        task = scene.own()
        deputy = make_user(Role.SECTION_HEAD, organisation=scene.bureau.organisation)
        services.name_assignee(task, deputy.public_id, head)
        closing.request_close(task, "已办", head)
    for person in (head, deputy, scene.bureau.handler):
        with pytest.raises(Forbidden), transaction():
            closing.close(task, "", person)
    with transaction():
        closing.close(task, "", scene.bureau.leader)
    assert task.state is TaskState.CLOSED


def test_nobody_verifies_what_they_asked_for(scene: Scene) -> None:
    """Somebody who moved from the lead to the assigning organisation meanwhile."""
    with transaction():
        task = scene.requested()
        mover = _also(scene.university.handler, Role.SECTION_HEAD)
        mover.organisation = scene.bureau.organisation
    assert "cannot verify" in str(policy.may_close(mover, task).reason.key)  # type: ignore[union-attr]  # refused
    with pytest.raises(Forbidden), transaction():
        closing.send_back(task, "不属实", mover)


def test_sent_back_with_a_reason(scene: Scene) -> None:
    with transaction():
        task = scene.requested()
    with pytest.raises(Invalid), transaction():
        closing.send_back(task, "", scene.bureau.section_head)
    with transaction():
        closing.send_back(task, "缺少签到表", scene.bureau.section_head)
    assert (task.state, task.return_reason) == (TaskState.OPEN, "缺少签到表")
    with transaction():
        closing.request_close(task, "已补签到表", scene.university.handler)
    assert task.return_reason == ""


def test_reopened_with_a_reason_and_counted(scene: Scene) -> None:
    with transaction():
        task = scene.closed()
    with pytest.raises(Invalid), transaction():
        closing.reopen(task, "", scene.bureau.leader)
    with pytest.raises(Forbidden), transaction():
        closing.reopen(task, "重复计数", scene.university.leader)
    with transaction():
        closing.reopen(task, "重复计数", scene.bureau.leader)
    assert (task.state, task.reopened, task.closed_on, task.verified_by) == (TaskState.OPEN, 1, None, None)
    (latest, *_rest) = history(task)
    assert latest.reason == "重复计数"
    with pytest.raises(Conflict), transaction():
        closing.reopen(task, "再次", scene.bureau.leader)


def test_cancelled_with_a_reason(scene: Scene) -> None:
    with transaction():
        task = scene.task()
    with pytest.raises(Invalid), transaction():
        closing.cancel(task, " ", scene.bureau.leader)
    for person in (scene.bureau.handler, scene.university.leader):
        with pytest.raises(Forbidden), transaction():
            closing.cancel(task, "不再需要", person)
    with transaction():
        closing.cancel(task, "不再需要", scene.bureau.leader)
    assert task.state is TaskState.CANCELLED
    with pytest.raises(Conflict), transaction():
        closing.cancel(task, "不再需要", scene.bureau.leader)
    with pytest.raises(Conflict), transaction():
        closing.report(task, Report("已办"), scene.university.handler)


def test_an_instruction_is_changed_and_taken_back_by_a_leader_only(scene: Scene) -> None:
    with transaction():
        task = scene.task(scene.bureau.leader, source=TaskSource.INSTRUCTION, goal="请抓紧")
        changed = TaskDetails(task.title_zh, task.lead.public_id, goal="请月底前办结", days=5)
        for person in (scene.bureau.handler, scene.bureau.section_head):
            with pytest.raises(Forbidden):
                services.edit(task, changed, person)
        with pytest.raises(Forbidden):
            closing.cancel(task, "不再需要", scene.bureau.section_head)
        with pytest.raises(Invalid) as refused:
            services.edit(task, replace(changed, goal=" "), scene.bureau.leader)
        assert set(refused.value.fields) == {"goal"}
        services.edit(task, changed, scene.bureau.leader)
        assert task.goal == "请月底前办结"
        closing.cancel(task, "已另行安排", scene.bureau.leader)
        assert task.state is TaskState.CANCELLED
