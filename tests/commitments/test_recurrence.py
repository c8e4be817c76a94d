"""From the words of a table to periods with days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.commitments.enums import Recurrence
from registry.commitments.recurrence import MONTHS, Frame, read_words, spans
from registry.core.dates import add_months

R = Recurrence
BEGAN, ENDS = date(2023, 3, 18), date(2026, 3, 18)
FAR = date(2040, 1, 1)


@pytest.mark.parametrize(
    ("words", "recurrence", "due_on"),
    [
        ("年", R.YEARLY, None),
        ("每年", R.YEARLY, None),
        ("每年12月底前", R.YEARLY, None),
        ("届", R.COHORT, None),
        ("每半年", R.HALF_YEARLY, None),
        ("每季度", R.QUARTERLY, None),
        ("月", R.MONTHLY, None),
        ("协议期", R.TERM, None),
        ("", R.TERM, None),
        ("尽快", R.TERM, None),
        ("2027年6月底前", R.ONCE, date(2027, 6, 30)),
        ("2027-06-15", R.ONCE, date(2027, 6, 15)),
        ("2027年", R.ONCE, date(2027, 12, 31)),
        ("2027年13月", R.TERM, None),
        ("季", R.QUARTERLY, None),
        ("每年秋季", R.YEARLY, None),
        ("秋季", R.TERM, None),
        ("签约后6个月内", R.TERM, None),
        ("三年内", R.TERM, None),
        ("一年两次", R.YEARLY, None),
        ("协议期内每年", R.YEARLY, None),
        ("每学期", R.HALF_YEARLY, None),
        ("每3个月", R.QUARTERLY, None),
        ("每个月", R.MONTHLY, None),
        ("年度", R.YEARLY, None),
        ("2027届", R.COHORT, None),
    ],
)
def test_words_of_a_table(words: str, recurrence: Recurrence, due_on: date | None) -> None:
    assert read_words(words) == (recurrence, due_on)


def days(recurrence: Recurrence, frame: Frame) -> list[tuple[int, str, str]]:
    """Periods in short."""
    return [(one.no, f"{one.starts_on:%y%m%d}", f"{one.due_on:%y%m%d}") for one in spans(recurrence, frame)]


def test_three_years_have_three_periods() -> None:
    assert days(R.YEARLY, Frame(BEGAN, ENDS, FAR)) == [
        (1, "230318", "240318"),
        (2, "240319", "250318"),
        (3, "250319", "260318"),
    ]


def test_a_short_rest_joins_the_last_period_and_a_long_one_stands_alone() -> None:
    assert days(R.YEARLY, Frame(BEGAN, date(2025, 6, 1), FAR))[-1] == (2, "240319", "250601")
    assert days(R.YEARLY, Frame(BEGAN, date(2025, 12, 1), FAR))[-1] == (3, "250319", "251201")
    assert days(R.YEARLY, Frame(BEGAN, date(2023, 5, 1), FAR)) == [(1, "230318", "230501")]


def test_a_class_counts_when_half_of_its_year_lies_in_the_term() -> None:
    assert days(R.COHORT, Frame(BEGAN, ENDS, FAR)) == [
        (2024, "230901", "240831"),
        (2025, "240901", "250831"),
        (2026, "250901", "260318"),
    ]
    assert days(R.COHORT, Frame(BEGAN, date(2023, 6, 1), FAR)) == [(2023, "230318", "230601")]


def test_once_and_in_the_whole_term() -> None:
    assert days(R.ONCE, Frame(BEGAN, ENDS, FAR, due_on=date(2024, 1, 1))) == [(1, "230318", "240101")]
    assert days(R.TERM, Frame(BEGAN, ENDS, FAR)) == [(1, "230318", "260318")]
    assert days(R.TERM, Frame(BEGAN, None, FAR)) == []
    assert days(R.ONCE, Frame(BEGAN, ENDS, FAR, due_on=date(2020, 1, 1))) == []


def test_an_open_end_is_made_as_far_as_one_looks() -> None:
    assert [no for no, _first, _last in days(R.YEARLY, Frame(BEGAN, None, date(2025, 1, 1)))] == [1, 2]


def test_a_promise_that_came_later_has_no_period_of_less_than_half() -> None:
    assert days(R.YEARLY, Frame(BEGAN, ENDS, FAR, since=date(2023, 5, 1)))[0] == (1, "230501", "240318")
    assert days(R.YEARLY, Frame(BEGAN, ENDS, FAR, since=date(2023, 12, 1)))[0] == (2, "240319", "250318")
    assert days(R.YEARLY, Frame(BEGAN, ENDS, FAR, since=date(2026, 3, 1))) == [(3, "260301", "260318")]


@given(
    recurrence=st.sampled_from(sorted(MONTHS)),
    first=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    months=st.integers(1, 120),
    since=st.none() | st.integers(0, 4000),
)
def test_periods_follow_each_other_within_the_term(
    recurrence: Recurrence, first: date, months: int, since: int | None
) -> None:
    last = add_months(first, months)
    start = None if since is None else first + timedelta(days=since)
    found = spans(recurrence, Frame(first, last, date(2199, 1, 1), since=start))
    assert [one.no for one in found] == sorted({one.no for one in found})
    for one, following in pairwise(found):
        assert one.starts_on <= one.due_on == following.starts_on - timedelta(days=1)
    if found:
        assert found[0].starts_on >= max(first, start or first)
        assert found[-1].due_on == last
    else:
        assert start
        assert start > last
