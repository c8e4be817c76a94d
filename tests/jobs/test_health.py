"""Alive, and ready to work."""

from collections import namedtuple
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from registry.core import readiness
from registry.core.db import db, transaction
from registry.jobs import health
from registry.jobs.models import WriteProbe
from tests.conftest import Client

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _no_kept_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_answers", {})


def failing(client: Client) -> list[str]:
    """What /readyz says is not well."""
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert set(answer.json) == {"status", "failing"}
    return list(answer.json["failing"])


def test_alive_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine.pool, "connect", lambda: pytest.fail("asked the database"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert isinstance(db.session.scalar(select(WriteProbe.written_at)), datetime)


def test_a_database_that_takes_no_writes(client: Client, database_kind: str) -> None:
    if database_kind == "sqlite":
        db.session.execute(text("PRAGMA query_only = ON"))
    else:
        db.session.execute(text("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on"))
        db.session.commit()
        db.engine.dispose()
    try:
        assert failing(client) == ["database"]
    finally:
        if database_kind == "postgresql":
            db.session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
            db.session.commit()
            db.session.execute(text("ALTER ROLE CURRENT_USER RESET default_transaction_read_only"))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


def test_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "registry.jobs.health.shutil.disk_usage", lambda _path: Usage(1, 1, health.LEAST_FREE_BYTES - 1)
    )
    assert failing(client) == ["disk"]


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = 'x'"])
def test_a_database_of_another_form(client: Client, statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))
    assert failing(client) == ["migrations"]


def test_a_chain_without_a_head(client: Client) -> None:
    with transaction():
        for trigger in ("audit_head_no_delete",):
            on_table = " ON audit_head" if db.engine.dialect.name == "postgresql" else ""
            db.session.execute(text(f"DROP TRIGGER {trigger}{on_table}"))
        db.session.execute(text("DELETE FROM audit_head"))
    assert failing(client) == ["audit"]


def test_checks_that_fall_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall() -> bool:
        raise ZeroDivisionError("with a secret in it")

    monkeypatch.setattr(readiness, "_checks", {"b": fall, "a": lambda: False, "c": lambda: True})
    assert failing(client) == ["a", "b"]


def test_answers_are_kept_for_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(readiness, "_checks", {"a": lambda: not asked.append(1)})  # type: ignore[func-returns-value]
    for _ in range(5):
        client.get("/readyz")
    assert len(asked) == 1
    monkeypatch.setattr(health, "KEEP_ANSWER_SECONDS", -1.0)
    client.get("/readyz")
    assert len(asked) == 2


def test_health_is_open_to_everybody(app: Flask, client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 200
        assert client.post(path).status_code == 405
