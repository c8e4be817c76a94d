"""What an SQLite file holds, copied into an empty PostgreSQL database: quicker than to make it all once more.

Values go over as SQLite spells them, which PostgreSQL reads alike: days and times as text (UTC), 0 and 1, JSON. The
search index is another one there and is made anew.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text

from registry.core.db import Model, db, transaction
from registry.search.services.rebuilding import enter

from .rows.writing import analyse

ROWS = 10_000


def copy(source: Path) -> None:
    """Everything but the search index, then that anew."""
    there = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        with transaction():
            # Rows are in step where they come from, whatever the order in which tables follow each other here.
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
            db.session.execute(text("SET LOCAL TimeZone = 'UTC'"))
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
            for table in Model.metadata.sorted_tables:
                if not table.name.startswith("search_"):
                    _copy(there, table)
    finally:
        there.close()
    analyse()
    for _tally in enter():
        pass
    analyse()


def _copy(there: sqlite3.Connection, table: Table) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    connection: Any = db.session.connection().connection.driver_connection
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - what a migration entered
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as lines:
            for row in _rows(there, f'SELECT {names} FROM "{table.name}"'):  # noqa: S608 - names of the model
                lines.write_row(row)


def _rows(there: sqlite3.Connection, statement: str) -> Iterator[Sequence[Any]]:
    found = there.execute(statement)
    while some := found.fetchmany(ROWS):
        yield from some
