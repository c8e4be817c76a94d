"""Rows of the totals and of what is still to be folded, summed by the database in one statement. 汇总读取."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from ...core.db import db
from ..metrics.base import FIRST, Amount, Sum
from ..models import OverviewChange, OverviewTotal

TABLES: tuple[Any, ...] = (OverviewTotal, OverviewChange)
EVERYWHERE = ("", 0)
At = tuple[str, int]
Wanted = Collection[Any] | Select[Any] | None


@dataclass(frozen=True)
class Where:
    """Whose eyes, and which rows of the two dimensions: some values, a selection of them, or (None) all of them.

    Rows are told apart by locality or by university where that is said; else they are summed up.
    """

    organisation_id: int
    localities: Wanted = ("",)
    universities: Wanted = (0,)
    by_locality: bool = False
    by_university: bool = False


@dataclass(frozen=True)
class Line:
    """A metric's amount in a month (or before the first that anybody asks for) and part."""

    month: int
    part: str
    amount: Amount


class Lines:
    """What was read, by where it belongs and metric."""

    def __init__(self, rows: Iterable[Row[*tuple[Any, ...]]] = ()) -> None:
        self._found: dict[At, dict[str, list[Line]]] = {}
        for row in rows:
            locality, university, metric, month, part, value, number, missing, doubtful = tuple(row)
            line = Line(month, part, Amount(value, int(number), int(missing), int(doubtful)))
            self._found.setdefault((locality, university), {}).setdefault(metric, []).append(line)

    @property
    def places(self) -> Collection[At]:
        """Where anything belongs."""
        return self._found.keys()

    def add_up(self, wanted: Sum, at: At = EVERYWHERE) -> Amount:
        """What they say of one sum, with its parts."""
        total, parts = Amount(), dict[str, Amount]()
        for line in self._found.get(at, {}).get(wanted.metric, ()):
            is_asked = wanted.parts is None or line.part in wanted.parts
            if is_asked and wanted.first <= line.month <= wanted.last:
                total += line.amount
                parts[line.part] = parts.get(line.part, Amount()) + line.amount
        return Amount(total.value, total.number, total.missing, total.doubtful, parts)


def lines(where: Where, sums: Iterable[Sum]) -> Lines:
    """One statement, however many sums; how many rows it reads does not depend on how many records there are."""
    wanted = sorted(set(sums), key=lambda one: (one.metric, one.first, one.last))
    if not wanted:
        return Lines()
    start = _start(wanted)
    return Lines(db.session.execute(union_all(*(_of_table(table, where, wanted, start) for table in TABLES))))


def _of_table(table: Any, where: Where, sums: Sequence[Sum], start: int) -> Select[Any]:
    locality = table.locality if where.by_locality else literal("")
    university = table.university_id if where.by_university else literal(0)
    bucket = case((and_(table.month >= FIRST, table.month < start), FIRST), else_=table.month).label("bucket")
    sides: list[Any] = [one for one, is_told in _sides(table, where) if is_told]
    amounts = [func.sum(getattr(table, name)) for name in ("value", "number", "missing", "doubtful")]
    return (
        select(locality.label("at_locality"), university.label("at_university"), table.metric, bucket, table.part)
        .add_columns(*amounts)
        .where(
            table.organisation_id == where.organisation_id,
            table.metric.in_({one.metric for one in sums}),
            *_among(table.locality, where.localities, ""),
            *_among(table.university_id, where.universities, 0),
            or_(*(_within(table, one) for one in _merged(sums))),
        )
        .group_by(*sides, table.metric, "bucket", table.part)
    )


def _sides(table: Any, where: Where) -> tuple[tuple[Any, bool], ...]:
    return (table.locality, where.by_locality), (table.university_id, where.by_university)


def _among(column: InstrumentedAttribute[Any], wanted: Wanted, total: Any) -> list[ColumnElement[bool]]:
    if wanted is None:
        return [column != total]
    if isinstance(wanted, Select):
        return [column.in_(wanted)]
    values = sorted(wanted)
    return [column == values[0]] if len(values) == 1 else [column.in_(values)]


def _start(sums: Iterable[Sum]) -> int:
    """The first month at which some sum begins or ends: what lies before is one bucket."""
    edges = [edge for one in sums if one.last for edge in (one.first, one.last + 1) if edge > FIRST]
    return min(edges, default=FIRST)


def _merged(sums: Iterable[Sum]) -> list[Sum]:
    """Ranges that touch or lie in each other are one."""
    found: list[Sum] = []
    for one in sums:
        last = found[-1] if found else None
        if last and last.metric == one.metric and one.first <= last.last + 1:
            found[-1] = Sum(one.metric, last.first, max(last.last, one.last))
        else:
            found.append(Sum(one.metric, one.first, one.last))
    return found


def _within(table: Any, one: Sum) -> ColumnElement[bool]:
    return and_(table.metric == one.metric, table.month.between(one.first, one.last))
