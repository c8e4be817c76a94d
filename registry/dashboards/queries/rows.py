"""Rows of the totals and of what is still to be folded, summed by the database in one statement. 汇总读取."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from ...core.db import db
from ...core.figures.kinds import Number, neat
from ..metrics.base import FIRST, Amount, Sum
from ..models import OverviewChange, OverviewTotal

TABLES: tuple[Any, ...] = (OverviewTotal, OverviewChange)
EVERYWHERE = ("", 0)
At = tuple[str, int]
Wanted = Collection[Any] | Select[Any] | None


@dataclass(frozen=True)
class Where:
    """Whose eyes, and which rows of the two dimensions: some values, a selection of them, or (None) all of them.

    Rows are told apart by locality or by university where that is said; else they are summed up. By part they are
    unless nobody asks for parts.
    """

    organisation_id: int
    localities: Wanted = ("",)
    universities: Wanted = (0,)
    by_locality: bool = False
    by_university: bool = False
    by_part: bool = True


@dataclass(frozen=True)
class Line:
    """A metric's amount in a part and a stretch of months that nobody asks to be told apart, by its first month."""

    month: int
    part: str
    amounts: tuple[Number, int, int, int]


class Lines:
    """What was read, by where it belongs and metric."""

    def __init__(self, rows: Iterable[Row[*tuple[Any, ...]]] = ()) -> None:
        self._found: dict[At, dict[str, list[Line]]] = {}
        for row in rows:
            locality, university, metric, month, part, value, number, missing, doubtful = tuple(row)
            line = Line(month, part, (value, int(number), int(missing), int(doubtful)))
            self._found.setdefault((locality, university), {}).setdefault(metric, []).append(line)

    @property
    def places(self) -> Collection[At]:
        """Where anything belongs."""
        return self._found.keys()

    def add_up(self, wanted: Sum, at: At = EVERYWHERE) -> Amount:
        """What they say of one sum, with its parts."""
        found: dict[str, list[Any]] = {}
        for line in self._asked(wanted, at):
            sums = found.setdefault(line.part, [0, 0, 0, 0])
            for number, amount in enumerate(line.amounts):
                sums[number] += amount
        value, number, missing, doubtful = (sum(column) for column in zip([0] * 4, *found.values(), strict=True))
        return Amount(neat(value), number, missing, doubtful, {part: _amount(*sums) for part, sums in found.items()})

    def is_positive(self, wanted: Sum, at: At) -> bool:
        """Whether one sum is more than nothing."""
        return sum(line.amounts[0] for line in self._asked(wanted, at)) > 0

    def _asked(self, wanted: Sum, at: At) -> Iterator[Line]:
        for line in self._found.get(at, {}).get(wanted.metric, ()):
            if wanted.first <= line.month <= wanted.last and (wanted.parts is None or line.part in wanted.parts):
                yield line


def _amount(value: Number, number: int, missing: int, doubtful: int) -> Amount:
    return Amount(neat(value), number, missing, doubtful)


def lines(where: Where, sums: Iterable[Sum]) -> Lines:
    """One statement, however many sums; how many rows it reads does not depend on how many records there are."""
    wanted = sorted(set(sums), key=lambda one: (one.metric, one.first, one.last))
    if not wanted:
        return Lines()
    edges = _edges(wanted)
    return Lines(db.session.execute(union_all(*(_of_table(table, where, wanted, edges) for table in TABLES))))


def _of_table(table: Any, where: Where, sums: Sequence[Sum], edges: Sequence[int]) -> Select[Any]:
    locality = table.locality if where.by_locality else literal("")
    university = table.university_id if where.by_university else literal(0)
    bucket = _stretch(table.month, [0, FIRST, *edges]).label("bucket")
    sides: list[Any] = [one for one, is_told in _sides(table, where) if is_told]
    part = table.part if where.by_part else literal("")
    amounts = [func.sum(getattr(table, name)) for name in ("value", "number", "missing", "doubtful")]
    return (
        select(
            locality.label("at_locality"),
            university.label("at_university"),
            table.metric,
            bucket,
            part.label("of_part"),
        )
        .add_columns(*amounts)
        .where(
            table.organisation_id == where.organisation_id,
            table.metric.in_({one.metric for one in sums}),
            *_among(table.locality, where.localities, ""),
            *_among(table.university_id, where.universities, 0),
            or_(*(_within(table, one) for one in _merged(sums))),
        )
        .group_by(*sides, table.metric, "bucket")
    )


def _sides(table: Any, where: Where) -> tuple[tuple[Any, bool], ...]:
    return (table.locality, where.by_locality), (table.university_id, where.by_university), (table.part, where.by_part)


def _among(column: InstrumentedAttribute[Any], wanted: Wanted, total: Any) -> list[ColumnElement[bool]]:
    if wanted is None:
        return [column != total]
    if isinstance(wanted, Select):
        return [column.in_(wanted)]
    values = sorted(wanted)
    return [column == values[0]] if len(values) == 1 else [column.in_(values)]


def _edges(sums: Iterable[Sum]) -> list[int]:
    """Where some sum begins, or has ended: every sum is made of whole stretches between them."""
    found = {edge for one in sums if one.last for edge in (one.first, one.last + 1)}
    return sorted(edge for edge in found if edge > FIRST)


def _stretch(month: Any, edges: Sequence[int]) -> ColumnElement[int]:
    """The last edge that is not after the month; each comparison halves what is left of them."""
    if len(edges) == 1:
        return literal(edges[0], Integer)
    middle = len(edges) // 2
    return case((month < edges[middle], _stretch(month, edges[:middle])), else_=_stretch(month, edges[middle:]))


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
