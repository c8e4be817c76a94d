"""The index made anew from the records, and compared with them. 重建与核对."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, text

from ...core.access.scope import without_scope
from ...core.db import db, transaction
from ..models import SearchEntry
from ..sources.base import Source
from ..sources.catalogue import SOURCES
from . import index
from .entries import entries_of
from .keeping import COLUMNS, bring_in_step, tokens

BATCH = 1_000
# Writers wait for a batch, and it for them: nobody enters what somebody else is entering.
POSTGRESQL_LOCK = "LOCK TABLE search_entry IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True)
class Tally:
    """How many entries a kind has."""

    kind: str
    entries: int


@dataclass(frozen=True)
class Difference:
    """An entry that does not say what its record says."""

    kind: str
    record_id: int
    problem: str


def rebuild() -> Iterator[Tally]:
    """Empty the index and enter every record, a batch in each transaction; until it ends, less is found."""
    with transaction():
        _lock()
        index.clear()
        db.session.execute(delete(SearchEntry))
    yield from enter()


def enter() -> Iterator[Tally]:
    """Enter every record that is missing and bring the others in step, a batch in each transaction."""
    for source in SOURCES:
        yield Tally(source.kind, sum(_enter(source, batch) for batch in _batches(source)))


def _enter(source: Source, record_ids: Sequence[int]) -> int:
    with transaction(), without_scope():
        _lock()
        bring_in_step(source, record_ids)
        mine = (SearchEntry.kind == source.kind, SearchEntry.record_id.in_(record_ids))
        return db.session.scalar(select(func.count(SearchEntry.id)).where(*mine)) or 0


def _lock() -> None:
    """Until the end of the transaction nobody else enters anything."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(POSTGRESQL_LOCK))


def _batches(source: Source) -> Iterator[Sequence[int]]:
    """Numbers of all records of a kind, in order."""
    table = source.model.__table__
    last = 0
    while True:
        with without_scope():
            wanted = select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
            batch = db.session.scalars(wanted).all()
        if not batch:
            return
        yield batch
        last = batch[-1]


def differences() -> Iterator[Difference]:
    """Every entry that a rebuild would write otherwise, and every record that it would enter or leave out."""
    for source in SOURCES:
        for batch in _batches(source):
            yield from _compare(source, batch)
    yield from _orphans()


def _compare(source: Source, record_ids: Sequence[int]) -> Iterator[Difference]:
    with without_scope():
        wanted = entries_of(source, record_ids)
        mine = (SearchEntry.kind == source.kind, SearchEntry.record_id.in_(record_ids))
        rows = db.session.execute(select(*COLUMNS).where(*mine)).mappings()
        present = {row["record_id"]: row for row in rows}
    for number in sorted(wanted.keys() | present.keys()):
        problem = _problem(present.get(number), wanted.get(number))
        if problem:
            yield Difference(source.kind, number, problem)


def _problem(present: Any, wanted: Any) -> str:
    if present is None or wanted is None:
        return "missing" if present is None else "left over"
    wrong = [name for name, value in wanted.items() if present[name] != value]
    if wrong:
        return f"other {', '.join(wrong)}"
    return "" if index.is_whole(present["id"], tokens(present)) else "not in the index"


def _orphans() -> Iterator[Difference]:
    """Entries whose record is gone; rows of the index without an entry are found by nobody."""
    for source in SOURCES:
        table = source.model.__table__
        there = select(table.c.id).where(table.c.id == SearchEntry.record_id).exists()
        gone = select(SearchEntry.record_id).where(SearchEntry.kind == source.kind, ~there)
        with without_scope():
            for number in db.session.scalars(gone.order_by(SearchEntry.record_id)):
                yield Difference(source.kind, number, "left over")
