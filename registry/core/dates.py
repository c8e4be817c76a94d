"""Legal dates, moments, and how they are read and written. 日期."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from .i18n import Message, msg

SHANGHAI = ZoneInfo("Asia/Shanghai")
FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
YEAR = re.compile(r"(\d{4})\s*年?")
DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
FULL_WIDTH = DIGITS | {ord("．"): "."}
EARLIEST = date(1949, 10, 1)
LATEST = date(2199, 12, 31)
REMEMBERED = 4_000  # ledgers say the same days again and again


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Message:
        """The precision's name for the reader."""
        return PRECISION_LABELS[self]


PRECISION_LABELS = {
    Precision.DAY: msg("Day"),
    Precision.MONTH: msg("Month"),
    Precision.YEAR: msg("Year"),
    Precision.UNKNOWN: msg("Unknown"),
}


class BadDate(ValueError):
    """A date that cannot be read or does not exist, with the reason for the reader."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Shanghai: the day that terms and deadlines are counted in."""
    return datetime.now(SHANGHAI).date()


@lru_cache(REMEMBERED)
def parse_date(text: str) -> date:
    """Read 20261122, 2026-11-22, 2026/11/22, 2026.11.22 or 2026年11月22日, full-width digits too.

    Raises BadDate.
    """
    plain = text.strip().translate(DIGITS)
    match = FULL.fullmatch(plain) or COMPACT.fullmatch(plain)
    if not match:
        raise BadDate(msg("Write the date like 2026-11-22, 20261122 or 2026年11月22日"))
    year, month, day = (int(part) for part in match.groups())
    try:
        value = date(year, month, day)
    except ValueError:
        raise BadDate(msg("The date %(text)s does not exist", text=plain)) from None
    if not EARLIEST <= value <= LATEST:
        raise BadDate(msg("The year must lie between 1949 and 2199"))
    return value


@lru_cache(REMEMBERED)
def read_partial(text: str) -> tuple[date, Precision]:
    """The day of 2023-03-18, 2023年3月 or 2023, and how exact it is; a month or a year gives its first day.

    Raises BadDate.
    """
    month, year = MONTH.fullmatch(text), YEAR.fullmatch(text)
    if month and 1 <= int(month[2]) <= 12:
        return _known(date(int(month[1]), int(month[2]), 1)), Precision.MONTH
    if month:
        raise BadDate(msg("The date %(text)s does not exist", text=text))
    if year and int(year[1]):
        return _known(date(int(year[1]), 1, 1)), Precision.YEAR
    return parse_date(text), Precision.DAY


def _known(value: date) -> date:
    if not EARLIEST.year <= value.year <= LATEST.year:
        raise BadDate(msg("The year must lie between 1949 and 2199"))
    return value


def last_day(day: date, precision: Precision) -> date:
    """The last day that a date of this precision may mean."""
    if precision is Precision.MONTH:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return date(day.year, 12, 31) if precision is Precision.YEAR else day


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, or that month's last day (Civil Code, article 202)."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def prose_date(value: date, precision: Precision = Precision.DAY) -> str:
    """2023年3月18日, as GB/T 15835 and GB/T 9704 write it; coarser when less is known."""
    parts = {
        Precision.DAY: f"{value.year}年{value.month}月{value.day}日",
        Precision.MONTH: f"{value.year}年{value.month}月",
        Precision.YEAR: f"{value.year}年",
        Precision.UNKNOWN: "",
    }
    return parts[precision]
