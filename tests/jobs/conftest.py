"""What the tests of jobs share."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.core.dates import now
from registry.core.db import db, transaction
from registry.jobs import registry, services
from registry.jobs.models import Job

Calls = list[Mapping[str, Any]]


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
