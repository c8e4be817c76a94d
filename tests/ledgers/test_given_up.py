"""An import whose job nobody tries any more waits for nobody: the person is told, and may try it again."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from registry.core.db import db, transaction
from registry.jobs import leases, reasons
from registry.jobs.models import Job, JobStatus
from registry.ledgers import jobs
from registry.ledgers.enums import BatchState
from registry.ledgers.services import batches
from registry.ledgers.services.batches import CHECK_JOB, ENTER_JOB
from registry.ledgers.targets.catalogue import target
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import again, book, dropped, entered, imported, work
from .test_import import build
from .test_undo import CODE, HEAD, LINES


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def failing(*_given: object) -> None:
    raise OperationalError("INSERT", {}, Exception("the database was not there"))


def try_for_the_last_time(kind: str) -> None:
    with transaction():
        db.session.execute(update(Job).where(Job.kind == kind).values(attempts=leases.MOST_ATTEMPTS - 1))
    while leases.run_next():
        pass
    db.session.rollback()
    assert db.session.scalars(select(Job.status).where(Job.kind == kind)).all() == [JobStatus.FAILED]


def test_entering_that_was_given_up(scene: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    by = scene[1].handler
    batch = imported(book(HEAD, *LINES), CODE, by)
    with transaction():
        batches.confirm(again(batch), target(CODE), by)
    monkeypatch.setattr(jobs, "_enter", failing)
    try_for_the_last_time(ENTER_JOB)
    assert (again(batch).state, reasons.read(again(batch).error)) == (BatchState.CHECKED, jobs.GIVEN_UP)
    monkeypatch.undo()
    assert entered(batch, by).state is BatchState.ENTERED


def test_checking_that_was_given_up(scene: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    by = scene[1].handler
    file = dropped(book(HEAD, *LINES), CODE)
    with transaction():
        batch = batches.begin(file, target(CODE), by)
    monkeypatch.setattr(jobs, "_check", failing)
    try_for_the_last_time(CHECK_JOB)
    assert (again(batch).state, reasons.read(again(batch).error)) == (BatchState.FAILED, jobs.GIVEN_UP)
    monkeypatch.undo()
    with transaction():
        batches.check_again(again(batch), target(CODE), by)
    work()
    assert again(batch).state is BatchState.CHECKED
