"""Two kinds of database for the tests; each test begins with a fresh copy of a migrated one."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text


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


class PostgreSQLDatabase:
    """A database of the throwaway cluster; the first state is a template database."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.url = address.format(name=self.name)
        self._run(f"CREATE DATABASE {self.name}")

    def keep(self) -> None:
        """Make the template."""
        self._run(f"CREATE DATABASE {self.name}_kept TEMPLATE {self.name}")

    def reset(self) -> None:
        """Drop and copy the template."""
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_kept")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.address.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
