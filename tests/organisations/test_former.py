"""Names over time, as exactly as they are known."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.dates import Precision
from registry.organisations.former import ONE_DAY, Span, name_on, present_since

DAY, MONTH, YEAR, UNKNOWN = Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN


@dataclass(frozen=True)
class Name:
    text: str
    span: Span


def days(start: date | None, end: date | None) -> Span:
    return Span(start, DAY if start else UNKNOWN, end, DAY if end else UNKNOWN)


def years(start: int | None, end: int | None) -> Span:
    return Span(
        date(start, 1, 1) if start else None,
        YEAR if start else UNKNOWN,
        date(end, 1, 1) if end else None,
        YEAR if end else UNKNOWN,
    )


NOTHING = days(None, None)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (days(date(1978, 1, 1), date(1993, 5, 31)), days(date(1993, 6, 1), date(2002, 1, 1)), False),
        (days(date(1978, 1, 1), date(1993, 6, 1)), days(date(1993, 6, 1), date(2002, 1, 1)), True),
        (years(1978, 1993), years(1993, 2002), False),  # one may have ended and the other begun within the year
        (years(1978, 1993), years(1992, 2002), True),
        (days(None, date(1993, 5, 31)), days(date(1990, 1, 1), date(1995, 1, 1)), True),
        (days(None, date(1993, 5, 31)), days(None, date(1995, 1, 1)), False),
        (NOTHING, days(date(1990, 1, 1), date(1995, 1, 1)), False),
        (years(1993, 1993), years(1993, 1993), False),
    ],
)
def test_overlaps_are_told_only_where_they_are_certain(one: Span, other: Span, overlap: bool) -> None:
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("span", "backwards"),
    [
        (days(date(1993, 1, 1), date(1992, 12, 31)), True),
        (days(date(1993, 1, 1), date(1993, 1, 1)), False),
        (Span(date(1993, 6, 1), DAY, date(1993, 1, 1), YEAR), False),
        (years(1994, 1993), True),
        (days(date(1993, 1, 1), None), False),
    ],
)
def test_backwards(span: Span, backwards: bool) -> None:
    assert span.is_backwards is backwards


COLLEGE = Name("师范专科学校", days(None, date(1993, 5, 31)))
INSTITUTE = Name("师范学院", days(date(1993, 6, 1), date(2020, 8, 31)))


@pytest.mark.parametrize(
    ("day", "name", "certain"),
    [
        (date(1980, 1, 1), "师范专科学校", False),  # since when is not known, but nothing came before
        (date(1993, 5, 31), "师范专科学校", True),
        (date(1993, 6, 1), "师范学院", True),
        (date(2020, 8, 31), "师范学院", True),
        (date(2020, 9, 1), "", True),
    ],
)
def test_the_name_of_a_day(day: date, name: str, certain: bool) -> None:
    called = name_on([INSTITUTE, COLLEGE], day)
    assert (called.former.text if called else "") == name
    assert called is None or called.is_certain is certain


def test_a_name_of_unknown_days_is_no_answer() -> None:
    assert name_on([Name("某校", NOTHING)], date(2000, 1, 1)) is None


def test_since_when_the_present_name() -> None:
    assert present_since([COLLEGE, INSTITUTE]) == (date(2020, 9, 1), DAY)
    assert present_since([Name("某校", years(1978, 1993))]) == (date(1993, 1, 1), YEAR)
    assert present_since([Name("某校", NOTHING)]) == (None, UNKNOWN)


dates = st.dates(date(1949, 10, 1), date(2050, 1, 1))
ends = st.tuples(st.none() | dates, st.sampled_from([DAY, MONTH, YEAR]))


def _span(start: tuple[date | None, Precision], end: tuple[date | None, Precision]) -> Span:
    def known(day: date | None, precision: Precision) -> tuple[date | None, Precision]:
        if day is None:
            return None, UNKNOWN
        first = {DAY: day, MONTH: day.replace(day=1), YEAR: day.replace(month=1, day=1)}[precision]
        return first, precision

    return Span(*known(*start), *known(*end))


spans = st.builds(_span, ends, ends)


@given(spans, dates)
def test_what_certainly_belongs_may_belong(span: Span, day: date) -> None:
    assert not span.covers(day) or span.may_cover(day)


@given(spans, spans)
def test_overlapping_is_mutual(one: Span, other: Span) -> None:
    assert one.overlaps(other) is other.overlaps(one)


@given(spans)
def test_the_next_name_never_overlaps(span: Span) -> None:
    start, precision = span.following()
    assert start is None or not span.overlaps(Span(start, precision, date(2100, 1, 1), DAY))


@given(st.lists(dates, min_size=2, max_size=6, unique=True), st.integers(0, 4))
def test_names_one_after_the_other_fill_every_day(changes: list[date], which: int) -> None:
    changes.sort()
    spells = [
        Name(str(number), days(start, following - ONE_DAY))
        for number, (start, following) in enumerate(pairwise(changes))
    ]
    place = which % len(spells)
    for day in (changes[place], changes[place + 1] - timedelta(days=1)):
        called = name_on(spells, day)
        assert called
        assert (called.former.text, called.is_certain) == (str(place), True)
    assert name_on(spells, changes[-1]) is None
