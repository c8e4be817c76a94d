"""What figures are asked of: whole months, narrowed to a locality, a university, a programme. 统计口径的范围."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from ..core.dates import Precision, last_day

ONE_DAY = timedelta(days=1)


def month_of(day: date) -> int:
    """The month of a day, as YYYYMM."""
    return day.year * 100 + day.month


def day_key(day: date) -> int:
    """A day as YYYYMMDD: what `Fact.month` holds where a fact belongs to a day rather than to a month."""
    return month_of(day) * 100 + day.day


def shifted(month: int, by: int) -> int:
    """The month so many later (negative: before), as YYYYMM."""
    year, index = divmod(month // 100 * 12 + month % 100 - 1 + by, 12)
    return year * 100 + index + 1


@dataclass(frozen=True)
class Cut:
    """A period of whole months, both included, and what it is narrowed to.

    `locality` is the code of a reporting locality, `university_id` an organisation's id; empty and 0 narrow nothing.
    Only metrics of activities divide by `programme`; the others answer "—" where one is named.
    """

    first: int
    last: int
    locality: str = ""
    university_id: int = 0
    programme: str = ""

    @classmethod
    def of_month(cls, day: date) -> Self:
        """The month in which a day lies."""
        return cls(month_of(day), month_of(day))

    @property
    def length(self) -> int:
        """How many months."""
        return (self.last // 100 - self.first // 100) * 12 + self.last % 100 - self.first % 100 + 1

    @property
    def months(self) -> Iterator[int]:
        """Every month of it, in order."""
        return (shifted(self.first, number) for number in range(self.length))

    @property
    def first_day(self) -> date:
        """The first day of its first month."""
        return date(self.first // 100, self.first % 100, 1)

    @property
    def last_day(self) -> date:
        """The last day of its last month."""
        return last_day(date(self.last // 100, self.last % 100, 1), Precision.MONTH)

    def is_present(self, today: date) -> bool:
        """Whether it reaches to this month or beyond: stocks are those of now, not those of a past month's end."""
        return self.last >= month_of(today)

    def stands_on(self, today: date) -> date:
        """The day that stocks are told of: today, or the last day of a period that is over."""
        return today if self.is_present(today) else self.last_day

    def before(self) -> "Cut":
        """As many months, just before (环比)."""
        return replace(self, first=shifted(self.first, -self.length), last=shifted(self.last, -self.length))

    def year_before(self) -> "Cut":
        """The same months of the year before (同比)."""
        return replace(self, first=self.first - 100, last=self.last - 100)
