"""Two records of one locality and university at the same moment: both count, and there is one relationship."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.db import db, transaction
from registry.mechanisms import services as mechanisms
from registry.relationships.models import Relationship, RelationshipRecord
from tests.agreements.scene import make_scene
from tests.mechanisms.meetings import established, mechanism_input

PATIENCE = 60.0  # seconds
HEAD_START = 0.5  # how long the second waits for the first, where the database lets it begin


@pytest.mark.parametrize("known", [False, True])
def test_neither_of_two_records_is_lost(app: Flask, known: bool) -> None:
    with transaction():
        scene = make_scene()
        if known:
            established(scene)
    given, handler = mechanism_input(scene), scene.bureau.handler.id
    kind = type(scene.bureau.handler)
    db.session.remove()
    entered, beside = Event(), Event()

    def first() -> None:
        with app.app_context(), transaction():
            mechanisms.enter(given, db.session.get_one(kind, handler))
            entered.set()
            beside.wait(HEAD_START)

    def second() -> None:
        assert entered.wait(PATIENCE)
        with app.app_context(), transaction():
            mechanisms.enter(given, db.session.get_one(kind, handler))
        beside.set()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(first), pool.submit(second)]:
            one.result(PATIENCE)
    assert db.session.scalar(select(func.count(Relationship.id))) == 1
    assert db.session.scalar(select(func.count()).select_from(RelationshipRecord)) == 2 + known
