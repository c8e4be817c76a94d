"""What a visit is about may be hidden from who was visited: neither log nor timeline tells its title."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements.models import Agreement
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from registry.records import kinds
from registry.records.queries import history
from registry.relationships.models import Relationship
from registry.relationships.queries import timeline
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.models import Visit
from registry.visits.services import entry
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.agreements.test_speed import counted

AGO, AHEAD = today() - timedelta(days=30), today() + timedelta(days=30)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def draft(scene: Scene) -> Agreement:
    """Nobody but the bureau sees it."""
    with transaction():
        return scene.draft()


def details(scene: Scene, about: Agreement | None = None) -> VisitDetails:
    """The bureau is going to see the university."""
    return VisitDetails(
        kind=VisitKind.RECIPROCAL,
        day=AHEAD,
        visited=scene.university.organisation.public_id,
        subject_kind="agreement" if about else "",
        subject_public_id=about.public_id if about else "",
    )


@pytest.fixture
def visit(scene: Scene) -> Visit:
    with transaction():
        return entry.enter(details(scene), scene.bureau.handler)


def test_the_log_names_it_by_its_id(scene: Scene, visit: Visit, draft: Agreement) -> None:
    with transaction():
        entry.edit(visit, details(scene, draft), scene.bureau.handler)
    with transaction():
        entry.edit(visit, details(scene), scene.bureau.handler)
    taken, given = (row.changes["subject"] for row in history(visit)[:2])
    assert (given, taken) == (["", draft.public_id], [draft.public_id, ""])


@pytest.mark.parametrize("side", ["bureau", "university"])
def test_the_timeline_tells_it_to_who_sees_it(scene: Scene, draft: Agreement, side: str) -> None:
    with transaction():
        held = VisitDetails(**vars(details(scene)) | {"day": AGO, "took_place": True, "findings": "商定安排"})
        entry.enter(held, scene.bureau.handler)
        entry.enter(details(scene, draft), scene.bureau.handler)
    relationship = db.session.scalars(select(Relationship)).one()
    reader: Side = getattr(scene, side)
    _past, due = timeline(relationship, reader.handler)
    assert [one.note for one in due] == [draft.title_zh if side == "bureau" else ""]


def test_titles_of_many_visits_are_one_query(scene: Scene) -> None:
    with transaction():
        made = [entry.enter(details(scene), scene.bureau.handler) for _ in range(3)]
        stranger = make_side("测试外校", OrganisationKind.UNIVERSITY)
    named, reader, school = [one.public_id for one in made], scene.university.handler, scene.university.organisation
    wanted = dict.fromkeys(named, (f"互访：{school.name_zh}", ""))
    assert reader.organisation_id == school.id  # read before anything is counted
    with counted() as statements:
        assert kinds.titles_of("visit", named, reader) == wanted
    assert len(statements) == 1
    assert kinds.titles_of("visit", named, stranger.handler) == {}
