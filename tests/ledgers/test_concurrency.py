"""Two imports of one organisation are entered at the same moment: what both say becomes one record."""

from dataclasses import replace
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.db import db, transaction
from registry.jobs.models import Job
from registry.ledgers import jobs
from registry.ledgers.enums import BatchState
from registry.ledgers.services import batches
from registry.ledgers.services.batches import ENTER_JOB
from registry.ledgers.targets import catalogue
from registry.ledgers.targets.catalogue import target
from registry.visits.models import Visit
from tests.agreements.scene import Side
from tests.reminders.test_concurrency import at_once

from .sheets import again, book, imported
from .test_import import build
from .test_undo import CODE, HEAD, LINES


@pytest.fixture
def scene(app: Flask) -> tuple[Side, Side]:
    return build()


def test_the_later_of_two_imports_sees_what_the_earlier_entered(
    app: Flask, scene: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    school = scene[1]
    both = [imported(book(HEAD, *LINES), CODE, school.handler) for _ in range(2)]
    for batch in both:
        with transaction():
            batches.confirm(again(batch), target(CODE), school.handler)
    payloads = [job.payload for job in db.session.scalars(select(Job).where(Job.kind == ENTER_JOB))]
    db.session.rollback()
    arrived, enter = Event(), target(CODE).enter

    def slowly(*given: object) -> object:
        """Give the other as long as it needs to come as far."""
        arrived.wait(1.0) if not arrived.is_set() else None
        arrived.set()
        return enter(*given)  # type: ignore[arg-type]

    monkeypatch.setitem(catalogue.TARGETS, CODE, replace(target(CODE), enter=slowly))  # type: ignore[arg-type]
    at_once(app, *[lambda payload=payload: jobs.enter(payload) for payload in payloads])
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Visit)) == len(LINES)
    assert {again(batch).state for batch in both} == {BatchState.ENTERED, BatchState.CHECKED}
