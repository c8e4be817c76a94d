"""The database as one file and back: SQLite by its online backup API, PostgreSQL by pg_dump and pg_restore. 数据库转储.

Never by copying the file: a copy under load loses what was acknowledged, and integrity_check finds nothing wrong.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from ...core.db import db

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
PROGRAMS = Path("/usr/lib/postgresql")


class DumpFailed(RuntimeError):
    """The database could not be written out or read in; the text says why."""


@dataclass(frozen=True)
class State:
    """What a dump holds: its migration and the end of its audit chain."""

    migration: str
    seq: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


def kind() -> str:
    """`sqlite` or `postgresql`."""
    return db.engine.dialect.name


def dump(target: Path) -> State:
    """Write the database out as it is at one moment, while others go on writing.

    Raises DumpFailed.
    """
    return _dump_sqlite(target) if kind() == "sqlite" else _dump_postgresql(target)


def load(source: Path) -> None:
    """Read a dump into the (empty) database, whole or not at all.

    Raises DumpFailed.
    """
    if kind() == "sqlite":
        _load_sqlite(source)
    else:
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
             f"--dbname={_address()}", str(source))  # fmt: skip


def check(source: Path, found_kind: str) -> None:
    """Look whether a dump can be read.

    Raises DumpFailed.
    """
    if found_kind == "postgresql":
        _run("pg_restore", "--list", str(source))
        return
    try:
        with closing(sqlite3.connect(source)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DumpFailed(f"the database in it is damaged: {error}") from error
    if answer != "ok":
        raise DumpFailed(f"the database in it is damaged: {answer}")


def state_of_sqlite(source: Path) -> State:
    """What a dump of SQLite holds."""
    with closing(sqlite3.connect(source)) as connection:
        (migration,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return State(migration, *connection.execute("SELECT seq, hash FROM audit_head").fetchone())


def is_empty() -> bool:
    """Whether the database holds no table yet."""
    if kind() == "sqlite" and not Path(str(db.engine.url.database)).exists():
        return True  # looking into it would make it
    return not inspect(db.engine).get_table_names()


def _dump_sqlite(target: Path) -> State:
    with _driver_connection() as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    return state_of_sqlite(target)


@contextmanager
def _driver_connection() -> Iterator[sqlite3.Connection]:
    borrowed = db.engine.raw_connection()
    try:
        yield borrowed.driver_connection  # type: ignore[misc]  # sqlite3's own, as the dialect says
    finally:
        borrowed.close()


def _load_sqlite(source: Path) -> None:
    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".restoring")
    shutil.copyfile(source, beside)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(beside, target)


def _dump_postgresql(target: Path) -> State:
    """The head of the chain is read from the very snapshot that pg_dump writes out."""
    engine = db.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        state = _state(connection)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
             f"--file={target}", f"--dbname={_address()}")  # fmt: skip
    return state


def _state(connection: Connection) -> State:
    migration = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    head = connection.execute(text("SELECT seq, hash FROM audit_head")).one()
    return State(migration, head.seq, head.hash)


def _address() -> str:
    """The database's address without its password, which other users could read in the list of processes."""
    return db.engine.url.set(drivername="postgresql", password=None).render_as_string()


def _run(program: str, *arguments: str) -> None:
    password = db.engine.url.password
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command: Sequence[str] = [_program(program), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise DumpFailed(f"{program}: {done.stderr.strip()}")


def _program(name: str) -> str:
    """The newest of the installed: it reads every older server. The one on the path where there is no such folder."""
    installed = sorted(PROGRAMS.glob(f"[0-9]*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise DumpFailed(f"{name} is missing: apt-get install postgresql-client")
    return found
