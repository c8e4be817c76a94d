"""Taking an import back: whole, or not at all where anybody did anything with what it entered; and two at a time."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.access.actions import Action
from registry.core.db import db, transaction
from registry.core.errors import Conflict
from registry.jobs.models import Job
from registry.ledgers import jobs
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.services import batches, undoing
from registry.ledgers.services.batches import ENTER_JOB
from registry.ledgers.targets import catalogue
from registry.ledgers.targets.catalogue import target
from registry.records.services import settle
from registry.search.models import SearchEntry
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.services import assign
from registry.visits.models import Visit
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import again, book, entered, imported, rows, work
from .test_import import build

HEAD = ("走访日期", "走访单位名称", "走访形式", "带队领导", "职务", "拓展就业岗位数")
LINES = [(f"2023-05-{day:02}", "示例制造有限公司", "实地", "甲某", "校长", "5") for day in (9, 10, 11)]
CODE = "visit_enterprise"


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def count(kind: type[Visit] | type[SearchEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def use(school: Side, visit: Visit) -> None:
    task = NewTask(
        "回访", TaskSource.FINDING, school.organisation.public_id, days=5, subject_kind="visit",
        subject_public_id=visit.public_id,
    )  # fmt: skip
    assign(task, school.handler)


def change(school: Side, visit: Visit) -> None:
    visit.feedback = "很好"
    settle(visit, school.handler, Action.VISIT_EDIT, {"feedback": ("", "很好")})


@pytest.mark.parametrize("touch", [use, change])
def test_what_somebody_touched_stays_with_all_others(
    scene: tuple[Side, Side], touch: Callable[[Side, Visit], None]
) -> None:
    school = scene[1]
    batch = entered(imported(book(HEAD, *LINES), CODE, school.handler), school.handler)
    with transaction():
        touch(school, db.session.scalars(select(Visit).order_by(Visit.id)).all()[1])
    with pytest.raises(Conflict), transaction():
        undoing.undo(again(batch), target(CODE), school.handler)
    assert (count(Visit), again(batch).state) == (3, BatchState.ENTERED)
    assert all(row.is_entered for row in rows(batch))


def test_what_is_taken_back_is_found_nowhere(scene: tuple[Side, Side]) -> None:
    school, before = scene[1], count(SearchEntry)
    batch = entered(imported(book(HEAD, *LINES), CODE, school.handler), school.handler)
    assert count(SearchEntry) == before + 3  # the search has heard of all
    with transaction():
        undoing.undo(again(batch), target(CODE), school.handler)
    assert (count(Visit), count(SearchEntry)) == (0, before)
    assert {row.record_public_id for row in rows(batch)} == {""}
    with pytest.raises(Conflict), transaction():
        undoing.undo(again(batch), target(CODE), school.handler)


def test_confirmed_twice_it_is_entered_once(scene: tuple[Side, Side]) -> None:
    school = scene[1]
    batch = imported(book(HEAD, *LINES), CODE, school.handler)
    with transaction():
        batches.confirm(again(batch), target(CODE), school.handler)
    with pytest.raises(Conflict), transaction():
        batches.confirm(again(batch), target(CODE), school.handler)
    payload = db.session.scalars(select(Job).where(Job.kind == ENTER_JOB)).one().payload
    work()
    jobs.enter(payload)  # a lease ran out, and another worker does it again
    assert (count(Visit), again(batch).state) == (3, BatchState.ENTERED)


def test_only_the_first_visit_of_an_import_is_the_first(scene: tuple[Side, Side]) -> None:
    school = scene[1]
    entered(imported(book(HEAD, *reversed(LINES)), CODE, school.handler), school.handler)
    visits = db.session.scalars(select(Visit).order_by(Visit.held_on)).all()
    assert [one.is_first for one in visits] == [True, False, False]


def test_what_nobody_expected_leaves_nothing_and_waits_for_nobody(
    scene: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    school = scene[1]
    batch = imported(book(HEAD, *LINES), CODE, school.handler)
    with transaction():
        batches.confirm(again(batch), target(CODE), school.handler)
    payload = db.session.scalars(select(Job).where(Job.kind == ENTER_JOB)).one().payload

    def fails(*_given: object) -> list[str]:
        raise RuntimeError("a disk is full")

    monkeypatch.setitem(catalogue.TARGETS, CODE, replace(target(CODE), enter=fails))
    with pytest.raises(RuntimeError):
        jobs.enter(payload)
    assert (count(Visit), again(batch).state) == (0, BatchState.CHECKED)
    assert "unexpected" in again(batch).error
    monkeypatch.undo()
    assert entered(batch, school.handler).state is BatchState.ENTERED
    assert {row.state for row in rows(batch)} == {RowState.NEW}
