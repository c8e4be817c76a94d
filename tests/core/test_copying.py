"""Many rows at once come to the same as one by one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Insert, Table, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from registry.core import copying
from registry.core.db import db, transaction
from registry.jobs.models import Job, JobStatus

NUMBER, NOW = copying.FEWEST, datetime(2026, 11, 29, 10, 30, tzinfo=UTC)
JOBS = cast("Table", Job.__table__)
# What stands for something else in the text that COPY reads.
TEXTS = ("", "\\N", "\\", "a\tb", "a\nb\r", "\\.", '"', "%(key)s", "中文", "{}")


def rows() -> list[dict[str, Any]]:
    return [
        {"kind": "test", "key": f"{number}{TEXTS[number % len(TEXTS)]}", "payload": {"text": TEXTS[number % 7]},
         "run_after": NOW, "created_at": NOW, "lease": "60", "finished_at": None}
        for number in range(NUMBER)
    ]  # fmt: skip


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied."""
    found: list[str] = []
    plain = copying._copying

    def told(statement: str) -> tuple[str, tuple[str, ...]]:
        begun, names = plain(statement)
        found.append(begun)
        return begun, names

    monkeypatch.setattr(copying, "_copying", told)
    return found


def test_what_goes_in_comes_out(app: Flask, copies: list[str], database_kind: str) -> None:
    given = rows()
    with transaction():
        db.session.execute(insert(JOBS), given)
    assert [one.partition(" (")[0] for one in copies] == ["COPY job"] * (database_kind == "postgresql")
    kept = db.session.scalars(select(Job).order_by(Job.id)).all()
    assert [(one.key, one.payload) for one in kept] == [(one["key"], one["payload"]) for one in given]
    assert {(one.status, one.run_after, one.finished_at) for one in kept} == {(JobStatus.QUEUED, NOW, None)}
    assert len({one.public_id for one in kept}) == NUMBER


def test_a_constraint_that_is_broken_leaves_nothing_behind(app: Flask) -> None:
    given = rows()
    with pytest.raises(IntegrityError) as told, transaction():
        db.session.execute(insert(JOBS), [*given, given[0]])
    assert "kind" in str(told.value.orig)
    assert db.session.scalar(select(Job.id)) is None


def written(statement: Insert) -> str:
    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
    names = ["kind", "key", "payload", "created_at"]
    return str(statement.compile(dialect=dialect, column_keys=names, for_executemany=True))


def test_the_columns_stay_with_their_values() -> None:
    copied, names = copying._copying(written(insert(Job)))
    listed = copied.removeprefix("COPY job (").removesuffix(") FROM STDIN").replace('"', "").split(", ")
    assert listed == list(names)
    assert {"kind", "key", "payload", "created_at"} <= set(names)


@pytest.mark.parametrize(
    "asked_more",
    [
        lambda one: one.returning(Job.id),
        lambda one: postgresql.insert(Job).on_conflict_do_nothing(index_elements=["kind", "key"]),
        lambda one: one.values(kind=select(Job.kind).limit(1).scalar_subquery()),
    ],
)  # fmt: skip
def test_where_more_is_asked_for_nothing_is_copied(asked_more: Callable[[Insert], Insert]) -> None:
    assert copying._copying(written(asked_more(insert(Job)))) == ("", ())
