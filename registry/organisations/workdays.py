"""Working days as the State Council's yearly notices make them. 工作日.

Layers are asked in order; the first that knows the day decides. The last one, Monday to Friday, knows every day but
only estimates: days decided by it are marked, so that pages can say 该年安排未录入，按周一至周五估算.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from sqlalchemy import select

from ..core.db import db
from .models import WorkdayKind, WorkdayOverride

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Layer(Protocol):
    """One source of knowledge about days."""

    def works_on(self, day: date) -> bool | None:
        """Whether people work on the day; None when this source does not know its year."""
        ...


@dataclass(frozen=True)
class Overrides:
    """The registry's own table: exceptions from the week, for the years that it has any of."""

    kinds: Mapping[date, WorkdayKind]

    def works_on(self, day: date) -> bool | None:
        """The exception, else the weekday; None outside the years of the table."""
        if day in self.kinds:
            return self.kinds[day] is WorkdayKind.WORKDAY
        return _is_weekday(day) if day.year in self.years else None

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that the table knows."""
        return frozenset(known.year for known in self.kinds)


@dataclass(frozen=True)
class Deadline:
    """A day reached by counting working days; `is_estimated` when some year's arrangement is not in the table."""

    day: date
    is_estimated: bool


@dataclass(frozen=True)
class Calendar:
    """Layers, best first."""

    layers: Sequence[Layer]

    def judge(self, day: date) -> tuple[bool, bool]:
        """(works, is an estimate)."""
        for layer in self.layers:
            known = layer.works_on(day)
            if known is not None:
                return known, False
        return _is_weekday(day), True

    def add(self, start: date, count: int) -> Deadline:
        """The `count`-th working day after `start`; `start` itself is not counted (Civil Code, article 201)."""
        if count < 0:
            raise ValueError("working days are counted forward")
        day, estimated = start, False
        while count:
            day += ONE_DAY
            works, is_estimate = self.judge(day)
            estimated = estimated or is_estimate
            count -= works
        return Deadline(day, estimated)

    def count(self, after: date, through: date) -> int:
        """How many working days lie after one day, through another; 0 when that one is not later."""
        days = (through - after).days
        return sum(self.judge(after + ONE_DAY * number)[0] for number in range(1, days + 1))


def calendar() -> Calendar:
    """The calendar from the database, one query; keep it while working through many days."""
    rows = db.session.execute(select(WorkdayOverride.day, WorkdayOverride.kind)).all()
    return Calendar([Overrides(dict(rows))])


def is_workday(day: date) -> bool:
    """Whether people work on the day."""
    return calendar().judge(day)[0]


def add_workdays(start: date, count: int) -> Deadline:
    """The `count`-th working day after `start`."""
    return calendar().add(start, count)


def _is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY
