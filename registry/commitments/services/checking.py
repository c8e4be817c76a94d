"""The ledger against the periods: what lists and rates read is worked out anew and compared. 台账核对.

Rates need no trust in increments: whatever differs is named, and can be put right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ...core.access.scope import without_scope
from ...core.db import db
from ..enums import Category, Part
from ..models import Commitment, CommitmentPeriod, CommitmentTotal
from . import standing

BATCH = 500
Cell = tuple[int, Part, date, Category]


@dataclass(frozen=True)
class Difference:
    """A period whose rows are out of step, or a cell whose sums are: what is kept, and what should be."""

    where: str
    kept: object
    wanted: object


def compare() -> Iterator[Difference]:
    """Everything that is out of step; nothing where all is well. Reads every period, a batch in memory at a time."""
    sums: dict[Cell, tuple[int, ...]] = {}
    with without_scope():
        for periods in _batches():
            wanted = {row.key: row for period in periods for row in standing.rows_of(period)}
            kept = {row.key: row for row in standing.rows_at([period.id for period in periods])}
            for key in sorted(wanted.keys() | kept.keys()):
                if wanted.get(key) != kept.get(key):
                    yield Difference(f"period {key}", kept.get(key), wanted.get(key))
            standing.add_up(sums, wanted.values())
        yield from _of_sums(sums)


def put_right() -> int:
    """Make rows and sums anew where they are out of step; how many periods there are. Inside a transaction."""
    count = 0
    sums: dict[Cell, tuple[int, ...]] = {}
    with without_scope():
        for periods in _batches():
            standing.refresh(periods)
            standing.add_up(sums, [row for period in periods for row in standing.rows_of(period)])
            count += len(periods)
        standing.overwrite(sums)
    return count


def _of_sums(wanted: dict[Cell, tuple[int, ...]]) -> Iterator[Difference]:
    kept = {
        (one.organisation_id, one.part, one.month, one.category): tuple(getattr(one, name) for name in standing.SUMS)
        for one in db.session.scalars(select(CommitmentTotal))
    }
    nothing = (0,) * len(standing.SUMS)
    for cell in sorted(wanted.keys() | kept.keys()):
        if wanted.get(cell, nothing) != kept.get(cell, nothing):
            yield Difference(f"total {cell}", kept.get(cell), wanted.get(cell))


def _batches() -> Iterator[Sequence[CommitmentPeriod]]:
    last = 0
    while True:
        statement = select(CommitmentPeriod).where(CommitmentPeriod.id > last).order_by(CommitmentPeriod.id)
        loaded = statement.options(
            selectinload(CommitmentPeriod.voices),
            joinedload(CommitmentPeriod.commitment).selectinload(Commitment.sides),
        )
        found = db.session.scalars(loaded.limit(BATCH)).all()
        if not found:
            return
        last = found[-1].id
        yield found
