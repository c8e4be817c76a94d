"""What pages cost as the registry grows, each as a ratio to the empty endpoint of the same program in the same run.

    python -m bench.scale [--sizes 10000 100000] [--databases sqlite postgresql] [--rounds 21] [--write RESULTS.md]
                          [--pages overview] [--remember figures.json] [--keep a-folder]
                          [--server postgresql+psycopg://postgres@/{name}?host=/some/socket]

The pages are asked in the program's own process, signed in, as somebody of the province (sees nearly everything), of a
city's bureau and of one university. What is measured is processor time: of the program, SQLite within it, and of the
PostgreSQL processes that serve it, where they run on the same machine (else time on the clock). The floor of the same
rounds is `/healthz`. Lower quartiles over rounds in which everything is asked in turn, so that a busy machine is busy
for all. Ends with 1 where a page costs much more than GROWTH times as much at the largest size as at the smallest.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text

from registry.accounts import sessions
from registry.agreements.models import Agreement
from registry.core.db import db, transaction
from tests.postgresql import cluster

from .copying import copy
from .pages import FLOOR, PAGES, READERS, examples
from .plenty import FILE, READ_BY, Clock, application, fill, hurrying, keep_readers, user
from .results import Figure, Results

GROWTH = 1.5
NANO = 1_000_000_000
Meter = Callable[[], float]
WARM = 3  # rounds that are not counted
NOISE = 1.3  # what two figures of the same page may differ by on a busy machine
KEPT = "## What the figures say\n"  # from there on the page is written by people and by bench.ledgers


@dataclass(frozen=True)
class Reader:
    """A signed-in browser, and the records that it is shown."""

    client: FlaskClient
    examples: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One page as one reader."""

    page: str
    reader: str


def measure(
    readers: Mapping[str, Reader], rounds: int, spent_so_far: Meter = time.thread_time, only: str = ""
) -> Iterator[Figure]:
    """Each page as a multiple of the floor's, everything once in each round; `only` those that are so called."""
    whole = [Asked(page, reader) for page in PAGES for reader in READERS if re.search(only, page)]
    spent: dict[Asked | None, list[float]] = {one: [] for one in (None, *whole)}
    for number in range(rounds + WARM):
        for one in (None, *whole):
            reader = readers[one.reader if one else READERS[0]]
            address = PAGES[one.page].format_map(reader.examples) if one else FLOOR
            before = spent_so_far()
            _get(reader.client, address)
            took = spent_so_far() - before
            if number >= WARM:
                spent[one].append(took)
    floor = _quartile(spent[None])
    for one in whole:
        took = _quartile(spent[one])
        yield Figure(one.page, one.reader, took / floor, took * 1000)


def _quartile(times: Sequence[float]) -> float:
    """What a quarter of the rounds took at most: the others waited for somebody else."""
    return quantiles(times, n=4, method="inclusive")[0] if len(times) > 1 else times[0]


def meter() -> Meter:
    """Seconds of processor time so far: the program's, and those of the servers of its connections."""
    if db.engine.dialect.name == "sqlite":
        return time.thread_time
    there = "datname = current_database() AND backend_type = 'client backend'"
    mine = text(f"SELECT pid FROM pg_stat_activity WHERE {there}")  # noqa: S608 - nothing of it is given
    files = [Path(f"/proc/{pid}/schedstat") for pid in db.session.scalars(mine)]
    db.session.remove()
    if not all(one.exists() for one in files):
        return time.perf_counter
    return lambda: time.thread_time() + sum(int(one.read_text().split()[0]) for one in files) / NANO


def _get(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def readers_of(app: Flask, names: Mapping[str, str]) -> dict[str, Reader]:
    """A signed-in browser for each reader."""
    found = {}
    for name, public_id in names.items():
        with app.app_context(), transaction():
            token = sessions.open_session(user(public_id), second_factor=True)
            found[name] = Reader(app.test_client(), examples(public_id))
        found[name].client.set_cookie(sessions.COOKIE, token, secure=True)
    return found


def run(database_url: str, folder: Path, size: int, rounds: int, only: str = "") -> list[Figure]:
    """Fill a database that is empty, and measure. One that is filled already is measured as it is."""
    app = application(folder, database_url)
    with app.app_context():
        names = _filled(folder, size)
        db.session.remove()
    readers = readers_of(app, names)
    with app.app_context():
        spent_so_far = meter()
    figures = list(measure(readers, rounds, spent_so_far, only))
    with app.app_context():
        db.engine.dispose()
    return figures


def _filled(folder: Path, size: int) -> dict[str, str]:
    """Who reads. PostgreSQL gets what the file beside it holds, where there is one."""
    known, file, started = folder / READ_BY, folder / FILE, time.perf_counter()
    is_there = db.session.scalar(select(Agreement.id).limit(1)) is not None
    db.session.rollback()
    if not is_there and db.engine.dialect.name == "postgresql" and known.exists():
        copy(file)
        print(f"{size:,} agreements copied in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    elif not is_there:
        clock = Clock()
        with hurrying():
            keep_readers(fill(size, clock), folder)
        print(f"{size:,} agreements: {clock.told}", file=sys.stderr)
    found: dict[str, str] = json.loads(known.read_text())
    return found


@contextmanager
def place(kind: str, server: str = "") -> Iterator[Callable[[int], str]]:
    """Gives the address of a database for each size; for SQLite none, since it is a file in the folder."""
    if kind == "sqlite":
        yield lambda _size: ""
    elif server:
        yield lambda size: _made(server, f"plenty_{size}")
    else:
        with (
            TemporaryDirectory(prefix="plenty-pg-", ignore_cleanup_errors=True) as folder,
            cluster(Path(folder)) as address,
        ):
            yield lambda size: _made(address, f"plenty_{size}")


def _made(address: str, name: str) -> str:
    engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.format(name=name)


@contextmanager
def kept(folder: Path | None) -> Iterator[Path]:
    """The folder that is kept, or one that is thrown away."""
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory(prefix="plenty-", ignore_cleanup_errors=True) as passing:
        yield Path(passing)


def main(arguments: Sequence[str]) -> int:
    """Measure, tell, write; 1 where a page grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--pages", default="", help="a regular expression: only pages that are so called")
    parser.add_argument("--remember", type=Path, help="a file with the figures of runs one by one, told of together")
    parser.add_argument("--keep", type=Path, help="a folder whose data is kept, and measured as it is the next time")
    parser.add_argument("--server", default="", help="postgresql+psycopg://…/{name} instead of a throwaway cluster")
    given = parser.parse_args(arguments)
    results = Results(given.rounds)
    with kept(given.keep) as folder:
        for kind in given.databases:
            with place(kind, given.server) as at:
                for size in given.sizes:
                    results.add(kind, size, run(at(size), folder / str(size), size, given.rounds, given.pages))
    if given.remember:
        results.remember(given.remember)
    print(results.table())
    if given.write:
        _head, heading, rest = given.write.read_text().partition(KEPT) if given.write.exists() else ("", "", "")
        given.write.write_text(f"{results.page()}\n{heading}{rest}" if heading else results.page())
    grown = results.grown(GROWTH * NOISE)
    for line in grown:
        print(f"GROWS: {line}", file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
