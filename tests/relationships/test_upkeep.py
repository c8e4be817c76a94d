"""What goes out of step without anybody's doing: a day that passed, a name that changed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.jobs.daily import names
from registry.relationships import upkeep
from registry.relationships.models import Relationship
from tests.agreements.scene import Scene, make_scene
from tests.mechanisms.meetings import established
from tests.workstations.stations import operating


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def only() -> Relationship:
    return db.session.scalars(select(Relationship)).one()


def test_what_fell_due_gives_way_to_what_is_due_next(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ends, later = today() + timedelta(days=5), today() + timedelta(days=6)
    with transaction():
        operating(scene, term_until=ends)
    assert only().next_due_on == ends
    monkeypatch.setattr("registry.relationships.sources.workstations.today", lambda: later)
    upkeep.put_right(ends)
    assert only().next_due_on == ends  # it is not over before the day is
    for _ in range(2):
        upkeep.put_right(later)
        assert only().next_due_on is None


@pytest.mark.parametrize(("zh", "en"), [("西北工业大学（新）", "New"), ("西北工业大学", ""), ("西北工业大学", "New")])
def test_a_university_is_called_as_it_is_called_now(scene: Scene, zh: str, en: str) -> None:
    with transaction():
        established(scene)
    with transaction():
        scene.university.organisation.rename(zh, en, today())
    for _ in range(2):
        upkeep.put_right(today())
        assert only().title_zh == f"鞍山市 — {zh}"
        assert only().title_en == (f"Anshan — {en}" if en else "")


def test_what_is_in_step_is_left_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        established(scene)
    monkeypatch.setattr(upkeep, "refresh", lambda pair: pytest.fail(f"{pair} was in step"))
    upkeep.put_right(today())
    assert "relationships.upkeep" in names()
