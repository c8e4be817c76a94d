"""States that many tests begin with, made once and put back each time: rows, files, and what the test speaks of.

A state is made anew each day of Shanghai, since what it holds speaks of today.
"""

import hashlib
import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Flask
from sqlalchemy import inspect

from registry.core.dates import today
from registry.core.db import Model, db

from .databases import Database, let_go, put_back

T = TypeVar("T")


class Begin(Protocol):
    """`begin_with(build)` is what `build()` gives, and quicker where many tests begin alike."""

    def __call__(self, build: Callable[[], T]) -> T: ...


@dataclass(frozen=True)
class Remembered:
    """What a builder gave back, and the files that it left."""

    given: bytes
    files: dict[Path, bytes]


@dataclass
class States:
    """The states of one database and one instance folder."""

    database: Database
    instance: Path
    remembered: dict[str, Remembered] = field(default_factory=dict)

    def begin_with(self, build: Callable[[], T]) -> T:
        """What `build` makes of an empty database, made the first time and put back later.

        It may give back rows, alone or inside of plain data: they belong to the present session. Whatever the session
        had before is let go, so a test begins with this, before anything else is patched or looked up.
        """
        name = hashlib.sha256(f"{build.__module__}.{build.__qualname__} {today()}".encode()).hexdigest()[:16]
        if not (name in self.remembered and self.database.has(name)):
            self.remembered[name] = self._make(build, name)
        else:
            let_go(self.database)
            put_back(self.database, name)
        for path, data in self.remembered[name].files.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        given: T = _Reader(io.BytesIO(self.remembered[name].given)).load()
        return given

    def _make(self, build: Callable[[], object], name: str) -> Remembered:
        before = set(self.instance.rglob("*"))
        given = io.BytesIO()
        _Writer(given).dump(build())
        made = [path for path in self.instance.rglob("*") if path not in before and path.is_file()]
        let_go(self.database)
        self.database.keep(name)
        return Remembered(given.getvalue(), {path: path.read_bytes() for path in made})


class _Writer(pickle.Pickler):
    """Writes rows as table and key."""

    def persistent_id(self, obj: Any) -> tuple[type[Model], Any] | None:
        """Which row it is, or None for plain data."""
        return (type(obj), inspect(obj).identity) if isinstance(obj, Model) else None


class _Reader(pickle.Unpickler):
    """Finds the rows again."""

    def persistent_load(self, pid: Any) -> Model:
        """The row in the present session."""
        kind, key = pid
        row: Model = db.session.get_one(kind, key)
        return row


def states_of(app: Flask, database: Database) -> States:
    """The states of the application."""
    states: States = app.extensions.setdefault("test states", States(database, app.extensions["settings"].instance))
    return states
