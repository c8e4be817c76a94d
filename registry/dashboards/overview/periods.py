"""Which months the overview looks at, and which ones it compares them with. Pure. 统计期间。

Months are numbers such as 202303. What is still running is looked at up to the present month and compared with as many
months: a year with the same months of the year before (同比), anything else with the months just before (环比).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ...core.i18n import Message, msg

EARLIEST, LATEST = 194910, 219912
LONGEST = 120  # months


class Span(StrEnum):
    """The choices of the filter."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"

    @property
    def label(self) -> Message:
        """The choice for the reader."""
        return LABELS[self]


LABELS = {
    Span.MONTH: msg("This month"),
    Span.QUARTER: msg("This quarter"),
    Span.YEAR: msg("This year"),
    Span.CUSTOM: msg("Months chosen"),
}
USUAL = Span.YEAR


@dataclass(frozen=True)
class Period:
    """Whole months, both ends included, and how they were chosen."""

    span: Span
    first: int
    last: int

    @property
    def is_yearly(self) -> bool:
        """Whether it is compared with the year before."""
        return self.span is Span.YEAR

    @property
    def text(self) -> str:
        """2023-03, or 2023-03 – 2023-05."""
        return months_text(self.first, self.last)


def period_of(span: Span, day: date, first: int = 0, last: int = 0) -> Period:
    """The months of a choice on a day; months chosen that make no sense are the usual choice."""
    present = day.year * 100 + day.month
    if span is Span.CUSTOM:
        return _chosen(first or last, last or first) or period_of(USUAL, day)
    begins = {
        Span.MONTH: present,
        Span.QUARTER: day.year * 100 + (day.month - 1) // 3 * 3 + 1,
        Span.YEAR: day.year * 100 + 1,
    }
    return Period(span, begins[span], present)


def _chosen(first: int, last: int) -> Period | None:
    first, last = min(first, last), max(first, last)
    if not (first >= EARLIEST and last <= LATEST) or months_between(first, last) > LONGEST:
        return None
    return Period(Span.CUSTOM, first, last)


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
    """One month, or from one to another."""
    return month_text(first) if first == last else f"{month_text(first)} – {month_text(last)}"
