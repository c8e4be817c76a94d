"""Who assigns what to whom, by when; and the tasks that the registry opens and closes itself."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.mechanisms import services as mechanisms
from registry.mechanisms.inputs import MechanismDetails, SideLine
from registry.organisations.models import OrganisationStatus
from registry.tasks import closing, services
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.inputs import TaskDetails
from registry.tasks.models import Task
from registry.tasks.queries import LISTING, tasks_of
from tests.agreements import clock
from tests.tasks.scene import Scene, make_scene, outsider

LAST_OF_SEPTEMBER = date(2026, 9, 30)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def test_a_key_that_somebody_opened_at_the_same_moment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        first = scene.task(key="silent:1")
    answers = iter([None, first.id])  # nothing there when it is looked for, something when it is written

    def look(_key: str) -> Task | None:
        number = next(answers)
        return db.session.get(Task, number) if number else None

    monkeypatch.setattr(services, "open_of_key", look)
    with transaction():
        assert scene.task(key="silent:1").id == first.id
        other = scene.task(key="")
    assert db.session.scalars(select(Task.id).order_by(Task.id)).all() == [first.id, other.id]


@pytest.fixture
def before_the_holiday(monkeypatch: pytest.MonkeyPatch) -> clock.Clock:
    return clock.install(clock.Clock(LAST_OF_SEPTEMBER), monkeypatch)


def details(task: Task, **changes: object) -> TaskDetails:
    given: dict[str, object] = {
        "title_zh": task.title_zh,
        "lead": task.lead.public_id,
        "supporting": tuple(unit.organisation.public_id for unit in task.units),
        "due_on": task.due_on,
    }
    return TaskDetails(**given | changes)  # type: ignore[arg-type]  # any field


def test_days_are_counted_in_working_days(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        task = scene.task(days=5)
    assert (task.due_on, task.counted_from, task.days) == (date(2026, 10, 13), LAST_OF_SEPTEMBER, 5)
    assert task.sort_on == task.due_on


def test_days_run_from_a_later_first_day(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        task = scene.task(days=1, starts_on=date(2026, 10, 12))
    assert (task.starts_on, task.due_on) == (date(2026, 10, 12), date(2026, 10, 13))


def test_a_day_is_taken_as_it_is(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        task = scene.task(days=None, due_on=date(2026, 10, 1))
    assert (task.due_on, task.counted_from, task.days) == (date(2026, 10, 1), None, None)


def test_everybody_concerned_sees_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        task = scene.task()
        stranger = outsider(scene)
    for side in (scene.bureau, scene.university, scene.helper, scene.province):
        assert LISTING.get(task.public_id, side.handler) is task
    with pytest.raises(NotFound):
        LISTING.get(task.public_id, stranger)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": None}, "due_on"),
        ({"days": 0}, "days"),
        ({"days": 1001}, "days"),
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"lead": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "lead"),
        ({"supporting": ("01ARZ3NDEKTSV4RRFFQ69G5FAV",)}, "supporting"),
        ({"assignee": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "assignee"),
    ],
)
def test_what_cannot_be_taken(scene: Scene, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        scene.task(**changes)
    assert set(refused.value.fields) == {field}


def test_a_lead_does_not_support_itself(scene: Scene) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        scene.task(supporting=(scene.university.organisation.public_id,))
    assert set(refused.value.fields) == {"supporting"}


def test_a_closed_organisation_gets_no_task(scene: Scene) -> None:
    with transaction():
        scene.university.organisation.status = OrganisationStatus.CLOSED
    with pytest.raises(Invalid), transaction():
        scene.task()


def test_an_assignee_is_of_the_lead_and_may_do_tasks(scene: Scene) -> None:
    with transaction():
        assert scene.task(assignee=scene.university.handler.public_id).assignee is scene.university.handler
    for person in (scene.bureau.handler, scene.university.viewer):
        with pytest.raises(Invalid), transaction():
            scene.task(assignee=person.public_id)


def test_an_instruction_is_a_leaders(scene: Scene) -> None:
    with transaction():
        for person in (scene.bureau.leader, scene.bureau.viewer):
            assert scene.task(person, source=TaskSource.INSTRUCTION).owner is scene.bureau.organisation
    for person in (scene.bureau.handler, scene.bureau.section_head):
        with pytest.raises(Forbidden), transaction():
            scene.task(person, source=TaskSource.INSTRUCTION)


def test_viewers_assign_nothing_else(scene: Scene) -> None:
    with pytest.raises(Forbidden), transaction():
        scene.task(scene.bureau.viewer)


def test_a_subject_is_named_by_kind_and_seen_by_the_owner(scene: Scene) -> None:
    sides = tuple(SideLine(one.organisation.public_id) for one in (scene.bureau, scene.university))
    with transaction():
        mechanism = mechanisms.enter(MechanismDetails("测试对接机制", sides), scene.bureau.handler)
    about: dict[str, Any] = {"subject_kind": "mechanism", "subject_public_id": mechanism.public_id}
    with transaction():
        task = scene.task(**about)
    assert task.subject_title == "测试对接机制"
    (line,) = tasks_of("mechanism", mechanism.public_id, scene.helper.handler)
    assert (line.public_id, line.lead_zh, line.light) == (task.public_id, "测试大学", "blue")
    with transaction():
        stranger = outsider(scene)
    assert tasks_of("mechanism", mechanism.public_id, stranger) == []
    with pytest.raises(NotFound), transaction():
        scene.task(stranger, **about)


# Tasks of the registry itself


def test_one_open_task_for_a_key(scene: Scene) -> None:
    new = scene.new(source=TaskSource.REMINDER, key="silent:1")
    with transaction():
        task = services.assign(new, None)
        assert services.assign(new, None) is task
    assert task.owner is task.lead is scene.university.organisation
    with transaction():
        assert services.settle_key("silent:1", "已恢复活动") is task
    assert (task.state, task.closing_note, task.verified_by) == (TaskState.CLOSED, "已恢复活动", None)
    with transaction():
        assert services.settle_key("silent:1", "已恢复活动") is None
        assert services.assign(new, None) is not task


def test_a_key_is_found_whoever_looks(scene: Scene) -> None:
    with transaction():
        task = services.assign(scene.new(key="silent:2"), None)
    set_viewer(scene.stranger.id)
    with transaction():
        assert services.assign(scene.new(key="silent:2"), None) is task
        assert services.settle_key("silent:2", "完成") is task
    set_viewer(None)


def test_the_registry_may_assign_for_an_owner(scene: Scene) -> None:
    with transaction():
        task = services.assign(scene.new(owner=scene.bureau.organisation.public_id), None)
    assert task.owner is scene.bureau.organisation


def test_tasks_without_a_key_are_many(scene: Scene) -> None:
    with transaction():
        scene.task()
        scene.task()
    assert db.session.scalar(select(func.count(Task.id))) == 2


def test_a_settled_task_is_not_reopened_beside_a_new_one(scene: Scene) -> None:
    new = scene.new(key="silent:3", owner=scene.bureau.organisation.public_id)
    with transaction():
        task = services.assign(new, None)
        services.settle_key("silent:3", "完成")
        services.assign(new, None)
    with pytest.raises(Conflict), transaction():
        closing.reopen(task, "未完成", scene.bureau.leader)


# Changes


def test_the_owner_changes_it(scene: Scene) -> None:
    with transaction():
        task = scene.task(assignee=scene.university.handler.public_id)
    lead = scene.helper.organisation.public_id
    with transaction():
        services.edit(task, details(task, title_zh="改", lead=lead, supporting=()), scene.bureau.section_head)
    assert (task.title_zh, task.lead, task.assignee, task.units) == ("改", scene.helper.organisation, None, [])
    with pytest.raises(NotFound):
        LISTING.get(task.public_id, scene.university.handler)


def test_a_counted_deadline_stays_counted_when_only_words_change(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        task = scene.task(days=5)
    before_the_holiday.pass_days(1)
    with transaction():
        services.edit(task, details(task, due_on=None, days=5, goal="两场"), scene.bureau.handler)
    assert (task.due_on, task.counted_from) == (date(2026, 10, 13), LAST_OF_SEPTEMBER)


def test_a_past_deadline_may_stay(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        task = scene.task(days=1)
    before_the_holiday.pass_days(30)
    with transaction():
        services.edit(task, details(task, goal="两场"), scene.bureau.handler)
    with pytest.raises(Invalid), transaction():
        services.edit(task, details(task, due_on=date(2026, 10, 1)), scene.bureau.handler)


def test_others_do_not_change_it(scene: Scene) -> None:
    with transaction():
        task = scene.task()
    for person in (scene.university.leader, scene.province.leader, scene.bureau.viewer):
        with pytest.raises(Forbidden), transaction():
            services.edit(task, details(task), person)


def test_the_lead_names_who_does_it(scene: Scene) -> None:
    with transaction():
        task = scene.task()
        services.name_assignee(task, scene.university.handler.public_id, scene.university.section_head)
    assert task.assignee is scene.university.handler
    for person in (scene.bureau.section_head, scene.helper.section_head):
        with pytest.raises(Forbidden), transaction():
            services.name_assignee(task, "", person)
    with transaction():
        services.name_assignee(task, "", scene.university.handler)
    assert task.assignee is None


def test_deadlines_are_counted_again(before_the_holiday: clock.Clock, scene: Scene) -> None:
    with transaction():
        counted, fixed, done = scene.task(days=5), scene.task(days=None, due_on=date(2026, 10, 13)), scene.task(days=5)
        closing.cancel(done, "不再需要", scene.bureau.leader)
        for task in (counted, fixed, done):
            task.set_deadline(task.starts_on, date(2026, 10, 9), task.counted_from, task.days)
    services.count_again()
    assert [one.due_on.day for one in (counted, fixed, done)] == [13, 9, 9]
    events = select(func.count(AuditEvent.id)).where(AuditEvent.action == services.RECOUNTED)
    assert db.session.scalar(events) == 1
    services.count_again()
    assert db.session.scalar(events) == 1
