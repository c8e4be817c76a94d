"""Names over time: when a former name was valid, and how an organisation was called on a day. Pure. 曾用名与日期.

Days are known as exactly as their source gives them. What may lie anywhere in a year is taken for an overlap, or for
an answer, only where it is one wherever in the year it lies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from ..core.dates import Precision, last_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """First and last day of a name; None is unknown, a coarse day is the first of its month or year."""

    start: date | None = None
    start_precision: Precision = Precision.UNKNOWN
    end: date | None = None
    end_precision: Precision = Precision.UNKNOWN

    @property
    def earliest(self) -> date:
        """The first day that may belong to it."""
        return self.start or date.min

    @property
    def latest(self) -> date:
        """The last day that may belong to it."""
        return last_day(self.end, self.end_precision) if self.end else date.max

    @property
    def certain(self) -> tuple[date, date] | None:
        """First and last of the days that belong to it in any case; None when there are none."""
        exact_start = self.start if self.start_precision is Precision.DAY else None
        exact_end = self.end if self.end_precision is Precision.DAY else None
        first = last_day(self.start, self.start_precision) if self.start else exact_end
        last = self.end or exact_start
        return (first, last) if first and last and first <= last else None

    @property
    def is_backwards(self) -> bool:
        """Whether it ends before it begins, however its days are read."""
        return self.start is not None and self.latest < self.start

    def covers(self, day: date) -> bool:
        """Whether the day belongs to it in any case."""
        return self.certain is not None and self.certain[0] <= day <= self.certain[1]

    def may_cover(self, day: date) -> bool:
        """Whether the day may belong to it."""
        return self.earliest <= day <= self.latest

    def overlaps(self, other: "Span") -> bool:
        """Whether both have a day in common in any case."""
        if self.certain is None or other.certain is None:
            return False
        return self.certain[0] <= other.certain[1] and other.certain[0] <= self.certain[1]

    def following(self) -> tuple[date | None, Precision]:
        """When the next name began: the day after, or in the same month or year; unknown when the end is."""
        if self.end is None or self.end_precision is not Precision.DAY:
            return self.end, self.end_precision
        return self.end + ONE_DAY, Precision.DAY


class Former(Protocol):
    """A former name."""

    @property
    def span(self) -> Span: ...


F = TypeVar("F", bound=Former)


@dataclass(frozen=True)
class Called(Generic[F]):
    """The former name of a day; `is_certain` is false where it only follows from the order of the names."""

    former: F
    is_certain: bool


def name_on(formers: Iterable[F], day: date) -> Called[F] | None:
    """The former name that was valid on a day; None: the present one was, or nothing else is known.

    Names follow each other, so of those that ended later the one that ended first is meant.
    """
    formers = list(formers)
    for former in formers:
        if former.span.covers(day):
            return Called(former, is_certain=True)
    later = [former for former in formers if former.span.end and former.span.may_cover(day)]
    if not later:
        return None
    return Called(min(later, key=lambda former: former.span.latest), is_certain=False)


def present_since(formers: Iterable[Former]) -> tuple[date | None, Precision]:
    """Since when the present name is valid, as far as the former names tell."""
    ended = [former.span for former in formers if former.span.end]
    return max(ended, key=lambda span: span.latest).following() if ended else (None, Precision.UNKNOWN)
