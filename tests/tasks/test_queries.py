"""Lists by light agree with the light of each row; what waits for whom."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import insert, select

from registry.accounts.models import User
from registry.agreements.todo import number_of, rows_of
from registry.core.db import db, transaction
from registry.organisations.workdays import calendar
from registry.tasks import closing, policy, todo
from registry.tasks.enums import Light, TaskSource, TaskState
from registry.tasks.lights import Horizon
from registry.tasks.models import Task, TaskVisibility
from registry.tasks.queries import LISTING, Filter, conditions, horizon_now, light_of
from tests.tasks.scene import Scene, make_scene

MOST = 500


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def found(actor: User, wanted: Filter) -> list[str]:
    rows = LISTING.page(actor, list(conditions(wanted, actor, horizon_now())), 0, MOST)
    return [row.title_zh for row in rows]


def waiting(user: User) -> list[tuple[str, str]]:
    rows = rows_of(todo.parts_for(user))
    assert db.session.scalar(select(number_of(todo.parts_for(user)))) == len(rows)
    return [(row.task, row.title_zh) for row in rows]


def around(sky: Horizon) -> Iterator[tuple[date, date, int]]:
    """First day, deadline and share around every boundary."""
    days = calendar()
    dues = [sky.today - timedelta(days=1), sky.today, *(days.add(sky.today, number).day for number in (5, 6, 10, 11))]
    for due_on, start, percent in product(dues, (-40, -30, -1, 0, 1), (0, 17, 29, 30, 44, 45, 60, 90, 99, 100)):
        yield min(sky.today + timedelta(days=start), due_on), due_on, percent


def test_every_light_lists_the_rows_that_show_it(scene: Scene) -> None:
    """By one predicate in the database and one in Python."""
    sky, bureau = horizon_now(), scene.bureau.organisation
    common = {"title_zh": "任务", "owner_id": bureau.id, "lead_id": bureau.id, "origin": TaskSource.CLAUSE}
    with transaction():
        closing.cancel(scene.task(), "不再需要", scene.bureau.leader)
        scene.closed()
        names = ("starts_on", "due_on", "percent")
        given = [common | {"sort_on": row[1]} | dict(zip(names, row, strict=True)) for row in around(sky)]
        made = db.session.scalars(insert(Task).returning(Task), given).all()
        seen = {"organisation_id": bureau.id, "state": "open", "is_party": True}
        db.session.execute(
            insert(TaskVisibility), [seen | {"record_id": one.id, "sort_on": one.due_on} for one in made]
        )
    rows = LISTING.page(scene.bureau.handler, [], 0, MOST)
    assert len(rows) == 302
    for light in Light:
        shown = {row.public_id for row in rows if light_of(row, sky) is light}
        wanted = conditions(Filter(light=light), scene.bureau.handler, sky)
        assert shown == {row.public_id for row in LISTING.page(scene.bureau.handler, wanted, 0, MOST)} != set(), light


def test_filters(scene: Scene) -> None:
    with transaction():
        scene.task(title_zh="大学的", assignee=scene.university.handler.public_id)
        scene.own(title_zh="自己的", source=TaskSource.FINDING)
        late = scene.task(title_zh="逾期的")
        yesterday = horizon_now().today - timedelta(days=1)
        late.set_deadline(yesterday, yesterday, None, None)
        closing.request_close(scene.task(title_zh="申请的"), "已办", scene.university.leader)
    theirs, ours = scene.university.handler, scene.bureau.handler
    assert found(theirs, Filter(whose="mine")) == ["大学的"]
    assert sorted(found(scene.helper.handler, Filter(whose="unit"))) == sorted(["逾期的", "大学的", "申请的"])
    assert found(ours, Filter(whose="unit")) == ["自己的"]
    assert len(found(ours, Filter(whose="assigned"))) == 4
    assert found(theirs, Filter(whose="assigned")) == []
    assert found(ours, Filter(overdue=True)) == ["逾期的"]
    assert found(ours, Filter(source=TaskSource.FINDING)) == ["自己的"]
    assert found(ours, Filter(state=TaskState.CLOSE_REQUESTED)) == ["申请的"]
    assert found(ours, Filter(text="自己")) == ["自己的"]
    assert found(ours, Filter(text="测试市局")) == ["自己的"]
    assert found(ours, Filter(lead=scene.bureau.organisation.public_id)) == ["自己的"]
    assert LISTING.count_by_state(ours, TaskState, MOST) == {"open": 3, "close_requested": 1}


def test_batches_go_on_in_the_same_order(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.records.queries.EXPORT_BATCH", 2)
    with transaction():
        for number in (3, 1, 1, 2, 5):
            scene.task(title_zh=str(number), days=number)
    batches = LISTING.batches(scene.bureau.handler, [])
    assert [row.title_zh for batch in batches for row in batch] == ["1", "1", "2", "3", "5"]


def test_what_waits_for_whom(scene: Scene) -> None:
    with transaction():
        scene.task(title_zh="有人的", assignee=scene.university.handler.public_id, days=2)
        scene.task(title_zh="没人的", days=1)
    assert waiting(scene.university.handler) == [(todo.UNIT, "没人的"), (todo.MINE, "有人的")]
    assert waiting(scene.university.section_head) == [(todo.UNIT, "没人的"), (todo.UNIT, "有人的")]
    for person in (scene.university.leader, scene.university.viewer, scene.bureau.handler, scene.helper.handler):
        assert waiting(person) == []


def test_a_close_out_waits_for_those_who_may_verify_it(scene: Scene) -> None:
    with transaction():
        scene.requested()
        closing.request_close(scene.own(title_zh="自己的"), "已办", scene.bureau.handler)
    assert {title for _word, title in waiting(scene.bureau.section_head)} == {"落实专场招聘会筹备", "自己的"}
    assert {title for _word, title in waiting(scene.bureau.leader)} == {"落实专场招聘会筹备", "自己的"}
    for person in (scene.university.section_head, scene.bureau.handler):
        assert waiting(person) == []


def test_verifiers_of_the_list_are_those_of_the_policy(scene: Scene) -> None:
    """Whoever it waits for may do it, and whoever may do it is told."""
    with transaction():
        tasks: list[Task] = [scene.requested(), scene.own(title_zh="自己的")]
        closing.request_close(tasks[1], "已办", scene.bureau.section_head)
        tasks.append(scene.own(title_zh="分管领导的", assignee=scene.bureau.leader.public_id))
        closing.request_close(tasks[2], "已办", scene.bureau.handler)
    for side in (scene.bureau, scene.university, scene.province):
        for person in side.people.values():
            told = {row.public_id for row in rows_of(todo.parts_for(person)) if row.task == todo.VERIFY}
            assert told == {task.public_id for task in tasks if policy.may_close(person, task)}
