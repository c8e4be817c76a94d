"""Rows on their way into tables: Core statements, a batch at a time, past every rule of the services."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, text

from registry.core.db import Model, db, transaction
from registry.records.models import VisibilityRow

BATCH = 2_000  # agreements whose rows are in memory together
MOST = 5_000  # rows of one statement
Row = dict[str, Any]
Rows = Iterator[tuple[type[Any], Row]]


def write(rows: Iterable[tuple[type[Any], Row]]) -> int:
    """Table by table, in the order in which they first come; how many rows there were."""
    of_table: dict[type[Any], list[Row]] = {}
    for model, row in rows:
        of_table.setdefault(model, []).append(row)
    for model, some in of_table.items():
        for batch in batches(some):
            db.session.execute(insert(table_of(model)), batch)
    return sum(map(len, of_table.values()))


def table_of(model: type[Any]) -> Table:
    """The table of a mapped class."""
    found = model.__table__
    assert isinstance(found, Table)
    return found


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """MOST at a time."""
    left = iter(rows)
    while some := list(islice(left, MOST)):
        yield some


def sizes(whole: int) -> Iterator[int]:
    """Batches that add up to the whole."""
    for start in range(0, whole, BATCH):
        yield min(BATCH, whole - start)


def every(step: int, first: int, size: int) -> range:
    """The numbers of the records of which there is one for every `step` agreements of this batch."""
    return range((first + step - 2) // step + 1, (first + size - 2) // step + 2)


def seen(
    table: type[VisibilityRow], record: Row, state: str, sides: Collection[int], above: Mapping[int, frozenset[int]]
) -> Rows:
    """Who sees a shared record: its sides, the owner among them, and everyone who oversees one of them."""
    for reader in sorted(set(sides).union(*(above.get(one, frozenset()) for one in sides))):
        row = {"organisation_id": reader, "record_id": record["id"], "sort_on": record["sort_on"]}
        yield table, row | {"state": state, "is_party": reader in sides}


def analyse() -> None:
    """What PostgreSQL learns about its tables over time; and counters that go on after the numbers given here.

    SQLite learns nothing, since the registry never runs ANALYZE on it.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with transaction():
        for table in Model.metadata.sorted_tables:
            if "id" in table.c and table.c.id.primary_key:
                _go_on(table.name)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("RESET statement_timeout"))


def _go_on(table: str) -> None:
    counter = db.session.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{table}"'})
    last = db.session.scalar(text(f'SELECT max(id) FROM "{table}"'))  # noqa: S608 - a table of the model
    if counter and last:
        db.session.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})


def repeated(values: Mapping[str, int]) -> Sequence[str]:
    """Each word as often as its number says, for dice that are loaded."""
    return [word for word, times in values.items() for _ in range(times)]
