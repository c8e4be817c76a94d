"""Two kinds of database for the tests; each test begins with a fresh copy of a migrated one."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, NullPool, create_engine, text


class Database(Protocol):
    """Something that can be put back to its first state."""

    @property
    def url(self) -> str:
        """SQLAlchemy's address of it."""
        ...

    def keep(self) -> None:
        """Remember the present state as the first."""
        ...

    def reset(self) -> None:
        """Go back to it; no connection may be open."""
        ...


@dataclass
class SQLiteDatabase:
    """A file; the first state is a copy beside it."""

    path: Path

    @property
    def url(self) -> str:
        """SQLAlchemy's address of it."""
        return f"sqlite:///{self.path}"

    def keep(self) -> None:
        """The engine is disposed, so the write-ahead log has been folded in."""
        shutil.copy(self.path, self.path.with_suffix(".kept"))

    def reset(self) -> None:
        """Copy back."""
        for suffix in (".db-wal", ".db-shm"):
            self.path.with_suffix(suffix).unlink(missing_ok=True)
        shutil.copy(self.path.with_suffix(".kept"), self.path)


SHAPE = """
    SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
        SELECT concat(t.tgname, t.tgenabled, t.tgrelid::regclass) AS line FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL SELECT concat(table_name, column_name, data_type) FROM information_schema.columns
        WHERE table_schema = 'public'
    ) shape
"""


class PostgreSQLDatabase:
    """A database of the throwaway cluster. Only rows are put back while its shape is the first one: that is fast.

    Where a test changed tables or triggers, the whole database is copied from its template.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.url = address.format(name=self.name)
        self.shape = ""
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self._run(f"CREATE DATABASE {self.name}")

    def keep(self) -> None:
        """Remember shape and rows, and make the template."""
        with self._connection() as connection:
            self.shape = connection.scalar(text(SHAPE)) or ""
            for table in _filled(connection):
                self.rows[table] = [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
        self._run(f"CREATE DATABASE {self.name}_kept TEMPLATE {self.name}")

    def reset(self) -> None:
        """Put the rows back, or everything."""
        with self._connection() as connection:
            is_same = connection.scalar(text(SHAPE)) == self.shape
            if is_same:
                self._put_rows_back(connection)
        if not is_same:
            self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
            self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_kept")

    def _put_rows_back(self, connection: Connection) -> None:
        connection.execute(text("SET session_replication_role = replica"))  # neither foreign keys nor triggers now
        for table in _filled(connection):
            connection.execute(text(f"DELETE FROM {table}"))
        for table, rows in self.rows.items():
            for row in rows:
                places = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)

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
