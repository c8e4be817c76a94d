"""The shape of a source: one statement, read by ranges of due dates in batches, or for one organisation's calendar."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from ...core.access.roles import Role
from ...core.dates import SHANGHAI, add_months
from ...core.db import db
from ..rules import Rule
from ..schedule import ONE_DAY, Window

BATCH = 200
LONGEST = 1_001
KEY = ("anchor", "number", "organisation")
Key = tuple[Any, int, int]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Due:
    """Something of one record that falls due, for one organisation that sees the record.

    `roles` are those that it waits for (empty: whom the rule tells); `person_id` is the one person that it was given
    to. What is `suspended` stands in the calendar, and nobody is reminded of it. `key` continues reading after it.
    """

    rule: Rule
    kind: str
    public_id: str
    title_zh: str
    title_en: str
    due_on: date
    organisation_id: int
    roles: frozenset[Role] = frozenset()
    agreement_id: int | None = None
    suspended: bool = False
    person_id: int | None = None
    key: Key = field(default=(None, 0, 0), compare=False, repr=False)


@dataclass(frozen=True)
class Count:
    """How a due date is counted from the day that the table holds; `back` is its inverse, for ranges."""

    on: Callable[[date], date] = lambda day: day
    back: Callable[[date], date] = lambda day: day


def days_later(days: int) -> Count:
    """So many days after it."""
    return Count(lambda day: day + days * ONE_DAY, lambda day: day - days * ONE_DAY)


def months_later(months: int) -> Count:
    """The corresponding day so many months after it (Civil Code, article 202)."""
    return Count(lambda day: add_months(day, months), lambda day: add_months(day, -months))


@dataclass(frozen=True, eq=False)
class Source:
    """`statement` selects public_id, title_zh, title_en, and where it can agreement_id, suspended, person_id.

    `anchor` is the day (or moment) that the due date is counted from, `number` and `organisation_id` tell rows of one
    day apart. The statement is cut to organisations that see the record. `roles` as in `Due`.
    """

    rule: Rule
    kind: str
    statement: Statement
    anchor: Column
    number: Column
    organisation_id: Column
    public_id: Column
    count: Count = Count()
    is_moment: bool = False
    roles: frozenset[Role] = frozenset()

    def due_between(self, first: date, last: date, after: Due | None = None) -> Sequence[Due]:
        """The next BATCH of what falls due from the first through the last day, by day, after a row read before."""
        return self.due_within([Window(first, last)], after)

    def due_within(self, windows: Sequence[Window], after: Due | None = None) -> Sequence[Due]:
        """The same for several ranges at once."""
        given: dict[str, Any] = {}
        for number, window in enumerate(windows):
            given[f"first_{number}"], given[f"beyond_{number}"] = self._bounds(window)
        if after is not None:
            given |= dict(zip(KEY, after.key, strict=True))
        return self._read(_ranges(self, len(windows), behind=after is not None).limit(BATCH), given)

    def of_organisation(self, organisation_id: int, first: date, last: date) -> Sequence[Due]:
        """What falls due for one organisation from the first through the last day, at most LONGEST, for calendars."""
        own = self.organisation_id == organisation_id
        statement = self.selected().where(own, self._within(Window(first, last)))
        return self._read(statement.order_by(self.anchor, self.number).limit(LONGEST))

    def still(self, public_ids: Collection[str]) -> Sequence[Due]:
        """What is still due of these records, whenever, and not suspended."""
        found = self._read(self.selected().where(self.public_id.in_(public_ids), self.anchor.is_not(None)))
        return [one for one in found if not one.suspended]

    def selected(self) -> Statement:
        """The statement with what `due_within` orders by."""
        added = (self.anchor.label("anchor"), self.number.label("number"), self.organisation_id.label("organisation"))
        return self.statement.add_columns(*added)

    def _within(self, window: Window) -> ColumnElement[bool]:
        first, beyond = self._bounds(window)
        return and_(self.anchor >= first, self.anchor < beyond)

    def _bounds(self, window: Window) -> tuple[date | datetime, date | datetime]:
        """The first day or moment of the anchor, and the first one behind."""
        days = self.count.back(window.first), self.count.back(window.last + ONE_DAY)
        return (midnight(days[0]), midnight(days[1])) if self.is_moment else days

    def _read(self, statement: Statement, given: Mapping[str, Any] | None = None) -> Sequence[Due]:
        return [self._due(row) for row in db.session.execute(statement, given)]

    def _due(self, row: Row[*tuple[Any, ...]]) -> Due:
        day = row.anchor.astimezone(SHANGHAI).date() if self.is_moment else row.anchor
        named = row._mapping
        return Due(
            rule=self.rule,
            kind=self.kind,
            public_id=row.public_id,
            title_zh=row.title_zh,
            title_en=row.title_en or row.title_zh,
            due_on=self.count.on(day),
            organisation_id=row.organisation,
            roles=self.roles,
            agreement_id=named.get("agreement_id"),
            suspended=bool(named.get("suspended")),
            person_id=named.get("person_id"),
            key=(row.anchor, row.number, row.organisation),
        )


@cache
def _ranges(source: Source, count: int, *, behind: bool) -> Statement:
    """What falls due in so many ranges, in order, from the beginning or behind a row; made once, read daily."""
    anchor, number, organisation_id = key = (source.anchor, source.number, source.organisation_id)
    kind = source.anchor.type
    ranges = (
        and_(anchor >= bindparam(f"first_{one}", type_=kind), anchor < bindparam(f"beyond_{one}", type_=kind))
        for one in range(count)
    )
    statement = source.selected().where(or_(false(), *ranges)).order_by(*key)
    if behind:
        day, row, organisation = (bindparam(name, type_=one.type) for name, one in zip(KEY, key, strict=True))
        later = or_(number > row, and_(number == row, organisation_id > organisation))
        statement = statement.where(or_(anchor > day, and_(anchor == day, later)))
    return statement


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
