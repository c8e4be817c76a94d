"""Rows of the totals and of what is still to be folded, summed by the database in one statement. 汇总读取.

Statements are made once for each shape of a question and kept, since composing one takes longer than asking it: the
reader, the locality and the university are given to it, what is asked of which months belongs to it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from ...core.db import db
from ...core.figures.kinds import Number, neat
from ...organisations.models import Organisation
from ..facts.agreements import LONG, by_year
from ..metrics.base import FIRST, Amount, Sum
from ..models import OverviewChange, OverviewTotal
from .places import localities_counted, universities_counted

TABLES: tuple[Any, ...] = (OverviewTotal.__table__.c, OverviewChange.__table__.c)
EVERYWHERE = ("", 0)
STATEMENTS = 256  # kept; a month of a filter that somebody chooses is another one
ORGANISATION: Any = bindparam("organisation_id", type_=Integer)
LOCALITY: Any = bindparam("locality", type_=String)
UNIVERSITY: Any = bindparam("university_id", type_=Integer)
At = tuple[str, int]


class Each(StrEnum):
    """Whether rows are told apart by a dimension, and which of it are: those that coverage counts, or all there are."""

    NONE = ""
    COUNTED = "counted"
    ALL = "all"


@dataclass(frozen=True)
class Where:
    """Whose eyes, and what is asked of the two dimensions.

    `locality` and `university_id` are one of them, empty and 0 all of them together. Where rows are told apart by a
    dimension, it is those of `localities` or `universities`, and only the one that is named, where one is.
    """

    organisation_id: int
    locality: str = ""
    university_id: int = 0
    localities: Each = Each.NONE
    universities: Each = Each.NONE

    @property
    def shape(self) -> "Shape":
        """What decides over the statement."""
        return Shape(self.localities, self.universities, bool(self.locality), bool(self.university_id))

    @property
    def values(self) -> dict[str, object]:
        """What is given to the statement."""
        return {
            "organisation_id": self.organisation_id,
            "locality": self.locality,
            "university_id": self.university_id,
        }


@dataclass(frozen=True)
class Shape:
    """A place without its names."""

    localities: Each
    universities: Each
    is_local: bool
    is_of_one: bool

    def places(self, table: Any) -> list[Any]:
        """The columns that tell where a row belongs, empty and 0 where rows are not told apart."""
        locality = table.locality if self.localities else literal("")
        university = table.university_id if self.universities else literal(0)
        return [locality.label("at_locality"), university.label("at_university")]

    def narrowed(self, table: Any) -> list[ColumnElement[bool]]:
        """The reader's rows of the place."""
        return [
            table.organisation_id == ORGANISATION,
            _among(table.locality, self._localities, LOCALITY, ""),
            _among(table.university_id, self._universities, UNIVERSITY, 0),
        ]

    def told_apart(self, table: Any) -> list[Any]:
        """The dimensions by which they are grouped."""
        sides = ((table.locality, self.localities), (table.university_id, self.universities))
        return [column for column, each in sides if each]

    @property
    def _localities(self) -> "Select[str] | Each":
        return localities_counted() if self.localities and not self.is_local else Each.NONE

    @property
    def _universities(self) -> "Select[int] | Each":
        if self.universities is not Each.COUNTED:
            return self.universities
        counted = universities_counted()
        return counted.where(Organisation.id == UNIVERSITY) if self.is_of_one else counted


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

    def _asked(self, wanted: Sum, at: At) -> Iterator[Line]:
        there = self._found.get(at, {})
        for piece in pieces(wanted):
            for line in there.get(piece.metric, ()):
                if piece.first <= line.month <= piece.last and (wanted.parts is None or line.part in wanted.parts):
                    yield line


def _amount(value: Number, number: int, missing: int, doubtful: int) -> Amount:
    return Amount(neat(value), number, missing, doubtful)


@dataclass(frozen=True)
class Reaches:
    """Where each of some sums is more than nothing."""

    found: Mapping[Sum, frozenset[At]] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[At]:
        """Where any of them is."""
        return frozenset().union(*self.found.values())


