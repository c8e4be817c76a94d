"""Term arithmetic by articles 201–204 of the Civil Code."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.agreements.terms import effective_on, expires_on, has_expired, holiday_hint, last_day

DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2023, 3, 18), 36, date(2026, 3, 18)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2023, 12, 1), 1, date(2024, 1, 1)),
    ],
)
def test_a_period_ends_on_the_corresponding_day(start: date, months: int, end: date) -> None:
    """Or on the last day of the month where there is none."""
    assert expires_on(start, months) == end


@given(DAYS, st.integers(1, 240))
def test_the_end_lies_in_the_right_month(start: date, months: int) -> None:
    """Never later than the corresponding day, never in another month."""
    end = expires_on(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 240))
def test_a_longer_term_ends_later(start: date, months: int) -> None:
    """Month by month."""
    assert expires_on(start, months) < expires_on(start, months + 1)


def test_it_takes_effect_when_the_last_one_signed_or_sealed() -> None:
    """Different days: the last counts; a planned later day wins over all."""
    signed, sealed = [date(2023, 3, 17), date(2023, 3, 18)], [date(2023, 3, 17)]
    assert effective_on(signed, sealed) == date(2023, 3, 18)
    assert effective_on(signed, [date(2023, 3, 20)]) == date(2023, 3, 20)
    assert effective_on(signed, sealed, date(2023, 4, 1)) == date(2023, 4, 1)
    assert effective_on(signed, sealed, date(2023, 1, 1)) == date(2023, 3, 18)


def test_nobody_signed() -> None:
    """There is no day to tell."""
    with pytest.raises(ValueError, match="empty"):
        effective_on([], [])


def test_the_day_on_the_paper_wins() -> None:
    """至2026年3月17日止 is what the parties agreed."""
    start = date(2023, 3, 18)
    assert last_day(start, 36, date(2026, 3, 17), open_ended=False) == date(2026, 3, 17)
    assert last_day(start, 36, None, open_ended=False) == date(2026, 3, 18)
    assert last_day(start, 36, None, open_ended=True) is None
    assert last_day(None, 36, None, open_ended=False) is None
    assert last_day(start, None, None, open_ended=False) is None


def test_in_force_through_the_last_day() -> None:
    """Expired from the next day on."""
    last = date(2026, 3, 18)
    assert not has_expired(last, last)
    assert has_expired(last, last + timedelta(days=1))


def _is_workday(day: date) -> bool:
    return not date(2026, 10, 1) <= day <= date(2026, 10, 7) and day.weekday() < 5


def test_a_holiday_is_a_hint_and_moves_nothing() -> None:
    """Article 203 speaks of the day after the holiday; people decide."""
    hint = holiday_hint(date(2026, 10, 3), _is_workday)
    assert hint is not None
    assert hint.values == {"last": "2026-10-03", "next": "2026-10-08"}
    assert holiday_hint(date(2026, 10, 8), _is_workday) is None


def test_no_working_day_in_sight() -> None:
    """A broken calendar gives no hint rather than a wrong one."""
    assert holiday_hint(date(2026, 10, 3), lambda _day: False) is None
