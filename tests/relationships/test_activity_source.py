"""Activities bring a locality and a university into contact, as long as one of them brought the activity about."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.activities.enums import Part
from registry.activities.inputs import HeldDays, PartyLine
from registry.activities.services import entry
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from registry.relationships.enums import Level
from registry.relationships.models import Relationship
from registry.relationships.queries import timeline
from tests.activities.fairs import LAUNCH_DAY, make_activity
from tests.agreements.scene import Scene, Side, make_scene, make_side


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def found() -> list[Relationship]:
    return list(db.session.scalars(select(Relationship)))


def test_a_fair_that_was_held_is_contact(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene)
    (relationship,) = found()
    assert (relationship.level, relationship.last_active_on) == (Level.CONTACT, LAUNCH_DAY)
    (past, due) = timeline(relationship, scene.university.handler)
    assert [(one.public_id, one.on, one.what.english) for one in past] == [(fair.public_id, LAUNCH_DAY, "Job fair")]
    assert due == []


def test_one_that_is_planned_is_due_until_it_is_held_or_cancelled(scene: Scene) -> None:
    day = today() + timedelta(days=9)
    with transaction():
        fair, other = (make_activity(scene, is_held=False, held_on=one) for one in (day, day + timedelta(days=1)))
    (relationship,) = found()
    assert (relationship.last_active_on, relationship.next_due_on) == (None, day)
    with transaction():
        entry.cancel(other, "场地不可用", scene.bureau.handler)
    (past, due) = timeline(relationship, scene.bureau.handler)
    assert (list(past), [one.public_id for one in due]) == ([], [fair.public_id])
    with transaction():
        entry.hold(fair, HeldDays(today(), None, Precision.DAY), scene.bureau.handler)
    assert (relationship.last_active_on, relationship.next_due_on) == (today(), None)


def line(part: Part, side: Side) -> PartyLine:
    return PartyLine(part, side.organisation.public_id)


def test_guests_of_one_launch_have_nothing_together_yet(scene: Scene) -> None:
    with transaction():
        other = make_side("西安市人力资源和社会保障局", OrganisationKind.HR_BUREAU, "610100")
        guests = (line(Part.PARTICIPANT, scene.bureau), line(Part.PARTICIPANT, scene.university))
        make_activity(scene, parties=(line(Part.ORGANISER, other), *guests))
    (relationship,) = found()
    assert relationship.locality_code == "610100"
    sides = {side.organisation_id for side in relationship.sides}
    assert sides == {other.organisation.id, scene.university.organisation.id}  # not everybody who was there
