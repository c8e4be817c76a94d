"""Whole months as they stand in an address and in counted figures: 202303 is March 2023. 统计月份。"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from ..core.dates import EARLIEST, LATEST, add_months
from ..core.i18n import Message, msg

WRITTEN = re.compile(r"(\d{6})?-(\d{6})?")
MONTHS_OF_A_YEAR = 12


def month_of(day: date) -> int:
    """202303 of any day of March 2023."""
    return day.year * 100 + day.month


def first_day(month: int) -> date:
    """2023-03-01 of 202303. Raises ValueError for what is no month."""
    return date(month // 100, month % 100, 1)


@dataclass(frozen=True)
class Months:
    """From `first` to `last`, both included; 0 leaves an end open. Without a first one, what has no day is counted."""

    first: int = 0
    last: int = 0

    def within(self, day: ColumnElement[date] | InstrumentedAttribute[Any]) -> Iterator[ColumnElement[bool]]:
        """Conditions on a day that is known."""
        if self.first:
            yield day >= first_day(self.first)
        if self.last:
            yield day < add_months(first_day(self.last), 1)

    @property
    def label(self) -> Message:
        """For the reader: 2023-03, or 2023-03 to 2023-05."""
        first, last = (f"{one // 100}-{one % 100:02}" for one in (self.first, self.last))
        if not self.first:
            return msg("Until %(last)s", last=last)
        if not self.last:
            return msg("Since %(first)s", first=first)
        return (
            msg("%(first)s to %(last)s", first=first, last=last) if first != last else msg("In %(month)s", month=last)
        )

    def __str__(self) -> str:
        """As it stands in an address: 202303-202305, -202305, 202303-."""
        return f"{self.first or ''}-{self.last or ''}"


def read_months(text: str) -> Months | None:
    """The months of an address; None for what cannot be read or leaves both ends open."""
    match = WRITTEN.fullmatch(text)
    first, last = (int(one or 0) for one in match.groups()) if match else (0, 0)
    given = [one for one in (first, last) if one]
    if not given or not all(_is_month(one) for one in given) or (first and last and last < first):
        return None
    return Months(first, last)


def _is_month(number: int) -> bool:
    return EARLIEST.year <= number // 100 <= LATEST.year and 1 <= number % 100 <= MONTHS_OF_A_YEAR
