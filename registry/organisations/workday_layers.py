"""Who knows which days people work: the registry's table, then two libraries. Each knows whole years. 工作日来源."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Protocol

import chinese_calendar
import holidays

from ..core.i18n import Message, msg
from .models import WorkdayKind

SATURDAY = 5


class Basis(IntEnum):
    """What a year's working days rest on, best first."""

    TABLE = 1  # the registry's own table
    NOTICE = 2  # the State Council's notice, as a library carries it
    STATUTORY = 3  # statutory holidays only: nobody knows the make-up days (调休) yet
    WEEK = 4  # Monday to Friday

    @property
    def is_estimate(self) -> bool:
        """Whether the year's notice is not known."""
        return self >= Basis.STATUTORY

    @property
    def label(self) -> Message:
        """The basis for the reader."""
        return LABELS[self]


LABELS = {
    Basis.TABLE: msg("recorded here"),
    Basis.NOTICE: msg("from the notice, as the calendar library carries it"),
    Basis.STATUTORY: msg("estimated from the statutory holidays, without make-up days"),
    Basis.WEEK: msg("estimated by Monday to Friday"),
}


class Layer(Protocol):
    """One source of knowledge about days."""

    @property
    def basis(self) -> Basis: ...

    def knows(self, year: int) -> bool:
        """Whether this source can be asked about the year's days."""
        ...

    def works_on(self, day: date) -> bool:
        """Whether people work on the day; asked only about years that it knows."""
        ...


@dataclass(frozen=True)
class Overrides:
    """The registry's own table: exceptions from the week, for the years whose arrangement was recorded."""

    kinds: Mapping[date, WorkdayKind]
    years: Set[int]
    basis = Basis.TABLE

    def knows(self, year: int) -> bool:
        """A year counts as a whole: it is recorded from one notice."""
        return year in self.years

    def works_on(self, day: date) -> bool:
        """The exception, else the weekday."""
        kind = self.kinds.get(day)
        return is_weekday(day) if kind is None else kind is WorkdayKind.WORKDAY


@dataclass(frozen=True)
class Notices:
    """The notices that the library `chinesecalendar` carries, make-up days included."""

    basis = Basis.NOTICE

    def knows(self, year: int) -> bool:
        """Its first year is 2004; the last is that of the notice before its release."""
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            return False
        return True

    def works_on(self, day: date) -> bool:
        """As the notice says."""
        return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class StatutoryHolidays:
    """The statutory days that the library `holidays` works out, and the weekdays given for those on a weekend.

    国务院《全国年节及纪念日放假办法》, article 6. Working weekends are known from the notice only.
    """

    basis = Basis.STATUTORY

    def knows(self, year: int) -> bool:
        """1950 to 2100."""
        return bool(_statutory(year))

    def works_on(self, day: date) -> bool:
        """Monday to Friday, but for the holidays."""
        return is_weekday(day) and day not in _statutory(day.year)


@dataclass(frozen=True)
class Week:
    """Monday to Friday: knows every day, and only estimates."""

    basis = Basis.WEEK

    def knows(self, year: int) -> bool:
        """Every year."""
        return True

    def works_on(self, day: date) -> bool:
        """The weekday."""
        return is_weekday(day)


LIBRARIES: tuple[Layer, ...] = (Notices(), StatutoryHolidays())


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


@cache
def _statutory(year: int) -> frozenset[date]:
    """By name: the library then loads its countries only when the first year is asked for (0.1–0.3 s, 10 MB)."""
    return frozenset(holidays.country_holidays("CN", years=year))
