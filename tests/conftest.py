"""Fixtures for every test. What touches the database runs on SQLite and on PostgreSQL."""

import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import hypothesis
import pytest
from alembic import command
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.accounts import sessions
from registry.accounts.models import User
from registry.app import create_app
from registry.audit.checkpoints import FILE as CHECKPOINTS
from registry.cli.database import alembic_config
from registry.core import crypto
from registry.core import instance as instances
from registry.core.access.scope import set_viewer
from registry.core.config import DEMO_SECRET, ROOT, Settings
from registry.core.db import db, transaction
from registry.documents.fonts.build import build_fonts

from .databases import Database, PostgreSQLDatabase, SQLiteDatabase, let_go, put_back
from .postgresql import cluster
from .states import Begin, states_of

KINDS = ("sqlite", "postgresql")
# The bounded profile: tests of pages, papers and tables of rules run on SQLite, since the services below them run on
# both, and the access table asks every page on both. `script/gates` runs everything everywhere.
EVERYWHERE = bool(os.environ.get("REGISTRY_TESTS_EVERYWHERE"))
ON_SQLITE = (
    "views",
    "tests.demo.",
    "guards.test_access_delegation",
    "agreements.test_archive_package",
    "agreements.test_archiving",
    "agreements.test_digital",
    "agreements.test_hostile_entry",
    "agreements.test_incoming",
    "agreements.test_transition",
    "agreements.test_verification_files",
    "events.test_intake",
    "reminders.test_year",
)
# On PostgreSQL: so many tests of a module, and all of those where the two databases differ.
ON_POSTGRESQL = 6
IN_FULL = (
    "at_one_moment",
    "backup",
    "concurrency",
    "crashes",
    "freez",
    "guards",
    "leases",
    "migrations",
    "numbering",
    "oracle",
    "redis",
    "throttle",
    "triggers",
    "turns",
    "verify",
    "worker",
)
# Whoever sees all there is to see between them: on PostgreSQL the access table asks as these.
ASKING = ("handler", "leader", "system_admin", "security_admin", "auditor")
RELEASED = "0008"  # nobody changes these any more
# Objects made before Python looks for garbage: a seventh of the run went into looking through what stays anyway.
RARELY = (20_000, 20, 50)
MEMORY, ENOUGH = Path("/dev/shm"), 512 * 1024 * 1024  # noqa: S108 - made with a name of its own inside; bytes
# A busy machine makes any deadline a lie, and drawing examples slow; what must be fast is a ratio in bench/.
hypothesis.settings.register_profile("registry", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("registry")
# Cutting the fonts of PDFs takes half a minute: tests share them with this checkout's own instance.
FONTS = Path(os.environ.get("REGISTRY_FONTS", ROOT / "instance" / "fonts")).resolve()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database sqlite` runs half of the tests, for the impatient."""
    parser.addoption("--database", choices=[*KINDS, "both"], default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that reaches the database runs once per kind."""
    if "database_kind" in metafunc.fixturenames:
        wish = metafunc.config.getoption("--database")
        kinds = ["sqlite"] if metafunc.definition.get_closest_marker("browser") else list(KINDS)
        only = metafunc.definition.get_closest_marker("only")
        kinds = [kind for kind in kinds if not only or kind in only.args]
        if wish == "both" and not EVERYWHERE and any(name in metafunc.module.__name__ for name in ON_SQLITE):
            kinds = kinds[:1]
        chosen = kinds if wish == "both" else [kind for kind in kinds if kind == wish]
        metafunc.parametrize("database_kind", chosen, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The bounded profile leaves to the gates: on PostgreSQL the other roles, and what `_further_cases` says; each
    migration's way back by itself."""
    started = sorted({item.nodeid.partition("[")[0] for item in items if _starts_a_browser_unawares(item)})
    if started:
        raise pytest.UsageError(f"a browser would start for an argument named as Playwright's (page): {started}")
    if not EVERYWHERE and config.getoption("--database") == "both":
        left = [item for item in items if _is_left(item)] + _further_cases(items)
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


def pytest_collection_finish() -> None:
    """The application and nine thousand collected tests stay until the end: nobody looks through them for garbage."""
    gc.freeze()
    gc.set_threshold(*RARELY)


def _further_cases(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """On PostgreSQL: further cases of one test, and further tests of one module, as far as they ask SQLite too."""
    begun: dict[str, set[str]] = {}
    further: list[pytest.Item] = []
    for item in items:
        if isinstance(item, pytest.Function) and _on_postgresql(item) and not item.get_closest_marker("only"):
            module, test = item.module.__name__, f"{item.cls}{item.originalname}"
            tests = begun.setdefault(module, set())
            is_enough = len(tests) >= ON_POSTGRESQL and not any(name in module for name in IN_FULL)
            if (test in tests or is_enough) and not item.originalname.endswith("_as_each_role"):
                further.append(item)
            tests.add(test)
    return further


def _starts_a_browser_unawares(item: pytest.Item) -> bool:
    return "browser_name" in getattr(item, "fixturenames", ()) and item.get_closest_marker("browser") is None


def _on_postgresql(item: pytest.Function) -> bool:
    known = getattr(item, "callspec", None)
    return known is not None and known.params.get("database_kind") == "postgresql"


def _is_left(item: pytest.Item) -> bool:
    name, _bracket, asked = item.name.removesuffix("]").partition("[")
    kind, _dash, rest = asked.partition("-")
    if name == "test_up_down_and_up_again_with_rows":
        return True  # rung by rung they are all taken, each once
    return name.endswith("_as_each_role") and kind == "postgresql" and rest not in ASKING


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """A running cluster, one per worker; not in pytest's folder, which any other run shuts to the server's user."""
    with (
        TemporaryDirectory(prefix="registry-pg-", ignore_cleanup_errors=True) as folder,
        cluster(Path(folder)) as address,
    ):
        yield address


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The fonts of PDFs, built when they are not there yet; whatever renders asks for them."""
    build_fonts(FONTS, lambda _line: None)
    return FONTS


@pytest.fixture(scope="session")
def database(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the kind."""
    if database_kind == "sqlite":
        # A folder of its own: a worker that was given tests of the other kind comes back to a new database.
        yield SQLiteDatabase(Path(mkdtemp(dir=request.getfixturevalue("memory"))) / "registry.db")
        return
    made = PostgreSQLDatabase(request.getfixturevalue("postgresql_address"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is one: SQLite waits for the disk at every commit, and no test pulls the plug."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield tmp_path_factory.mktemp("sqlite")
        return
    with TemporaryDirectory(dir=MEMORY, prefix="registry-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def migrated_app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database whose state is kept."""
    settings = Settings(
        secret_key=DEMO_SECRET,
        database_url=database.url,
        instance=tmp_path_factory.mktemp("instance"),
        demo=True,
        testing=True,
        fonts=FONTS,
    )
    app = create_app(settings)
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        db.engine.dispose()
    database.keep()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(migrated_app: Flask, database: Database) -> Iterator[Flask]:
    """The application with a fresh database and its context pushed."""
    # What an earlier test signed speaks of its own database.
    (migrated_app.extensions["settings"].instance / CHECKPOINTS).unlink(missing_ok=True)
    crypto.configure(migrated_app.extensions["settings"])  # an application that a test made has keys of its own
    with migrated_app.app_context():
        put_back(database)
        yield migrated_app
        set_viewer(None)
        let_go(database)


@pytest.fixture
def own_instance(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder of the test's own: the keys that it throws away are not those that other tests signed with."""
    folder = tmp_path / "own-instance"
    folder.mkdir()
    monkeypatch.setitem(instances._settings, db.engine, replace(instances.settings(), instance=folder))
    return folder


@pytest.fixture
def begin_with(app: Flask, database: Database) -> Begin:
    """`begin_with(build)` is what `build()` gives, and quicker where many tests begin alike."""
    return states_of(app, database).begin_with


class Client(FlaskClient):
    """A browser without a screen: signs in, and sends the CSRF token by itself."""

    def open(self, *args: Any, **values: Any) -> TestResponse:
        """Forget what an earlier request cached: the test's own context is shared by all of its requests."""
        for name in list(g):
            g.pop(name)
        return super().open(*args, **values)

    def sign_in(self, user: User, *, second_factor: bool = True) -> "Client":
        """Be this user from now on."""
        with transaction():
            token = sessions.open_session(user, second_factor=second_factor)
        self.set_cookie(sessions.COOKIE, token, secure=True)
        return self


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser that nobody has signed in with; forms are sent without CSRF tokens (tests/core checks those)."""
    app.test_client_class = Client
    app.config["WTF_CSRF_ENABLED"] = False
    made = app.test_client()
    assert isinstance(made, Client)
    return made
