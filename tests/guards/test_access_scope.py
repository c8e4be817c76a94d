"""The second wall: a query that forgets the scope still finds nothing foreign."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.agreements.models import Agreement
from registry.core.access import scope
from registry.core.access.scope import set_viewer, without_scope
from registry.core.db import db, transaction
from registry.organisations.models import Contact
from tests.agreements.scene import make_scene
from tests.factories import make_organisation


@dataclass(frozen=True)
class Ids:
    """Organisations around one draft."""

    owner: int
    counterpart: int
    stranger: int


@pytest.fixture
def ids(app: Flask) -> Iterator[Ids]:
    """A draft, which its owner alone sees."""
    with transaction():
        scene = make_scene()
        scene.draft()
        found = Ids(scene.bureau.organisation.id, scene.university.organisation.id, make_organisation().id)
    yield found
    set_viewer(None)


def test_agreements_and_contacts_stand_behind_the_wall() -> None:
    assert {Agreement, Contact} <= set(scope._criteria)


def everything() -> list[int]:
    """What forgetful queries of several kinds find: by entity, by column, by alias, by count, by key."""
    other = aliased(Agreement)
    key = db.session.scalar(select(func.min(Agreement.id))) or 1
    db.session.expunge_all()
    return [
        len(db.session.scalars(select(Agreement)).all()),
        len(db.session.execute(select(Agreement.title_zh)).all()),
        len(db.session.scalars(select(other)).all()),
        db.session.scalar(select(func.count(Agreement.id))) or 0,
        int(db.session.get(Agreement, key) is not None),
    ]


def test_owner_sees_it(ids: Ids) -> None:
    set_viewer(ids.owner)
    assert everything() == [1, 1, 1, 1, 1]


def test_strangers_see_nothing(ids: Ids) -> None:
    set_viewer(ids.stranger)
    assert everything() == [0, 0, 0, 0, 0]


def test_counterpart_sees_no_draft(ids: Ids) -> None:
    set_viewer(ids.counterpart)
    assert everything() == [0, 0, 0, 0, 0]


def test_rules_may_look_across_and_the_wall_stands_again(ids: Ids) -> None:
    set_viewer(ids.stranger)
    with without_scope():
        assert everything() == [1, 1, 1, 1, 1]
    assert everything() == [0, 0, 0, 0, 0]
