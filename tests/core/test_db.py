"""The database's settings and the one write transaction."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import StatementError

from registry.core import db as database
from registry.core.db import UnsafeDatabase, db, is_writing, transaction
from registry.core.errors import Unavailable
from registry.jobs import services
from registry.jobs.models import Job


class Undone(Exception):
    """Something went wrong in the middle."""


def enqueue_and_fail() -> None:
    services.enqueue("test", "1")
    raise Undone


def test_the_settings_that_keep_data_safe(app: Flask, database_kind: str) -> None:
    if database_kind == "sqlite":
        found = {name: db.session.scalar(text(f"PRAGMA {name}")) for name in database.SQLITE_ASSERTED}
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
    else:
        wanted = {
            "statement_timeout": "15s", "lock_timeout": "8s", "timezone": "UTC",
            "jit": "off", "max_parallel_workers_per_gather": "0",
        }  # fmt: skip
        assert {name: db.session.scalar(text(f"SHOW {name}")) for name in wanted} == wanted


def test_a_database_that_does_not_take_them_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(UnsafeDatabase, match="memory"):
        create_engine("sqlite://").connect()
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "synchronous", "NORMAL")
    with pytest.raises(UnsafeDatabase, match="synchronous"):
        create_engine(f"sqlite:///{tmp_path / 'x.db'}").connect()


def test_a_transaction_commits_once_or_not_at_all(app: Flask) -> None:
    with transaction():
        services.enqueue("test", "kept")
        assert is_writing()
    assert not is_writing()
    with pytest.raises(Undone), transaction():
        enqueue_and_fail()
    assert list(db.session.scalars(select(Job.key))) == ["kept"]


def fail() -> None:
    raise Undone


def test_endings_run_inside_and_one_that_raises_undoes_everything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_endings", [])
    seen: list[bool] = []
    database.at_the_end(lambda: seen.append(is_writing()))
    with transaction():
        services.enqueue("kind", "first")
    assert seen == [True]
    database.at_the_end(fail)
    with pytest.raises(Undone), transaction():
        services.enqueue("kind", "second")
    assert db.session.scalars(select(Job.key)).all() == ["first"]


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="already open"), transaction(), transaction():
        pass
    with transaction():
        services.enqueue("test", "after")


def test_changes_outside_a_transaction_are_refused(app: Flask) -> None:
    with transaction():
        job = services.enqueue("test", "1")
    job.kind = "changed"
    with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
        pass
    db.session.rollback()


def test_what_was_read_before_is_read_anew(app: Flask) -> None:
    with transaction():
        job = services.enqueue("test", "1")
    assert job.attempts == 0

    def elsewhere() -> None:
        with app.app_context():
            with transaction():
                db.session.scalars(select(Job)).one().attempts = 5
            db.session.remove()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    with transaction():
        assert job.attempts == 5


def test_concurrent_read_modify_writes_lose_nothing(app: Flask) -> None:
    with transaction():
        services.enqueue("test", "counter", {"count": 0})
    failures: list[Exception] = []

    def count() -> None:
        try:
            with app.app_context():
                for _ in range(20):
                    with transaction():
                        job = db.session.scalars(select(Job).with_for_update()).one()
                        job.payload = {"count": job.payload["count"] + 1}
                db.session.remove()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert db.session.scalars(select(Job.payload)).one() == {"count": 160}


def test_writers_of_one_process_queue_up(app: Flask, database_kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite: who waits too long is told to come back, and the turn is given back whatever happens."""
    monkeypatch.setattr(database, "TURN_SECONDS", 0.1)
    refused: list[bool] = []

    def write() -> None:
        with app.app_context():
            try:
                with transaction():
                    refused.append(False)
            except Unavailable:
                refused.append(True)

    with transaction():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    with pytest.raises(Undone), transaction():
        enqueue_and_fail()
    write()
    assert refused == [database_kind == "sqlite", False]


def test_moments_are_kept_in_utc_with_microseconds(app: Flask) -> None:
    given = datetime(2026, 3, 1, 8, 30, 15, 123456, timezone(timedelta(hours=8)))
    with transaction():
        services.enqueue("test", "1", run_after=given)
    db.session.expire_all()
    kept = db.session.scalars(select(Job.run_after)).one()
    assert (kept, kept.tzinfo) == (given, UTC)


def test_naive_moments_are_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="time zone"), transaction():
        services.enqueue("test", "1", run_after=datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point


def test_readers_are_not_held_up_by_a_writer(app: Flask, database_kind: str) -> None:
    """SQLite in WAL mode: a reader sees the last commit while somebody holds the write lock."""
    if database_kind == "sqlite":
        holder = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        assert db.session.scalars(select(Job)).all() == []
        holder.close()
    else:
        assert db.session.scalars(select(Job)).all() == []
