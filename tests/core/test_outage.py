"""A database or a disk that does not answer: 503 and a way on, never a 500 and never half a record."""

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError, TimeoutError

from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.web import outage
from registry.core.web.guard import needs
from registry.jobs import services
from registry.jobs.models import Job
from tests.conftest import Client
from tests.databases import Database, PostgreSQLDatabase
from tests.factories import make_user

blueprint = Blueprint("outage", __name__)
raised: list[Exception] = []


@blueprint.route("/test-outage", methods=["GET", "POST"])
@needs(Action.HOME_VIEW)
def show() -> str:
    """Reads, and when posted to, writes."""
    if raised:
        raise raised.pop()
    return str(db.session.scalar(select(func.count(Job.id))))


@blueprint.post("/test-outage/write")
@needs(Action.HOME_VIEW)
def write() -> str:
    """Writes a good deal."""
    with transaction():
        for number in range(200):
            services.enqueue("test", str(number), {"text": "校" * 500})
    return "written"


@pytest.fixture
def handler(client: Client, app: Flask) -> Client:
    """A handler's browser, before pages that read and write."""
    if "outage" not in app.blueprints:
        app._got_first_request = False
        app.register_blueprint(blueprint)
    raised.clear()
    with transaction():
        user = make_user(Role.HANDLER)
    return client.sign_in(user)


@pytest.mark.only("sqlite")  # PostgreSQL's disk is told by its code, see below
def test_a_disk_that_is_full(handler: Client) -> None:
    pages = db.session.scalar(text("PRAGMA page_count"))
    db.session.execute(text(f"PRAGMA max_page_count = {pages}"))
    db.session.rollback()
    answer = handler.post("/test-outage/write", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The disk is full or takes no writes" in answer.text
    assert handler.get("/test-outage").text == "0"
    db.session.execute(text("PRAGMA max_page_count = 1000000"))
    db.session.rollback()
    assert handler.post("/test-outage/write").text == "written"
    assert handler.get("/test-outage").text == "200"


@pytest.fixture
def read_only(handler: Client, database: Database) -> Iterator[Client]:
    """The same, while the database takes no writes."""
    if isinstance(database, PostgreSQLDatabase):
        database._run(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
        db.session.remove()
        db.engine.dispose()
    else:
        db.session.execute(text("PRAGMA query_only = ON"))
        db.session.rollback()
    yield handler
    if isinstance(database, PostgreSQLDatabase):
        database._run(f"ALTER DATABASE {database.name} RESET default_transaction_read_only")
    db.session.remove()
    db.engine.dispose()


def test_a_database_that_is_read_only(read_only: Client) -> None:
    answer = read_only.post("/test-outage/write", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The disk is full or takes no writes" in answer.text
    assert read_only.get("/test-outage").text == "0"


def test_a_file_that_is_locked_for_too_long(handler: Client, database: Database) -> None:
    if isinstance(database, PostgreSQLDatabase):
        other = create_engine(database.url)
        with other.begin() as connection:
            connection.execute(text("LOCK TABLE job IN EXCLUSIVE MODE"))
            db.session.execute(text("SET lock_timeout = '200ms'"))
            db.session.commit()
            answer = handler.post("/test-outage/write")
        other.dispose()
        db.session.remove()
        db.engine.dispose()  # the timeout belongs to the connection
    else:
        path = Path(str(db.engine.url.database))
        db.session.execute(text("PRAGMA busy_timeout = 200"))
        db.session.rollback()
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        answer = handler.post("/test-outage/write")
        holder.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert handler.get("/test-outage").text == "0"


@pytest.mark.only("postgresql")  # SQLite has no server
def test_a_server_that_has_gone(handler: Client, database: Database) -> None:
    assert isinstance(database, PostgreSQLDatabase)
    db.session.remove()
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.name}'"
    database._run(ended)
    assert handler.get("/test-outage").text == "0"  # asked again by itself
    db.session.remove()
    db.engine.dispose()
    database._run(f"ALTER DATABASE {database.name} RENAME TO {database.name}_gone")
    try:
        for path, accept in (("/test-outage", "text/html"), ("/", "text/html"), ("/test-outage", "application/json")):
            answer = handler.get(path, headers={"Accept": accept})
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.headers["Cache-Control"] == "no-store"
        assert handler.get("/healthz").status_code == 200
        assert handler.get("/no/such/page").status_code in (404, 503)
    finally:
        database._run(f"ALTER DATABASE {database.name}_gone RENAME TO {database.name}")
    assert handler.get("/test-outage").text == "0"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT", {}, Exception("connection lost")), 503),
        (TimeoutError("no connection in the pool"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OSError(errno.EROFS, "Read-only file system"), 503),
        (OSError(errno.ENOENT, "No such file"), 500),
        (ProgrammingError("SELEKT", {}, Exception("syntax")), 500),
        (DataError("INSERT", {}, Exception("too long")), 500),
        (ZeroDivisionError(), 500),
    ],
)
def test_faults_of_theirs_and_of_ours(handler: Client, error: Exception, status: int) -> None:
    raised.append(error)
    answer = handler.get("/test-outage")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert answer.headers["X-Request-ID"] in answer.text
    assert handler.get("/test-outage").status_code == 200


def test_a_request_that_fails_leaves_no_open_transaction(handler: Client) -> None:
    raised.append(ZeroDivisionError())
    handler.post("/test-outage")
    with transaction():
        services.enqueue("test", "afterwards")
    assert handler.get("/test-outage").text == "1"


class Full(Exception):
    """As psycopg says that the disk is full."""

    sqlstate = "53100"


def test_postgresql_says_that_the_disk_is_full() -> None:
    found = outage.outage(OperationalError("INSERT", {}, Full()))
    assert found is not None
    assert found.message == outage.STORAGE_FULL