def pieces(one: Sum) -> Iterator[Sum]:
    """Of a stock that is the sum of everything from the beginning: years that are over, then months of the last one."""
    if one.metric in LONG and one.first == FIRST:
        year = one.last // 100
        yield Sum(by_year(one.metric), FIRST, year - 1, one.parts)
        yield Sum(one.metric, year * 100 + 1, one.last, one.parts)
    else:
        yield one


def lines(where: Where, sums: Iterable[Sum]) -> Lines:
    """One statement, however many sums; how many rows it reads does not depend on how many records there are."""
    wanted = {Sum(piece.metric, piece.first, piece.last) for one in sums for piece in pieces(one)}
    if not wanted:
        return Lines()
    statement = _added_up(where.shape, tuple(sorted(wanted, key=_in_order)))
    return Lines(db.session.connection().execute(statement, where.values))


def reaches(where: Where, sums: Iterable[Sum]) -> Reaches:
    """One statement: a row for each place, whatever the months. The parts of a sum are not told apart."""
    wanted = tuple(sorted(set(sums), key=_in_order))
    if not wanted:
        return Reaches()
    rows = db.session.connection().execute(_reached(where.shape, wanted), where.values).all()
    return Reaches({
        one: frozenset((row[0], row[1]) for row in rows if row[number]) for number, one in enumerate(wanted, 2)
    })  # fmt: skip


def _in_order(one: Sum) -> tuple[str, int, int]:
    return one.metric, one.first, one.last


@lru_cache(STATEMENTS)
def _added_up(shape: Shape, sums: tuple[Sum, ...]) -> Any:
    edges, ranges = _edges(sums), _ranges(sums)
    return union_all(*(_of_table(table, shape, ranges, edges) for table in TABLES))


def _of_table(table: Any, shape: Shape, ranges: CTE, edges: Sequence[int]) -> Select[Any]:
    bucket = _stretch(table.month, [0, FIRST, *edges]).label("bucket")
    amounts = [func.sum(getattr(table, name)) for name in ("value", "number", "missing", "doubtful")]
    return (
        select(*shape.places(table), table.metric, bucket, table.part, *amounts)
        .where(*shape.narrowed(table), *_in_one_of(ranges, table))
        .group_by(*shape.told_apart(table), table.metric, "bucket", table.part)
    )


@lru_cache(STATEMENTS)
def _reached(shape: Shape, sums: tuple[Sum, ...]) -> Any:
    ranges = _ranges(sorted({piece for one in sums for piece in pieces(one)}, key=_in_order))
    rows = union_all(*(_read(table, shape, ranges) for table in TABLES)).subquery().c
    places = (rows.at_locality, rows.at_university)
    return select(*places, *(_is_positive(rows, one) for one in sums)).group_by(*places)


def _read(table: Any, shape: Shape, ranges: CTE) -> Select[Any]:
    """Its parts added up: what is done for each sum is done for fewer rows."""
    columns = (*shape.places(table), table.metric, table.month, func.sum(table.value).label("value"))
    wanted = (*shape.narrowed(table), *_in_one_of(ranges, table))
    return select(*columns).where(*wanted).group_by(*shape.told_apart(table), table.metric, table.month)


def _ranges(sums: Sequence[Sum]) -> CTE:
    """What is read, as a table that is walked: of an OR with many ranges databases make long plans, and poor ones."""
    rows = (
        select(literal(one.metric).label("metric"), literal(one.first).label("first"), literal(one.last).label("last"))
        for one in _merged(sums)
    )
    return union_all(*rows).cte()


def _in_one_of(ranges: CTE, table: Any) -> list[ColumnElement[bool]]:
    return [table.metric == ranges.c.metric, table.month.between(ranges.c.first, ranges.c.last)]


def _is_positive(rows: Any, one: Sum) -> ColumnElement[int]:
    """Whether a place has any of it: 1 or 0."""
    counted = case((or_(*(_within(rows, piece) for piece in pieces(one))), rows.value), else_=0)
    return case((func.sum(counted) > 0, 1), else_=0)


def _among(column: ColumnElement[Any], wanted: "Select[Any] | Each", given: Any, total: object) -> ColumnElement[bool]:
    if isinstance(wanted, Select):
        return column.in_(wanted)
    return column != total if wanted is Each.ALL else column == given


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
