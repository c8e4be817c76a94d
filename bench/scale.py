"""What pages cost as the registry grows, each as a ratio to the empty endpoint of the same program in the same run.

    python -m bench.scale [--sizes 10000 100000] [--databases sqlite postgresql] [--rounds 21] [--write RESULTS.md]

The pages are asked in the program's own process, signed in, as somebody of the province (sees nearly everything), of a
city's bureau and of one university. The floor of the same rounds is `/healthz`. Lower quartiles over rounds in which
everything is asked in turn, so that a busy machine is busy for all. Absolute times of a shared machine say nothing;
ratios hold. Ends with 1 where a page costs much more than GROWTH times as much at the largest size as at the smallest.
"""

import argparse
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
from sqlalchemy import create_engine, text

from registry.accounts import sessions
from registry.core.db import db, transaction
from tests.postgresql import cluster

from .plenty import application, fill, user
from .results import Figure, Results

GROWTH = 1.5
WARM = 3  # rounds that are not counted
NOISE = 1.3  # what two figures of the same page may differ by on a busy machine
PAGES: Mapping[str, str] = {
    "list, first page": "/agreements",
    "list, page 20": "/agreements?page=20",
    "list, one status": "/agreements?status=in_force",
    "visits, first page": "/visits",
    "search, two characters": "/search?q=鞍山",
    "search, one character": "/search?q=鞍",
    "search, in every title": "/search?q=合作",
    "search, two words": "/search?q=沈阳 框架",
    "search, initials": "/search?q=dbdx",
    "search, pinyin": "/search?q=dongbeidaxue",
    "search, common pinyin": "/search?q=anshan",
    "search, two letters": "/search?q=an",
    "search, a number": "/search?q=校地协 〔2020〕 77号",
    "search, one kind": "/search?q=大学&kind=agreement",
    "search, nothing there": "/search?q=昆明海洋",
    "suggestions": "/search/suggest?q=框架",
}
READERS = ("province", "bureau", "school")
FLOOR = "/healthz"
LEDGERS = "# What ledgers cost, in and out\n"  # written by bench.ledgers, kept here


@dataclass(frozen=True)
class Asked:
    """One page as one reader."""

    page: str
    reader: str


def measure(app: Flask, clients: Mapping[str, FlaskClient], rounds: int) -> Iterator[Figure]:
    """Each page as a multiple of the floor's, everything once in each round."""
    whole = [Asked(page, reader) for page in PAGES for reader in READERS]
    spent: dict[Asked | None, list[float]] = {one: [] for one in (None, *whole)}
    for number in range(rounds + WARM):
        for one in (None, *whole):
            client = clients[one.reader if one else READERS[0]]
            took = _time(lambda: _get(client, PAGES[one.page] if one else FLOOR))  # noqa: B023 - called at once
            if number >= WARM:
                spent[one].append(took)
    floor = _quartile(spent[None])
    for one in whole:
        yield Figure(one.page, one.reader, _quartile(spent[one]) / floor)


def _quartile(times: Sequence[float]) -> float:
    """What a quarter of the rounds took at most: the others waited for somebody else."""
    return quantiles(times, n=4, method="inclusive")[0]


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _get(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def clients_of(app: Flask, readers: Mapping[str, str]) -> dict[str, FlaskClient]:
    """A signed-in browser for each reader."""
    found = {}
    for name, public_id in readers.items():
        with app.app_context(), transaction():
            token = sessions.open_session(user(public_id), second_factor=True)
        found[name] = app.test_client()
        found[name].set_cookie(sessions.COOKIE, token, secure=True)
    return found


def run(database_url: str, folder: Path, size: int, rounds: int) -> tuple[list[Figure], float]:
    """Fill an empty database and measure; also how many agreements were written a second, index and all."""
    app = application(folder, database_url)
    with app.app_context():
        took = -time.perf_counter()
        cast = fill(size)
        took += time.perf_counter()
        db.session.remove()
    figures = list(measure(app, clients_of(app, cast.readers), rounds))
    with app.app_context():
        db.engine.dispose()
    return figures, size / took


@contextmanager
def place(kind: str) -> Iterator[Callable[[int], str]]:
    """Gives the address of an empty database for each size; for SQLite none, since it is a file in the folder."""
    if kind == "sqlite":
        yield lambda _size: ""
        return
    with (
        TemporaryDirectory(prefix="plenty-pg-", ignore_cleanup_errors=True) as folder,
        cluster(Path(folder)) as address,
    ):
        yield lambda size: _made(address, f"plenty_{size}")


def _made(address: str, name: str) -> str:
    engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.format(name=name)


def main(arguments: Sequence[str]) -> int:
    """Measure, tell, write; 1 where a page grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(arguments)
    results = Results(given.sizes, given.databases)
    for kind in given.databases:
        with (
            TemporaryDirectory(prefix="plenty-", ignore_cleanup_errors=True) as folder,
            place(kind) as at,
        ):
            for size in given.sizes:
                figures, rate = run(at(size), Path(folder) / str(size), size, given.rounds)
                results.add(kind, size, figures, rate)
                print(f"{kind}, {size:,} agreements: {rate:,.0f} a second", file=sys.stderr)
    print(results.table())
    if given.write:
        _head, heading, kept = given.write.read_text().partition(LEDGERS) if given.write.exists() else ("", "", "")
        given.write.write_text(f"{results.page()}\n{heading}{kept}" if heading else results.page())
    grown = results.grown(GROWTH * NOISE)
    for line in grown:
        print(f"GROWS: {line}", file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
