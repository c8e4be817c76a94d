"""What visits say of a relationship: one held is contact, one planned is only due."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.relationships.enums import Level
from registry.relationships.models import Relationship
from registry.relationships.queries import timeline
from registry.visits.enums import VisitKind, VisitState
from registry.visits.inputs import VisitDetails
from registry.visits.models import Visit
from registry.visits.services import entry
from tests.agreements.scene import Scene, Side, make_scene
from tests.mechanisms.meetings import make_mechanism

AGO, AHEAD = today() - timedelta(days=30), today() + timedelta(days=30)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def visit(scene: Scene, by: Side | None = None, **changes: Any) -> Visit:
    """The bureau saw the university, or the other way round."""
    visitor = by or scene.bureau
    visited = scene.university if visitor is scene.bureau else scene.bureau
    given: dict[str, Any] = {
        "kind": VisitKind.RECIPROCAL, "day": AGO, "took_place": True, "findings": "商定岗位征集安排",
        "visited": visited.organisation.public_id,
    } | changes  # fmt: skip
    with transaction():
        return entry.enter(VisitDetails(**given), visitor.handler)


def planned(scene: Scene, **changes: Any) -> Visit:
    given: dict[str, Any] = {"day": AHEAD, "took_place": False, "findings": ""} | changes
    return visit(scene, **given)


def only() -> Relationship:
    return db.session.scalars(select(Relationship)).one()


def lines(scene: Scene, side: Side) -> tuple[list[str], list[str]]:
    past, due = timeline(only(), side.handler)
    return [one.what.english for one in past], [one.what.english for one in due]


@pytest.mark.parametrize("way", ["bureau", "university"])
def test_a_held_visit_is_contact_whoever_went(scene: Scene, way: str) -> None:
    made = visit(scene, getattr(scene, way), next_on=AHEAD)
    assert (only().level, only().last_active_on, only().next_due_on) == (Level.CONTACT, AGO, made.next_on)
    for side in (scene.bureau, scene.university):
        assert lines(scene, side) == (["Visit"], ["Next visit"])


def test_an_intention_alone_makes_no_relationship(scene: Scene) -> None:
    planned(scene)
    assert db.session.scalars(select(Relationship)).all() == []


def test_what_is_planned_is_due_and_no_activity(scene: Scene) -> None:
    visit(scene)
    made = planned(scene)
    assert (only().last_active_on, only().next_due_on) == (AGO, AHEAD)
    assert lines(scene, scene.bureau) == (["Visit"], ["Visit planned"])
    with transaction():
        entry.drop(made, VisitState.CANCELLED, "改期", scene.bureau.handler)
    assert only().next_due_on is None
    assert lines(scene, scene.bureau) == (["Visit"], [])


def test_visits_do_not_lower_the_ladder(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene, meetings=1)
    planned(scene)
    visit(scene, day=today())
    assert (only().level, only().last_active_on) == (Level.MECHANISM, today())


def test_an_employer_stands_for_no_place(scene: Scene) -> None:
    visit(scene, scene.university, visited="", visited_name="示例钢铁有限公司")
    assert db.session.scalars(select(Relationship)).all() == []
