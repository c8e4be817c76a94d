"""The second wall: a query that forgets the scope still finds nothing foreign."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import false, func, select
from sqlalchemy.orm import aliased

from registry.agreements.models import Agreement
from registry.core.access import scope
from registry.core.access.scope import set_viewer, without_scope
from registry.core.db import db, transaction
from registry.organisations.models import Contact, Organisation
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


def test_each_viewer_has_a_wall_of_their_own_which_is_built_once(ids: Ids) -> None:
    for _ in range(2):
        for viewer, seen in ((ids.owner, 1), (ids.stranger, 0), (ids.counterpart, 0)):
            set_viewer(viewer)
            assert everything() == [seen] * 5
    assert scope._wall_of(ids.owner) is scope._wall_of(ids.owner)


def test_whoever_comes_later_stands_behind_it_too(ids: Ids, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "_criteria", dict(scope._criteria))
    set_viewer(ids.owner)
    assert db.session.scalars(select(Organisation)).all() != []
    try:
        scope.scoped(Organisation, lambda _viewer: false())
        assert db.session.scalars(select(Organisation)).all() == []
    finally:
        scope._wall_of.cache_clear()
