"""Numbers that were given out before organisations could say how they number keep their text and go on counting."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, select

from registry.app import create_app
from registry.cli.database import alembic_config
from registry.core.config import DEMO_SECRET, Settings
from registry.core.db import db
from tests.databases import Database, PostgreSQLDatabase, SQLiteDatabase
from tests.guards.test_migrations import _fill as fill_every_table

BEFORE, AFTER = "0002", "0004"
WORD = "鞍校地协"
# Agreement, issuer, sequence, from a paper: two organisations of one place had the same word.
NUMBERS = ((11, 1, 1, False), (12, 1, 4, True), (13, 1, 5, False), (14, 2, 1, False))


@pytest.fixture
def old_app(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a database in the older form, with numbers."""
    if database_kind == "sqlite":
        database: Database = SQLiteDatabase(tmp_path / "old.db")
    else:
        database = PostgreSQLDatabase(request.getfixturevalue("postgresql_address"))
    app = create_app(Settings(DEMO_SECRET, database.url, tmp_path / "instance", demo=True, testing=True))
    with app.app_context():
        command.upgrade(alembic_config(), BEFORE)
        fill_every_table()
        with db.engine.begin() as connection:
            _number(connection)
        yield app
        db.session.remove()
        db.engine.dispose()


def table(name: str) -> Table:
    """As it is now."""
    found = MetaData()
    found.reflect(db.engine, only=[name])
    return found.tables[name]


def _copy(connection: Connection, name: str, **changes: Any) -> None:
    """One more row like the first, with other values."""
    of = table(name)
    row = dict(connection.execute(select(of)).mappings().first() or {})
    connection.execute(of.insert(), {**row, "public_id": f"copy{changes['id']}", **changes})


def _number(connection: Connection) -> None:
    codes = dict.fromkeys(("uscc", "moe_code", "reference_code"))
    _copy(connection, "organisation", id=2, name_zh="鞍山某学院", **codes)
    for number, owner, sequence, historic in NUMBERS:
        _copy(
            connection,
            "agreement",
            id=number,
            owner_id=owner,
            issuer_id=owner,
            number=f"{WORD}〔2026〕{sequence}号",
            number_year=2026,
            number_sequence=sequence,
            is_historic=historic,
            verification_code=None,
        )
    counters, schemes = table("number_counter"), table("number_scheme")
    connection.execute(counters.delete())
    connection.execute(schemes.delete())
    rows = [{"issuer_id": 1, "year": 2026, "last": 5}, {"issuer_id": 2, "year": 2026, "last": 1}]
    connection.execute(counters.insert(), rows)


def rows_of(name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of all rows."""
    of = table(name)
    with db.engine.connect() as connection:
        return [
            tuple(row)
            for row in connection.execute(select(*(of.c[column] for column in columns)).order_by(*of.primary_key))
        ]


def test_numbers_are_kept_and_counted_on(old_app: Flask) -> None:
    before = rows_of("agreement", "id", "number")
    command.upgrade(alembic_config(), AFTER)
    assert rows_of("agreement", "id", "number") == before
    parts = {row[0]: row[1:] for row in rows_of("agreement", "id", "number_prefix", "number_series")}
    assert [parts[number] for number, *_ in NUMBERS] == [(WORD, WORD), (WORD, None), (WORD, WORD), (None, None)]
    assert (WORD, 1) in rows_of("number_prefix", "prefix", "organisation_id")
    assert (1, WORD, 5) in rows_of("number_counter", "issuer_id", "series", "last")
    assert (1, WORD, 1, 5, "taken_over") in rows_of("number_skip", "issuer_id", "series", "first", "last", "reason")


def test_back_again_the_old_form_holds_them(old_app: Flask) -> None:
    """What was counted apart since then would be a double there: it keeps its text only."""
    command.upgrade(alembic_config(), AFTER)
    with db.engine.begin() as connection:
        words, counters = table("number_prefix"), table("number_counter")
        connection.execute(words.insert(), {"prefix": "辽省际协", "organisation_id": 1})
        connection.execute(counters.insert(), {"issuer_id": 1, "year": 2026, "series": "辽省际协", "last": 9})
        parts = {"number_prefix": "辽省际协", "number_series": "辽省际协", "number_sequence": 1}
        _copy(
            connection,
            "agreement",
            id=20,
            number="辽省际协〔2026〕1号",
            issuer_id=1,
            number_year=2026,
            verification_code=None,
            **parts,
        )
    before = rows_of("agreement", "id", "number")
    command.downgrade(alembic_config(), BEFORE)
    assert rows_of("agreement", "id", "number") == before
    issuers = dict(rows_of("agreement", "id", "issuer_id"))
    assert (issuers[11], issuers[20]) == (1, None)
    assert (1, 2026, 9) in rows_of("number_counter", "issuer_id", "year", "last")
