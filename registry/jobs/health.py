"""Is the process alive, and can it work? For supervisors and load balancers; tells nothing that is secret. 健康检查."""

import logging
import shutil
import time
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, jsonify

from ..core.config import ROOT
from ..core.dates import now
from ..core.db import db, transaction
from ..core.instance import settings
from ..core.readiness import Check, checks, ready_when
from ..core.upsert import insert_or
from .models import WriteProbe

LEAST_FREE_BYTES = 200 * 1024 * 1024
KEEP_ANSWER_SECONDS = 2.0  # each answer costs a write: nobody makes us write more often than that
blueprint = Blueprint("health", __name__)
log = logging.getLogger(__name__)
_answers: dict[Path, tuple[float, list[str]]] = {}


def install(app: Flask) -> None:
    """Register the two addresses."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; the database is not asked."""
    return _answer([])


@blueprint.get("/readyz")
def ready() -> Response:
    """Everything that work needs is there; 503 names what is not."""
    instance = settings().instance
    asked, failing = _answers.get(instance, (0.0, []))
    if not asked or time.monotonic() - asked > KEEP_ANSWER_SECONDS:
        failing = [name for name, check in sorted(checks().items()) if not _is_well(name, check)]
        _answers[instance] = time.monotonic(), failing
    return _answer(failing)


def _is_well(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception:  # whatever is the matter, the answer is no
        log.warning("readiness check %s failed", name, exc_info=True)
        return False
    finally:
        db.session.rollback()


def _answer(failing: list[str]) -> Response:
    response = jsonify({"status": "unavailable", "failing": failing} if failing else {"status": "ok"})
    response.status_code = 503 if failing else 200
    response.headers["Cache-Control"] = "no-store"
    return response


@ready_when("database")
def can_write() -> bool:
    """A row is really written and committed: a full or read-only disk shows only then."""
    written = {"written_at": now()}
    with transaction():
        statement = insert_or(WriteProbe).values(id=1, **written)
        db.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=written))
    return True


@ready_when("disk")
def has_room() -> bool:
    """Files and, with SQLite, the database have room to grow."""
    return shutil.disk_usage(settings().instance).free >= LEAST_FREE_BYTES


@ready_when("migrations")
def is_migrated() -> bool:
    """The database has the form that this program needs."""
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
