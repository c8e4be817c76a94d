"""Two kinds of database for the tests; each test begins with a fresh copy of a migrated one."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, text

FIRST = "first"


class Database(Protocol):
    """Something that can be put back to a state that was kept; the first state is the migrated, empty one."""

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

    def reset(self, state: str = FIRST) -> None:
        """Go back to the state; no connection may be open."""
        ...


@dataclass
class SQLiteDatabase:
    """A file; the states are copies beside it."""

    path: Path

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

    def reset(self, state: str = FIRST) -> None:
        """Copy back."""
        for suffix in (".db-wal", ".db-shm"):
            self.path.with_suffix(suffix).unlink(missing_ok=True)
        shutil.copy(self._kept(state), self.path)

    def _kept(self, state: str) -> Path:
        return self.path.with_suffix(f".{state}")


SHAPE = """
    SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
        SELECT concat(t.tgname, t.tgenabled, t.tgrelid::regclass) AS line FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL SELECT concat(table_name, column_name, data_type) FROM information_schema.columns
        WHERE table_schema = 'public'
    ) shape
"""


class PostgreSQLDatabase:
    """A database of the throwaway cluster. Only rows are put back while its shape is the first one: that is fast.

    The rows of a state lie in a schema of its own, so that they never leave the server. Where a test changed tables
    or triggers, the whole database is copied from its template, and states other than the first are forgotten.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.url = address.format(name=self.name)
        self.shape = ""
        self.states: dict[str, list[str]] = {}
        self._run(f"CREATE DATABASE {self.name}")

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
            self._run(f"CREATE DATABASE {self.name}_kept TEMPLATE {self.name}")

    def has(self, state: str) -> bool:
        """Whether its rows are there."""
        return state in self.states

    def reset(self, state: str = FIRST) -> None:
        """Put the rows back, or everything."""
        with self._connection() as connection:
            is_same = connection.scalar(text(SHAPE)) == self.shape
            if is_same:
                self._put_rows_back(connection, state)
        if not is_same:
            self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
            self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_kept")
            self.states = {FIRST: self.states[FIRST]}

    def _put_rows_back(self, connection: Connection, state: str) -> None:
        connection.execute(text("SET session_replication_role = replica"))  # neither foreign keys nor triggers now
        for table in _filled(connection):
            connection.execute(text(f"DELETE FROM {table}"))
        for table in self.states[state]:
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{state}.{table}"))

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            yield connection

    def _run(self, statement: str) -> None:
        engine = create_engine(self.address.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


def _filled(connection: Connection) -> list[str]:
    """Tables that have rows."""
    listed = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    tables = connection.scalars(listed).all()
    asked = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)
    return list(connection.scalars(text(asked)).all())
