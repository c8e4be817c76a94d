"""Two kinds of database for the tests; each test begins with a fresh copy of a migrated one."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from registry.core.db import db

FIRST = "first"
PLANS = 2_000  # a run asks far more kinds of questions than the hundred whose plans a connection keeps


class Database(Protocol):
    """Something that can be put back to a state that was kept; the first state is the migrated, empty one."""

    stays_open: bool  # whether connections outlast a reset

    @property
    def url(self) -> str:
        """SQLAlchemy's address of it."""
        ...

    def keep(self, state: str = FIRST) -> None:
        """Remember the present state; no connection may be open."""
        ...

    def has(self, state: str) -> bool:
        """Whether the state is remembered."""
        ...

    def reset(self, state: str = FIRST) -> bool:
        """Go back to the state, nothing being done meanwhile; False where connections have to be opened anew."""
        ...


@dataclass
class SQLiteDatabase:
    """A file; the states are copies beside it."""

    path: Path
    stays_open = False

    @property
    def url(self) -> str:
        """SQLAlchemy's address of it."""
        return f"sqlite:///{self.path}"

    def keep(self, state: str = FIRST) -> None:
        """The engine is disposed, so the write-ahead log has been folded in."""
        shutil.copy(self.path, self._kept(state))

    def has(self, state: str) -> bool:
        """Whether there is a copy."""
        return self._kept(state).exists()

    def reset(self, state: str = FIRST) -> bool:
        """Copy back."""
        for suffix in (".db-wal", ".db-shm"):
            self.path.with_suffix(suffix).unlink(missing_ok=True)
        shutil.copy(self._kept(state), self.path)
        return False

    def _kept(self, state: str) -> Path:
        return self.path.with_suffix(f".{state}")


SHAPE = """
    SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
        SELECT concat(t.tgname, t.tgenabled, t.tgrelid::regclass) AS line FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL SELECT concat(c.relname, a.attname, a.atttypid, a.attnotnull) FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped
    ) shape
"""
# On the server: to plan one statement about all tables takes longer than to look into each.
EMPTY = """
    DO $$ DECLARE name text; filled boolean; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
            IF filled THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
        END LOOP;
    END $$
"""
# Neither foreign keys nor triggers, for one transaction.
UNCHECKED = "SET LOCAL session_replication_role = replica"
# What was deleted still takes room; whoever looks for rows has to look there too.
GROWN = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 262144
"""


class PostgreSQLDatabase:
    """A database of the throwaway cluster. Only rows are put back while its shape is the first one: that is fast.

    The rows of a state lie in a schema of its own, so that they never leave the server. Where a test changed tables
    or triggers, the whole database is copied from its template, and states other than the first are forgotten.
    """

    stays_open = True

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.url = address.format(name=self.name)
        self.shape = ""
        self.states: dict[str, list[str]] = {}
        self._run(f"CREATE DATABASE {self.name}")
        # Kept open: a new connection has to learn about every table first.
        self.engine = create_engine(self.url, pool_size=1, pool_pre_ping=True)

    def keep(self, state: str = FIRST) -> None:
        """Remember rows; for the first state shape as well, and make the template."""
        with self._connection() as connection:
            self.states[state] = _filled(connection)
            connection.execute(text(f"CREATE SCHEMA kept_{state}"))
            for table in self.states[state]:
                connection.execute(text(f"CREATE TABLE kept_{state}.{table} AS TABLE public.{table}"))
            if state == FIRST:
                self.shape = connection.scalar(text(SHAPE)) or ""
        if state == FIRST:
            self.engine.dispose()
            self._run(f"CREATE DATABASE {self.name}_kept TEMPLATE {self.name}")

    def has(self, state: str) -> bool:
        """Whether its rows are there."""
        return state in self.states

    def reset(self, state: str = FIRST) -> bool:
        """Put the rows back, or everything."""
        with self._connection() as connection:
            is_same = bool(connection.scalar(text(SHAPE)) == self.shape)
        if is_same:
            self._put_rows_back(state)
        else:
            self.engine.dispose()
            self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
            self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_kept")
            self.states = {FIRST: self.states[FIRST]}
        return is_same

    def _put_rows_back(self, state: str) -> None:
        with self._connection(UNCHECKED) as connection:
            connection.execute(text(EMPTY))
            grown = connection.scalars(text(GROWN)).all()
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in grown:
                connection.execute(text(f"VACUUM {table}"))
        with self._connection(UNCHECKED) as connection:
            for table in self.states[state]:
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{state}.{table}"))

    @contextmanager
    def _connection(self, setting: str = "") -> Iterator[Connection]:
        with self.engine.begin() as connection:
            if setting:
                connection.execute(text(setting))
            yield connection

    def _run(self, statement: str) -> None:
        engine = create_engine(self.address.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@event.listens_for(Engine, "connect")
def _plan_once(connection: object, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        connection.prepared_max = PLANS


def let_go(database: Database) -> None:
    """End the session before the database is put back."""
    db.session.remove()
    if not database.stays_open:
        db.engine.dispose()


def put_back(database: Database, state: str = FIRST) -> None:
    """Go back to a state, in the context of the application; connections of before are opened anew where need be."""
    if not database.reset(state):
        db.engine.dispose()


def _filled(connection: Connection) -> list[str]:
    """Tables that have rows."""
    listed = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    tables = connection.scalars(listed).all()
    asked = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)
    return list(connection.scalars(text(asked)).all())
