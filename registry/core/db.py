"""The database: declarative base, types, and the one write transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Enum, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from .copying import copy_in
from .errors import Unavailable
from .ids import new_public_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "FULL",  # NORMAL loses acknowledged writes when the power goes
    "foreign_keys": "ON",
    "busy_timeout": "10000",
    "trusted_schema": "OFF",
    "cache_size": "-8192",
    "mmap_size": "268435456",
}
# What must be so whatever SQLite was built or opened with; as it answers.
SQLITE_ASSERTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
# Requests are many and small: what pays for one large question (compiling it, several processes) costs each of them.
POSTGRESQL_OPTIONS = (
    "-c statement_timeout=15000 -c lock_timeout=8000 -c timezone=UTC -c jit=off -c max_parallel_workers_per_gather=0"
)

T = TypeVar("T")
MOST_AT_ONCE = 500
TURN_SECONDS = 20.0
_turn = Lock()
_writing: ContextVar[bool] = ContextVar("writing", default=False)
Ending = Callable[[], None]
_endings: list[Ending] = []


class UnsafeDatabase(RuntimeError):
    """The database would lose what was acknowledged; nothing is done with it."""


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always aware; SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, turn others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say again that it is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[StrEnum], name: str | None = None) -> Enum:
    """VARCHAR with a CHECK of the codes, alike on both databases; name it where a table has the same enum twice."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Base of all tables. The map stands in a registry: Flask-SQLAlchemy drops it from a class attribute."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime(), str: String(200)},
    )


db = SQLAlchemy(
    model_class=Base,
    engine_options={"pool_pre_ping": True},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Identified:
    """Mixin: a number inside, a ULID in every address and payload."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=new_public_id)


class Versioned:
    """Mixin: a stale write is refused by the database session (StaleDataError, shown as 409)."""

    row_version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let SQLAlchemy compare and raise the version on every update."""
        return {"version_id_col": cls.row_version}


class Stamped:
    """Mixin: when the row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    updated_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), onupdate=lambda: datetime.now(UTC))


def batched(things: Iterable[T], size: int = MOST_AT_ONCE) -> Iterator[list[T]]:
    """At most `size` at a time: as many as one statement of either database takes."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def at_the_end(function: Ending) -> Ending:
    """Mark a function that is called inside every transaction right before its commit: what is derived from rows, once
    for all their changes. One that raises undoes the whole transaction.
    """
    if function not in _endings:
        _endings.append(function)
    return function


@contextmanager
def transaction() -> Iterator[None]:
    """The one write transaction: commits once at the end, or rolls back whole.

    On SQLite it begins IMMEDIATE, since a read that turns into a write is refused when somebody else wrote between.
    What was read before is read anew inside it. It cannot be nested.
    """
    session = db.session()
    if _writing.get():
        raise RuntimeError("a transaction is already open")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a transaction")
    session.rollback()
    with _own_turn():
        token = _writing.set(True)
        try:
            yield
            for ending in _endings:
                ending()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def _own_turn() -> Iterator[None]:
    """SQLite has one writer: this process's threads queue up here instead of asking the file again and again.

    Its busy handler sleeps longer each time and lets newcomers pass, so that somebody unlucky waits until the timeout.
    Raises Unavailable after TURN_SECONDS.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise Unavailable
    try:
        yield
    finally:
        _turn.release()


def is_writing() -> bool:
    """Whether a transaction is open."""
    return _writing.get()


event.listen(Engine, "do_executemany", copy_in)


@event.listens_for(Engine, "connect")
def _prepare(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we begin ourselves, see _begin
    cursor = connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in SQLITE_ASSERTED}
    cursor.close()
    if found != SQLITE_ASSERTED:
        raise UnsafeDatabase(f"SQLite does not take the settings that keep data safe: {found}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def transaction_for_migration() -> Iterator[None]:
    """Begin IMMEDIATE for what a migration opens itself."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)
