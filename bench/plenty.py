"""A registry with as many agreements as one likes, and all that hangs on them, as rows: for benchmarks, never for use.

    python -m bench.plenty --agreements 10000 [--database-url postgresql+psycopg://…/empty] [--folder somewhere]
                           [--others 10] [--pairs 300]

Real names of regions and universities, fictional enterprises and dealings, the same for the same number and day. Rows
are written with Core in batches, past every rule of the services (`bench/rows/`); what is derived is what the services
would have written: who sees what as they say, the ledger of promises by their own arithmetic, relationships, the search
index and the sums of the overview by their own rebuilding. `flask registry check-totals`, `check-figures` and
`rebuild-search --check` agree. For a very large number all that hangs on agreements may be made for one in so many
only (`--others`), and relationships of some pairs only (`--pairs`): parties, revisions and periods each has anyway.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic import command
from flask import Flask
from sqlalchemy import event, select

from registry.accounts.models import User
from registry.app import create_app
from registry.cli.database import alembic_config
from registry.core.access.scope import without_scope
from registry.core.config import DEMO_SECRET, Settings
from registry.core.db import db, transaction
from registry.dashboards.services import checking
from registry.relationships.pairs import Pair
from registry.relationships.services import refresh
from registry.search.services.rebuilding import enter

from .rows import activities, agreements, docking, mechanisms, stations, tasks, visits
from .rows.cast import Cast, cast_of
from .rows.promises import Promises
from .rows.writing import Rows, analyse, sizes, write

SEED = 20_261_128
FILE, READ_BY = "registry.db", "readers.json"  # of a folder with data
CACHE_KIB = 1_000_000  # of memory for SQLite's pages while data are made
PAIRS = 50  # relationships worked out in one transaction
Others = Callable[[int, int, Cast], Rows]
OTHERS: tuple[Others, ...] = (
    visits.rows,
    activities.rows,
    docking.rows,
    mechanisms.rows,
    stations.rows,
    tasks.rows,
)


@dataclass
class Clock:
    """Seconds by what they were spent on, and how many rows were written meanwhile."""

    spent: dict[str, float] = field(default_factory=dict)
    rows: int = 0

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """Everything inside is spent on this."""
        started = time.perf_counter()
        yield
        self.spent[what] = self.spent.get(what, 0) + time.perf_counter() - started

    @property
    def told(self) -> str:
        """What took how long."""
        each = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in self.spent.items())
        rate = self.rows / self.spent["rows"]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return f"{self.rows:,} rows at {rate:,.0f} a second ({each}), at most {memory} MB in memory"


def application(folder: Path, database_url: str = "") -> Flask:
    """The registry on this database, an SQLite file in the folder unless told, migrated."""
    folder.mkdir(parents=True, exist_ok=True)
    url = database_url or f"sqlite:///{folder / FILE}"
    app = create_app(Settings(secret_key=DEMO_SECRET, database_url=url, instance=folder, demo=True, testing=True))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        db.engine.dispose()
    return app


def fill(number: int, clock: Clock | None = None, others: int = 1, pairs: int | None = None) -> Cast:
    """So many agreements with all that hangs on them, one enterprise for every twenty; and what is derived.

    `others`: only one agreement in so many has anything hanging on it. `pairs`: relationships of so many pairs at most.
    """
    clock = clock or Clock()
    cast = cast_of(max(number // 20, 5), random.Random(SEED))  # noqa: S311 - no secret
    with clock.on("rows"):
        _rows(number, cast, clock, others)
        analyse()
    with clock.on("relationships"):
        _relationships(cast, pairs)
    with clock.on("search"):
        for _tally in enter():
            pass
    with clock.on("overview"):
        checking.repair()
    analyse()
    return cast


@contextmanager
def hurrying() -> Iterator[None]:
    """Data that can be made again need not survive a power cut, and indexes are filled faster from memory (SQLite)."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    db.session.remove()
    event.listen(db.engine, "connect", _lightly)
    db.engine.dispose()
    try:
        yield
    finally:
        db.session.remove()
        event.remove(db.engine, "connect", _lightly)
        db.engine.dispose()


def _lightly(connection: Any, _record: object) -> None:
    for pragma in ("synchronous=OFF", f"cache_size=-{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def _rows(number: int, cast: Cast, clock: Clock, others: int) -> None:
    promises, first, done = Promises(cast), 1, 0
    for size in sizes(number):
        with transaction():
            made = agreements.agreements(first, size, cast)
            clock.rows += write(agreements.rows(made, cast))
            clock.rows += write(row for one in made[: len(made) // others] for row in promises.rows(one))
            more = (first + size - 1) // others - done
            for rows_of in OTHERS:
                clock.rows += write(rows_of(done + 1, more, cast))
        first, done = first + size, done + more
    with transaction():
        promises.finish()


def _relationships(cast: Cast, most: int | None) -> None:
    """Of every locality with every university that has anything to do with it."""
    pairs = sorted({Pair(cast.places[bureau], school) for bureau, school in cast.met})[:most]
    for start in range(0, len(pairs), PAIRS):
        with transaction(), without_scope():
            for pair in pairs[start : start + PAIRS]:
                refresh(pair)
        db.session.expunge_all()


def keep_readers(cast: Cast, folder: Path) -> None:
    """Leave a note beside the data of who looks at it."""
    (folder / READ_BY).write_text(json.dumps(cast.readers))


def user(public_id: str) -> User:
    """Somebody of the cast."""
    return db.session.scalars(select(User).where(User.public_id == public_id)).one()


def main(arguments: Sequence[str]) -> int:
    """Fill an empty database and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--agreements", type=int, default=10_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--folder", type=Path, default=Path("instance/plenty"))
    parser.add_argument("--others", type=int, default=1, help="one agreement in so many has anything hanging on it")
    parser.add_argument("--pairs", type=int, help="relationships of so many pairs at most")
    given = parser.parse_args(arguments)
    clock = Clock()
    with application(given.folder, given.database_url).app_context(), hurrying():
        keep_readers(fill(given.agreements, clock, given.others, given.pairs), given.folder)
    print(f"{given.agreements:,} agreements: {clock.told}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
