"""Who takes part in a relationship: the university and the locality's own, not everybody who signs beside them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.mechanisms.inputs import SideLine
from registry.organisations.models import OrganisationKind, OrganisationStatus
from registry.relationships import reminders
from registry.relationships.models import Relationship
from registry.relationships.queries import LISTING
from registry.tasks.models import Task
from tests.agreements.scene import Scene, Side, make_scene
from tests.factories import make_organisation, make_region, make_user
from tests.mechanisms.meetings import make_mechanism

CITY, OTHER = "210300", "210100"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def another_city(scene: Scene) -> Side:
    """Another city's bureau, with whoever does the same there."""
    place = make_region(OTHER, "沈阳市", "Shenyang")
    bureau = make_organisation("沈阳市人力资源和社会保障局", OrganisationKind.HR_BUREAU, place)
    return Side(bureau, {role: make_user(role, organisation=bureau) for role in scene.bureau.people})


def silent_mechanism(*sides: Side, scene: Scene) -> None:
    lines = tuple(SideLine(side.organisation.public_id) for side in sides)
    make_mechanism(scene, sides=lines, established_on=today() - timedelta(days=300))


def of(code: str) -> Relationship:
    return db.session.scalars(select(Relationship).where(Relationship.locality_code == code)).one()


def test_two_cities_of_one_mechanism_see_each_their_own(scene: Scene) -> None:
    with transaction():
        other = another_city(scene)
        silent_mechanism(scene.bureau, other, scene.university, scene=scene)
    assert [row.locality_code for row in LISTING.page(other.handler, [], 0, 9)] == [OTHER]
    assert [row.locality_code for row in LISTING.page(scene.bureau.handler, [], 0, 9)] == [CITY]
    assert len(LISTING.page(scene.university.handler, [], 0, 9)) == 2
    with pytest.raises(NotFound):
        LISTING.get(of(CITY).public_id, other.handler)


def test_an_enterprise_of_a_mechanism_is_no_side(scene: Scene) -> None:
    with transaction():
        firm = make_organisation("测试企业", OrganisationKind.ENTERPRISE, make_region(CITY))
        silent_mechanism(scene.bureau, scene.university, Side(firm, {}), scene=scene)
    assert of(CITY).party_ids == {scene.bureau.organisation.id, scene.university.organisation.id}


def test_each_city_is_reminded_of_its_own_silence(scene: Scene) -> None:
    with transaction():
        other = another_city(scene)
        silent_mechanism(scene.bureau, other, scene.university, scene=scene)
    reminders.remind(today())
    led = {task.subject_public_id: task.lead_id for task in db.session.scalars(select(Task))}
    assert led == {of(CITY).public_id: scene.bureau.organisation.id, of(OTHER).public_id: other.organisation.id}


def test_nobody_is_reminded_of_a_university_that_is_closed_and_others_still_are(scene: Scene) -> None:
    with transaction():
        school = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
        gone = Side(school, {})
        silent_mechanism(scene.bureau, gone, scene=scene)
        silent_mechanism(scene.bureau, scene.university, scene=scene)
        school.status = OrganisationStatus.CLOSED
    reminders.remind(today())
    about = [task.subject_title for task in db.session.scalars(select(Task))]
    assert about == [f"鞍山市 — {scene.university.organisation.name_zh}"]


def test_where_no_day_is_known_nobody_is_told_of_180_days(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
    reminders.remind(today())
    task = db.session.scalars(select(Task)).one()
    assert "没有任何有日期的活动" in task.title_zh
    assert "180" not in task.title_zh + task.title_en
    assert "no day of any activity is known" in task.title_en
