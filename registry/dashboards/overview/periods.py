"""Which months the overview looks at, and which ones it compares them with. Pure. 统计期间。

Months are numbers such as 202303. What is still running is looked at up to the present month. All so far is compared
with all up to a year ago, a year with the same months of the year before (同比), anything else with as many months just
before (环比).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ...core.i18n import Message, msg
from ..cut import Cut
from ..metrics.asking import BEGINNING

LATEST = 219912
LONGEST = 120  # months


class Span(StrEnum):
    """The choices of the filter."""

    ALL = "all"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"

    @property
    def label(self) -> Message:
        """The choice for the reader."""
        return LABELS[self]


LABELS = {
    Span.ALL: msg("So far"),
    Span.MONTH: msg("This month"),
    Span.QUARTER: msg("This quarter"),
    Span.YEAR: msg("This year"),
    Span.CUSTOM: msg("Months chosen"),
}
USUAL = Span.ALL


@dataclass(frozen=True)
class Period:
    """Whole months, both ends included, and how they were chosen."""

    span: Span
    first: int
    last: int

    @property
    def has_begun(self) -> bool:
        """Whether it has a first month; all so far has none, and counts what happened in a month that nobody knows."""
        return self.first > BEGINNING

    def compared(self, cut: Cut) -> Cut:
        """What the figures of a cut of this period are compared with."""
        if not self.has_begun:
            return replace(cut, last=cut.last - 100)
        return cut.year_before() if self.span is Span.YEAR else cut.before()

    @property
    def then(self) -> Message:
        """What the compared figures are called."""
        if not self.has_begun:
            return msg("a year ago")
        return msg("the year before") if self.span is Span.YEAR else msg("before")

    @property
    def text(self) -> str:
        """2023-03, or 2023-03 – 2023-05."""
        return months_text(self.first, self.last)


def period_of(span: Span, day: date, first: int = 0, last: int = 0) -> Period:
    """The months of a choice on a day; months chosen that make no sense are the usual choice."""
    present = day.year * 100 + day.month
    if span is Span.CUSTOM:
        return _chosen(first or BEGINNING, last or present) or period_of(USUAL, day)
    begins = {
        Span.ALL: BEGINNING,
        Span.MONTH: present,
        Span.QUARTER: day.year * 100 + (day.month - 1) // 3 * 3 + 1,
        Span.YEAR: day.year * 100 + 1,
    }
    return Period(span, begins[span], present)


def _chosen(first: int, last: int) -> Period | None:
    first, last = min(first, last), max(first, last)
    is_too_long = first > BEGINNING and months_between(first, last) > LONGEST
    if first < BEGINNING or last > LATEST or is_too_long:
        return None
    return Period(Span.CUSTOM, first, last)


def named(period: Period, day: date) -> Period:
    """Months chosen that are those of this year, quarter or month are called so."""
    others = (period_of(span, day) for span in (Span.ALL, Span.YEAR, Span.QUARTER, Span.MONTH))
    return next((one for one in others if (one.first, one.last) == (period.first, period.last)), period)


def months_between(first: int, last: int) -> int:
    """How many months, both ends included."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1


def read_month(text: str) -> int:
    """202303 of 2023-03, 2023年3月, 2023/3 or 202303; 0 for anything else."""
    digits = [part for part in "".join(one if one.isdecimal() else " " for one in text.strip()).split() if part]
    if len(digits) == 1 and len(digits[0]) == 6:
        digits = [digits[0][:4], digits[0][4:]]
    if len(digits) != 2 or len(digits[0]) != 4 or not 1 <= int(digits[1]) <= 12:
        return 0
    return int(digits[0]) * 100 + int(digits[1])


def month_text(month: int) -> str:
    """2023-03."""
    return f"{month // 100}-{month % 100:02}"


def months_text(first: int, last: int) -> str:
    """One month, or from one to another, or up to one."""
    if first <= BEGINNING:
        return str(msg("up to %(month)s", month=month_text(last)))
    return month_text(first) if first == last else f"{month_text(first)} – {month_text(last)}"
