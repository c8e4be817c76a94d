"""Working days as the State Council's yearly notices make them. 工作日.

Layers are asked in order; the first that knows the day's year decides. The last ones only estimate: a deadline that
rests on them carries a note for the page, such as 2027年安排未录入，按法定节假日估算.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import extract, select

from ..core.db import db
from ..core.i18n import Message, msg
from .models import WorkdayOverride, WorkdayYear
from .workday_layers import LIBRARIES, Basis, Layer, Overrides, Week

ONE_DAY = timedelta(days=1)
WEEK = Week()


@dataclass(frozen=True)
class Estimate:
    """Why a counted day is not certain: years whose arrangement is not known, and what was gone by instead."""

    years: tuple[int, ...]
    basis: Basis

    @property
    def note(self) -> Message:
        """The sentence for the reader; it names the years."""
        years = "/".join(str(year) for year in self.years)
        if self.basis is Basis.STATUTORY:
            return msg(
                "The arrangement of %(years)s is not recorded yet: estimated from the statutory holidays, "
                "without make-up days",
                years=years,
            )
        return msg("The arrangement of %(years)s is not recorded yet: estimated by Monday to Friday", years=years)


@dataclass(frozen=True)
class Deadline:
    """A day reached by counting working days; with an `estimate` when some year's arrangement is not known."""

    day: date
    estimate: Estimate | None = None

    @property
    def is_estimated(self) -> bool:
        """Whether the day may still move."""
        return self.estimate is not None


@dataclass(frozen=True)
class Calendar:
    """Layers, best first; Monday to Friday stands behind them all."""

    layers: Sequence[Layer]

    def layer_of(self, year: int) -> Layer:
        """Who decides on the year's days."""
        return next((layer for layer in self.layers if layer.knows(year)), WEEK)

    def works_on(self, day: date) -> bool:
        """Whether people work on the day, as well as anybody knows."""
        return self.layer_of(day.year).works_on(day)

    def add(self, start: date, count: int) -> Deadline:
        """The `count`-th working day after `start`; `start` itself is not counted (Civil Code, article 201).

        Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forward")
        day = start
        while count:
            day += ONE_DAY
            count -= self.works_on(day)
        return Deadline(day, self.estimate(day, start))

    def first_from(self, day: date) -> date:
        """The day itself if people work on it, else the next working day (Civil Code, article 203)."""
        while not self.works_on(day):
            day += ONE_DAY
        return day

    def estimate(self, day: date, start: date | None = None) -> Estimate | None:
        """Whether a deadline that was counted from `start` to `day` is an estimate; without `start`, by its own year.

        `start` itself was not counted, so its year matters only if a later day lies in it.
        """
        first = day if start is None else min(start + ONE_DAY, day)
        bases = {year: self.layer_of(year).basis for year in range(first.year, day.year + 1)}
        unknown = {year: basis for year, basis in bases.items() if basis.is_estimate}
        return Estimate(tuple(unknown), max(unknown.values())) if unknown else None

    def count(self, after: date, through: date) -> int:
        """How many working days lie after one day, through another; 0 when that one is not later."""
        days = (through - after).days
        return sum(self.works_on(after + ONE_DAY * number) for number in range(1, days + 1))


def calendar() -> Calendar:
    """The calendar from the database, one query; keep it while working through many days."""
    same_year = extract("year", WorkdayOverride.day) == WorkdayYear.year
    columns = (WorkdayYear.year, WorkdayOverride.day, WorkdayOverride.kind)
    rows = db.session.execute(select(*columns).outerjoin(WorkdayOverride, same_year)).all()
    kinds = {day: kind for _year, day, kind in rows if day is not None}
    return Calendar([Overrides(kinds, frozenset(row.year for row in rows)), *LIBRARIES])


def is_workday(day: date) -> bool:
    """Whether people work on the day."""
    return calendar().works_on(day)


def add_workdays(start: date, count: int) -> Deadline:
    """The `count`-th working day after `start`."""
    return calendar().add(start, count)
