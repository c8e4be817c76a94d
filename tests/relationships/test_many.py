"""A record with very many parties does not make whoever saves it wait for every relationship."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.activities.enums import Part
from registry.activities.inputs import PartyLine
from registry.core.db import db, transaction
from registry.jobs.models import Job
from registry.mechanisms.inputs import SideLine
from registry.organisations.models import Organisation, OrganisationKind
from registry.relationships import services
from registry.relationships.models import Relationship
from registry.relationships.upkeep import follow_later
from tests.activities.fairs import make_activity
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import counted
from tests.factories import make_organisation, make_region
from tests.mechanisms.meetings import make_mechanism

CITIES, SCHOOLS = 6, 5


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def crowd(scene: Scene) -> list[Organisation]:
    """Six bureaus and five universities: thirty pairs."""
    places = [make_region(f"21{n:02}00", f"第{n}市", f"City {n}") for n in range(10, 9 + CITIES)]
    bureaus = [make_organisation(f"第{n}市局", OrganisationKind.HR_BUREAU, place) for n, place in enumerate(places)]
    schools = [make_organisation(f"第{n}大学", OrganisationKind.UNIVERSITY) for n in range(1, SCHOOLS)]
    return [scene.bureau.organisation, scene.university.organisation, *bureaus, *schools]


def launch(scene: Scene) -> None:
    with transaction():
        parties = tuple(PartyLine(Part.ORGANISER, one.public_id) for one in crowd(scene))
    with counted() as statements, transaction():
        make_activity(scene, parties=parties)
    assert len(statements) < 200


def how_many() -> int:
    return db.session.scalar(select(func.count(Relationship.id))) or 0


def jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == services.FOLLOW_JOB)))


def test_many_are_brought_in_step_by_the_worker(scene: Scene) -> None:
    launch(scene)
    assert how_many() == 0
    (job,) = jobs()
    for _ in range(2):  # as a job may be done twice
        follow_later(job.payload)
        assert how_many() == CITIES * SCHOOLS


def test_few_are_in_step_at_once(scene: Scene) -> None:
    with transaction():
        sides = tuple(SideLine(one.public_id) for one in crowd(scene)[:6])
        make_mechanism(scene, sides=sides)
    assert how_many() == 5
    assert jobs() == []
