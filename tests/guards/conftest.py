"""A database without a table, and the application on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.core.db import db
from tests.databases import Database, PostgreSQLDatabase, SQLiteDatabase


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    """A database without a table."""
    if database_kind == "sqlite":
        return SQLiteDatabase(tmp_path / "empty.db")
    return PostgreSQLDatabase(request.getfixturevalue("postgresql_address"))


@pytest.fixture
def bare_app(empty: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on that database."""
    app = create_app(Settings(DEMO_SECRET, empty.url, tmp_path / "instance", demo=True, testing=True))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
