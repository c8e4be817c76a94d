"""Enterprise docking in relationships: contact of the bureau and the university, never of the enterprise."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.docking import services
from registry.docking.enums import DropReason, Stage
from registry.docking.inputs import Loss
from registry.relationships.enums import Level
from registry.relationships.models import Relationship
from registry.relationships.pairs import Pair
from registry.relationships.queries import timeline
from registry.relationships.sources import docking
from tests.docking.pipeline import Pipeline, make_pipeline
from tests.factories import make_user


@pytest.fixture
def line(app: Flask) -> Pipeline:
    with transaction():
        return make_pipeline()


def only() -> Relationship:
    return db.session.scalars(select(Relationship)).one()


def test_a_stated_need_is_no_contact_yet_and_what_follows_is(line: Pipeline) -> None:
    with transaction():
        case = line.case()
    assert db.session.scalars(select(Relationship)).all() == []
    with transaction():
        line.move(case, Stage.VERIFIED)
        line.move(case, Stage.FIELD_DOCKING)
    found = only()
    assert (found.level, found.last_active_on) == (Level.CONTACT, case.sort_on)
    assert {side.organisation_id for side in found.sides} == {line.bureau.id, line.university.id}


def test_a_case_without_a_bureau_says_nothing_of_a_locality(line: Pipeline) -> None:
    with transaction():
        line.at(Stage.FIELD_DOCKING, bureau="")
    assert db.session.scalars(select(Relationship)).all() == []


def test_its_milestones_and_what_is_due(line: Pipeline) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
        services.plan(case, {Stage.ONBOARDED: today() + timedelta(days=40)}, line.handler)
    assert only().next_due_on == today() + timedelta(days=40)
    past, due = timeline(only(), line.handler)
    assert [one.what.english for one in past] == ["Contract signed", "Field docking", "Docking case registered"]
    assert past[0].note.endswith(" 10")
    assert [(one.what.english, one.on) for one in due] == [("On-boarded", today() + timedelta(days=40))]
    with transaction():
        services.lose(case, Loss(DropReason.CANCELLED, "岗位取消"), line.handler)
    past, due = timeline(only(), line.handler)
    assert past[0].what.english == "Docking case lost"
    assert list(due) == []
    assert only().next_due_on is None


def test_the_timeline_shows_cases_to_those_who_see_them(line: Pipeline) -> None:
    with transaction():
        line.at(Stage.FIELD_DOCKING)
        stranger = make_user()
    pair = Pair(only().locality_code, line.university.id)
    assert docking.entries(pair, line.handler) != []
    assert docking.entries(pair, stranger) == []
