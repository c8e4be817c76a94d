"""Keeps in step what lists and rates read: how each period stands to whom, and the sums by month. 台账维护.

In the same transaction as the change; sums are moved by the difference, so that nobody counts anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from ...core.db import db
from ...core.figures.kinds import Number
from ...core.upsert import insert_or
from ...records.services import tell_of
from .. import lights, policy
from ..enums import UNCOUNTED, Bucket, Category, Part, PeriodState
from ..models import MILLION, Commitment, CommitmentPeriod, CommitmentTotal, PeriodStanding
from ..rates import share

Cell = tuple[int, Part, date, Category]
CELL = ("organisation_id", "part", "month", "category")
SUMS = ("periods", "verified", "reported", "met", "waived")
COLUMNS = (
    "starts_on", "due_on", "behind_on", "far_behind_on", "bucket", "waits", "state", "counts_on", "month", "category",
    "verified", "reported",
)  # fmt: skip
WAITS = COLUMNS.index("waits")
SIDES = (Part.OBLIGOR, Part.BENEFICIARY)


@dataclass(frozen=True)
class Row:
    """What `PeriodStanding` says, without the session."""

    organisation_id: int
    part: Part
    period_id: int
    values: tuple[Any, ...]

    @property
    def key(self) -> tuple[int, Part, int]:
        """Its primary key."""
        return (self.organisation_id, self.part, self.period_id)


def refresh(periods: Sequence[CommitmentPeriod]) -> None:
    """Bring the rows and sums of these periods in step, and let whoever counts promises know.

    The periods are in the database already.
    """
    if not periods:
        return
    present = {one.key: one for one in rows_at([period.id for period in periods])}
    wanted = {one.key: one for period in periods for one in rows_of(period)}
    gone, new = present.keys() - wanted.keys(), [wanted[key] for key in wanted.keys() - present.keys()]
    changed = [one for key, one in wanted.items() if key in present and present[key].values != one.values]
    _write(gone, sorted(new, key=lambda one: one.key), changed)
    moved: dict[Cell, tuple[int, ...]] = {}
    add_up(moved, wanted.values())
    add_up(moved, present.values(), -1)
    _move(moved)
    for commitment in dict.fromkeys(period.commitment for period in periods):
        tell_of(commitment)


def rows_of(period: CommitmentPeriod) -> Iterable[Row]:
    """How a period stands to whoever takes part in it."""
    commitment = period.commitment
    waiting = policy.waits_for(period)
    common = _common(period, commitment)
    for part in SIDES:
        for organisation_id in sorted(commitment.having(part)):
            waits = (organisation_id, part) in waiting
            yield Row(organisation_id, part, period.id, (*common[:WAITS], waits, *common[WAITS:]))


def _common(period: CommitmentPeriod, commitment: Commitment) -> tuple[Any, ...]:
    counts_on = period.counts_on
    return (
        period.starts_on,
        period.due_on,
        *lights.turning_days(lights.standing_of(period, commitment)),
        bucket_of(period, commitment),
        period.state,
        counts_on,
        counts_on.replace(day=1),
        commitment.category,
        millionths(period, period.verified),
        millionths(period, period.reported if period.reported is not None else period.verified),
    )


def bucket_of(period: CommitmentPeriod, commitment: Commitment) -> Bucket:
    """Settled; else paused with its agreement; else open."""
    if not period.is_open:
        return Bucket.SETTLED
    return Bucket.PAUSED if commitment.paused_on else Bucket.OPEN


def millionths(period: CommitmentPeriod, figure: Number | None) -> int:
    """The share of the target that a figure keeps."""
    value = None if figure is None else Decimal(figure)
    commitment = period.commitment
    return int(share(value, Decimal(period.target), commitment.measure, commitment.comparator) * MILLION)


def sums_of(row: Row) -> tuple[int, ...]:
    """What a row adds to its cell, in the order of SUMS; what is waived or cancelled keeps no promise."""
    values = dict(zip(COLUMNS, row.values, strict=True))
    if values["state"] in UNCOUNTED:
        return (0, 0, 0, 0, int(values["state"] is PeriodState.WAIVED))
    return (1, values["verified"], values["reported"], int(values["state"] is PeriodState.MET), 0)


def cell_of(row: Row) -> Cell:
    """Where a row is counted."""
    values = dict(zip(COLUMNS, row.values, strict=True))
    return (row.organisation_id, row.part, values["month"], values["category"])


def rows_at(period_ids: Sequence[int]) -> list[Row]:
    """The rows of these periods, as they are kept."""
    model = PeriodStanding
    columns = (model.organisation_id, model.part, model.period_id, *(getattr(model, name) for name in COLUMNS))
    found = db.session.execute(select(*columns).where(model.period_id.in_(period_ids)))
    return [Row(one[0], one[1], one[2], tuple(one[3:])) for one in found]


def _write(gone: Iterable[tuple[int, Part, int]], new: Sequence[Row], changed: Sequence[Row]) -> None:
    table = PeriodStanding
    for organisation_id, part, period_id in sorted(gone):
        db.session.execute(
            delete(table).where(
                table.organisation_id == organisation_id, table.part == part, table.period_id == period_id
            )
        )
    if new:
        db.session.execute(insert(table), [_as_values(one) for one in new])
    if changed:
        db.session.bulk_update_mappings(table.__mapper__, [_as_values(one) for one in changed])


def _as_values(row: Row) -> dict[str, Any]:
    key = {"organisation_id": row.organisation_id, "part": row.part, "period_id": row.period_id}
    return key | dict(zip(COLUMNS, row.values, strict=True))


def add_up(sums: dict[Cell, tuple[int, ...]], rows: Iterable[Row], sign: int = 1) -> None:
    """Add rows to the sums of their cells, or take them away."""
    for row in rows:
        cell = cell_of(row)
        before = sums.get(cell, (0,) * len(SUMS))
        sums[cell] = tuple(old + sign * more for old, more in zip(before, sums_of(row), strict=True))


def overwrite(sums: dict[Cell, tuple[int, ...]]) -> None:
    """Put these sums in the place of all that are kept."""
    db.session.execute(delete(CommitmentTotal))
    _move(sums)


def _move(sums: dict[Cell, tuple[int, ...]]) -> None:
    """Add the differences to what is kept, in one order, so that no two writers wait for each other."""
    rows = [
        dict(zip(CELL, cell, strict=True)) | dict(zip(SUMS, values, strict=True))
        for cell, values in sorted(sums.items())
        if any(values)
    ]
    if rows:  # one statement with parameters for each row: one with all rows in it would be composed anew each time
        statement = insert_or(CommitmentTotal)
        added = {name: getattr(CommitmentTotal, name) + getattr(statement.excluded, name) for name in SUMS}
        db.session.connection().execute(statement.on_conflict_do_update(index_elements=list(CELL), set_=added), rows)
