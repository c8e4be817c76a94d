"""What the tests of commands share."""

from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from registry.app import create_app
from registry.core import crypto
from registry.core import instance as instances
from registry.core.db import db
from tests.databases import Database, PostgreSQLDatabase

Command = Callable[..., Result]


def run(app: Flask, *arguments: object) -> Result:
    """`flask registry …`, outside the context that the test has open: as in a process of its own."""
    runner = app.test_cli_runner()
    return Context().run(runner.invoke, args=["registry", *map(str, arguments)])


@pytest.fixture
def instance(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder of the test's own."""
    folder = tmp_path / "instance"
    folder.mkdir()
    monkeypatch.setitem(instances._settings, db.engine, replace(instances.settings(), instance=folder))
    return folder


@pytest.fixture
def bare(app: Flask, database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A second installation of the same kind, on an empty database in an empty place."""
    settings = instances.settings()
    place = tmp_path / "bare"
    if isinstance(database, PostgreSQLDatabase):
        url = PostgreSQLDatabase(database.address).url
    else:
        url = f"sqlite:///{place / 'registry.db'}"
    place.mkdir()
    second = create_app(replace(settings, instance=place, database_url=url))
    yield second
    with second.app_context():
        db.session.remove()
        db.engine.dispose()
    crypto.configure(settings)
