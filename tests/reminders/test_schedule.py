"""Days on which reminders fall: pure, so that every rule of them is tried without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.reminders.schedule import Window, due_windows, latest, offsets

DAY = date(2026, 11, 30)
ONE_DAY = timedelta(days=1)
SOME_OFFSETS = st.lists(st.integers(-40, 40), min_size=1, max_size=6)


def window(first: int, last: int) -> Window:
    return Window(DAY + first * ONE_DAY, DAY + last * ONE_DAY)


def test_offsets_stand_in_order_and_repeat_after_the_last() -> None:
    assert offsets((30, 7), (1,), on_day=True, every=7, times=2) == (-30, -7, 0, 1, 8, 15)


def test_repeats_follow_the_day_itself_where_nothing_is_named_after_it() -> None:
    assert offsets((30,), (), every=5, times=2) == (-30, 5, 10)


def test_nothing_repeats_without_a_number_of_times() -> None:
    assert offsets((), (5,), every=0, times=9) == (5,)


def test_windows_that_touch_become_one() -> None:
    assert due_windows(window(0, 0), [-2, -1, 5]) == [window(-5, -5), window(1, 2)]
    assert due_windows(window(0, 3), [0, -2]) == [window(0, 5)]


def test_the_last_offset_that_has_come_is_the_one() -> None:
    due = DAY + 6 * ONE_DAY
    assert latest((-180, -90, -60, -30, -15, -7), due, window(-200, 0)) == -7


def test_an_offset_that_came_before_the_window_is_not_made_up_for() -> None:
    assert latest((-30, -7), DAY + 6 * ONE_DAY, window(0, 0)) is None
    assert latest((-30, -7), DAY + 7 * ONE_DAY, window(0, 0)) == -7
    assert latest((-30, -7), DAY + 31 * ONE_DAY, window(0, 0)) is None


@given(st.integers(0, 20), SOME_OFFSETS, st.integers(-60, 60))
def test_whatever_is_to_be_told_lies_in_the_windows(length: int, days: list[int], distance: int) -> None:
    """The ranges that are read miss nothing that the rule would tell."""
    falling, due = window(-length, 0), DAY + distance * ONE_DAY
    told = latest(days, due, falling)
    if told is not None:
        assert any(due in one for one in due_windows(falling, days))
        assert due + told * ONE_DAY in falling


@given(SOME_OFFSETS, st.integers(-60, 60), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_every_offset_is_told_once_or_overtaken_whenever_runs_come(
    days: list[int], distance: int, pauses: list[int]
) -> None:
    """Runs that follow each other without a gap tell offsets in order, none twice, and always the newest."""
    due, told, last = DAY + distance * ONE_DAY, [], DAY
    for pause in pauses:
        falling = Window(last + ONE_DAY, last + pause * ONE_DAY)
        found = latest(days, due, falling)
        if found is not None:
            told.append(found)
        last = falling.last
    come = [day for day in sorted(set(days)) if DAY < due + day * ONE_DAY <= last]
    assert told == sorted(set(told))
    assert set(told) <= set(come)
    assert told[-1:] == come[-1:]


@pytest.mark.parametrize("last", [date(2027, 2, 28), date(2028, 2, 29)])
def test_windows_pass_over_the_end_of_february(last: date) -> None:
    assert last in Window(last, last)
    assert last + ONE_DAY not in Window(last, last)
