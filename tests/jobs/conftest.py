"""What the tests of jobs share."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from registry.core.dates import now
from registry.core.db import db, transaction
from registry.jobs import registry, services
from registry.jobs.models import Job

Calls = list[Mapping[str, Any]]
PATIENCE = 60.0  # as long as a busy machine may take; nobody waits so long where it is idle


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Calls]:
    """Registers a handler for kind "test" that fails with the given errors first; gives its calls."""
    monkeypatch.setattr(registry, "_works", {})

    def make(*errors: Exception, kind: str = "test", lease: timedelta = registry.LEASE) -> Calls:
        calls: Calls = []
        waiting = list(errors)

        @registry.handles(kind, lease)
        def work(payload: Mapping[str, Any]) -> None:
            calls.append(payload)
            if waiting:
                raise waiting.pop(0)

        return calls

    return make


def enqueue(key: str = "1", kind: str = "test", **values: Any) -> str:
    """A job, committed; its public id."""
    with transaction():
        return services.enqueue(kind, key, **values).public_id


def job(key: str = "1") -> Job:
    """The job as it stands in the database."""
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.key == key)).one()


def make_due(key: str = "1") -> None:
    """Let its time come, or its lease run out."""
    with transaction():
        found = db.session.scalars(select(Job).where(Job.key == key)).one()
        found.run_after = now() - timedelta(seconds=1)
        if found.leased_until:
            found.leased_until = now() - timedelta(seconds=1)


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so, at most PATIENCE seconds; the session looks anew each time."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
        db.session.rollback()


@pytest.fixture
def outcomes(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Where the handler of `site` writes; gives the keys that are there, sorted."""
    _run("CREATE TABLE outcome (key VARCHAR(40) NOT NULL)")

    def read() -> list[str]:
        db.session.rollback()
        return sorted(db.session.scalars(text("SELECT key FROM outcome")).all())

    yield read
    db.session.remove()
    _run("DROP TABLE outcome")


def _run(statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))
