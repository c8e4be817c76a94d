"""Ten thousand agreements in every run: pages have SQLite do no more for them than for four thousand. 规模检验.

What is counted are the instructions of SQLite's machine, which are the same on any machine at any load; times are for
`bench.scale`. Both registries have the same number of visits, promises and so on, so that only agreements are more.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from bench import scale
from bench.pages import PAGES
from bench.plenty import fill
from registry.core.db import db
from tests.databases import Database, put_back

FEW, MANY, WITH_MORE = 4_000, 10_000, 1_000  # agreements, and how many have anything hanging on them
# These cost more until there is as much as they ever look at: 1,000 hits of a kind, every month of every place.
UNTIL_FULL = ("search", "suggestions", "overview", "relationship")
INSTRUCTIONS = 100  # between two counts
PAIRS = 3  # relationships that are worked out
READER = "province"  # sees nearly everything


@pytest.mark.only("sqlite")
@pytest.mark.usefixtures("client")  # whose kind of browser forgets what an earlier request cached
def test_ten_thousand_cost_what_four_thousand_do(app: Flask, database: Database) -> None:
    few = _counts(app, FEW)
    db.session.remove()
    put_back(database)
    many = _counts(app, MANY)
    assert min(few.values()) > 0
    steady = [page for page in PAGES if not page.startswith(UNTIL_FULL) or page == "relationships"]
    assert {page: (few[page], many[page]) for page in steady if many[page] > scale.GROWTH * few[page]} == {}
    proportional = MANY / FEW
    assert [page for page in PAGES if many[page] > scale.GROWTH * proportional * few[page]] == []


def _counts(app: Flask, agreements: int) -> dict[str, int]:
    """Hundreds of instructions of each page."""
    cast = fill(agreements, others=agreements // WITH_MORE, pairs=PAIRS)
    db.session.remove()
    with _counting() as so_far:
        reader = scale.readers_of(app, {READER: cast.readers[READER]})[READER]
        _get(reader, "overview", so_far)  # what a program works out once
        return {page: _get(reader, page, so_far) for page in PAGES}


def _get(reader: scale.Reader, page: str, so_far: list[None]) -> int:
    before = len(so_far)
    assert reader.client.get(PAGES[page].format_map(reader.examples)).status_code == 200
    return len(so_far) - before


@contextmanager
def _counting() -> Iterator[list[None]]:
    """Gets an entry for each hundred instructions of any transaction that begins inside."""
    so_far: list[None] = []

    def count() -> None:
        so_far.append(None)

    def look(connection: Connection) -> None:
        used = connection.connection.driver_connection
        assert isinstance(used, sqlite3.Connection)
        used.set_progress_handler(count, INSTRUCTIONS)

    event.listen(db.engine, "begin", look)
    yield so_far
    event.remove(db.engine, "begin", look)
    db.session.remove()
    db.engine.dispose()
