"""What a workstation adds to a relationship: the third rung while it runs, and lines of the timeline."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.db import db, transaction
from registry.relationships.enums import Level
from registry.relationships.models import Relationship
from registry.relationships.pairs import Pair
from registry.relationships.sources.workstations import entries, facts
from registry.workstations.services import moves
from tests.agreements.scene import Scene, make_scene
from tests.workstations.stations import days_ago, make_station, operating, record


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def relationship() -> Relationship:
    return db.session.scalars(select(Relationship)).one()


def level() -> Level:
    return relationship().level


def pair(scene: Scene) -> Pair:
    return Pair(scene.bureau.organisation.region_code, scene.university.organisation.id)


def test_a_running_station_is_the_third_rung(scene: Scene) -> None:
    with transaction():
        station = make_station(scene)
    assert level() is Level.CONTACT
    with transaction():
        moves.start(station, None, scene.bureau.leader)
        record(scene, station, days_ago(9))
    assert (level(), relationship().last_active_on) == (Level.WORKSTATION, days_ago(9))
    with transaction():
        moves.suspend(station, "停办", scene.bureau.leader)
    assert level() is Level.CONTACT


def test_its_days_stand_in_the_timeline_for_whoever_sees_it(scene: Scene) -> None:
    with transaction():
        station = operating(scene, term_until=days_ago(-30))
        record(scene, station, days_ago(9))
    told = [(entry.on, entry.is_due) for entry in entries(pair(scene), scene.university.handler)]
    assert told == [(station.unveiled_on, False), (days_ago(9), False), (days_ago(-30), True)]
    assert [fact.due for fact in facts(pair(scene))] == [days_ago(-30)]
    assert facts(Pair("210100", scene.university.organisation.id)) == []
