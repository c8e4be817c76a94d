"""Findings become tasks; the visit says how far they have come."""

from typing import Any

import pytest
from flask import Flask

from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.tasks import closing
from registry.tasks.enums import TaskSource
from registry.tasks.models import Task
from registry.tasks.queries import tasks_of
from registry.visits.enums import Aftermath
from registry.visits.inputs import FindingTask
from registry.visits.models import Visit
from registry.visits.queries.aftermath import aftermath_of
from registry.visits.queries.listing import LISTING, Filter, conditions
from registry.visits.services import findings

from .scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def visit(scene: Scene) -> Visit:
    with transaction():
        return scene.visit(visited=scene.bureau.organisation.public_id, problems=("岗位征集未按期", "联络人空缺"))


def assign(scene: Scene, visit: Visit, number: int = 0, **changes: object) -> Task:
    given: dict[str, object] = {"lead": scene.school.organisation.public_id, "days": 10}
    task = FindingTask(**given | changes)  # type: ignore[arg-type]  # any field of the task
    with transaction():
        return findings.assign(visit, visit.problems[number], task, scene.school.handler)


def close(scene: Scene, task: Task) -> None:
    with transaction():
        closing.request_close(task, "已征集岗位12个", scene.school.handler)
        closing.close(task, "属实", scene.school.section_head)


def test_a_finding_becomes_a_task_of_its_lead(scene: Scene, visit: Visit) -> None:
    task = assign(scene, visit)
    assert (task.title_zh, task.origin, task.lead) == ("岗位征集未按期", TaskSource.FINDING, scene.school.organisation)
    assert [row.public_id for row in tasks_of("visit", visit.public_id, scene.school.handler)] == [task.public_id]
    with pytest.raises(Conflict):
        assign(scene, visit)


def test_the_aftermath_follows_the_tasks(scene: Scene, visit: Visit) -> None:
    assert aftermath_of(visit) is None
    first, second = assign(scene, visit), assign(scene, visit, 1)
    close(scene, first)
    assert aftermath_of(visit) is Aftermath.RECTIFYING
    close(scene, second)
    assert aftermath_of(visit) is Aftermath.SETTLED
    with transaction():
        closing.reopen(second, "又空缺", scene.school.section_head)
    assert aftermath_of(visit) is Aftermath.RECTIFYING


def test_whoever_sees_the_visit_is_told_the_same(scene: Scene, visit: Visit) -> None:
    """The bureau was visited; the task is none of its own, and still open."""
    assign(scene, visit)
    set_viewer(scene.bureau.organisation.id)
    assert db.session.query(Task).count() == 0
    assert aftermath_of(visit) is Aftermath.RECTIFYING
    (row,) = LISTING.page(scene.bureau.viewer, (), 0, 9)
    assert row.aftermath is Aftermath.RECTIFYING


@pytest.mark.parametrize(("wanted", "count"), [(Aftermath.RECTIFYING, 1), (Aftermath.SETTLED, 0)])
def test_lists_are_narrowed_to_it(scene: Scene, visit: Visit, wanted: Aftermath, count: int) -> None:
    assign(scene, visit)
    with transaction():
        scene.visit()
    narrowing = conditions(Filter(aftermath=wanted), scene.school.viewer)
    assert LISTING.count(scene.school.viewer, narrowing, 9) == count


def test_findings_may_come_later(scene: Scene, visit: Visit) -> None:
    with transaction():
        findings.add_finding(visit, " 协议未张贴 ", scene.school.section_head)
    assert [(one.position, one.text) for one in visit.problems][-1] == (3, "协议未张贴")
    with pytest.raises(Invalid), transaction():
        findings.add_finding(visit, "  ", scene.school.handler)
    with pytest.raises(Forbidden), transaction():
        findings.add_finding(visit, "问题", scene.bureau.handler)


def test_a_planned_visit_has_found_nothing_yet(scene: Scene) -> None:
    with transaction():
        visit = scene.planned()
    with pytest.raises(Conflict), transaction():
        findings.add_finding(visit, "问题", scene.school.handler)


@pytest.mark.parametrize("changes", [{"lead": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, {"days": 0}])
def test_a_task_without_lead_or_deadline_is_refused(scene: Scene, visit: Visit, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        assign(scene, visit, **changes)
    assert visit.problems[0].task_id is None


def test_a_cancelled_task_settles_nothing_and_gives_the_finding_free(scene: Scene, visit: Visit) -> None:
    task = assign(scene, visit)
    with transaction():
        closing.cancel(task, "派错单位", scene.school.section_head)
    assert aftermath_of(visit) is None
    assert not visit.problems[0].is_dealt_with
    again = assign(scene, visit)
    assert visit.problems[0].task is again
    assert aftermath_of(visit) is Aftermath.RECTIFYING
    close(scene, again)
    assert aftermath_of(visit) is Aftermath.SETTLED
