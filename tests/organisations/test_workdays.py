"""Working days by the State Council's notices, and by what is known without one."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.core.db import db, transaction
from registry.core.i18n import speaking
from registry.organisations.models import WorkdayKind, WorkdayOverride, WorkdayYear
from registry.organisations.workday_layers import (
    LIBRARIES,
    Basis,
    Notices,
    Overrides,
    StatutoryHolidays,
)
from registry.organisations.workdays import Calendar, Estimate, add_workdays, calendar, is_workday
from tests.organisations.reference import reference
from tests.states import Begin

LIBRARIES_ONLY = Calendar(LIBRARIES)
STARTS = st.dates(date(2001, 1, 1), date(2103, 12, 31))
VECTORS = [
    (date(2026, 9, 20), True),  # a working Sunday
    (date(2026, 10, 10), True),  # a working Saturday
    (date(2026, 10, 8), True),
    (date(2026, 11, 23), True),
    (date(2026, 2, 16), False),
    (date(2026, 10, 1), False),
    (date(2026, 10, 7), False),
    (date(2026, 11, 22), False),
]


@pytest.fixture
def loaded(app: Flask, begin_with: Begin) -> Flask:
    begin_with(reference)
    return app


@pytest.mark.parametrize(("day", "works"), VECTORS)
def test_the_table_knows(loaded: Flask, day: date, works: bool) -> None:
    assert is_workday(day) is works
    assert calendar().layer_of(day.year).basis is Basis.TABLE


@pytest.mark.parametrize(("day", "works"), VECTORS)
def test_the_notices_of_the_library_agree(day: date, works: bool) -> None:
    assert LIBRARIES_ONLY.works_on(day) is works
    assert LIBRARIES_ONLY.layer_of(day.year).basis is Basis.NOTICE


def test_five_working_days_over_the_national_holiday(loaded: Flask) -> None:
    due = add_workdays(date(2026, 9, 30), 5)
    assert due.day == date(2026, 10, 13)
    assert not due.is_estimated


def test_without_the_table_the_library_gives_the_same(app: Flask) -> None:
    due = add_workdays(date(2026, 9, 30), 5)
    assert (due.day, due.estimate) == (date(2026, 10, 13), None)


def test_a_year_without_a_notice_is_estimated_by_its_statutory_days() -> None:
    due = LIBRARIES_ONLY.add(date(2027, 9, 30), 5)
    assert due.day == date(2027, 10, 12)  # 1–3 October are statutory, 4 and 5 given for the weekend
    assert due.estimate == Estimate((2027,), Basis.STATUTORY)


def test_make_up_days_are_not_invented() -> None:
    """No weekend works in a year whose notice is not known."""
    weekends = [day for day in _days(2027) if day.weekday() >= 5]
    assert not any(StatutoryHolidays().works_on(day) for day in weekends)


def test_a_year_beyond_every_library_goes_by_the_week() -> None:
    due = LIBRARIES_ONLY.add(date(2101, 9, 30), 5)
    assert due.day == date(2101, 10, 7)
    assert due.estimate == Estimate((2101,), Basis.WEEK)
    assert LIBRARIES_ONLY.add(date(2199, 12, 31), 1).day == date(2200, 1, 1)


@pytest.mark.parametrize("year", [1949, 2003, 2027, 2199])
def test_the_library_that_does_not_know_is_not_an_error(year: int) -> None:
    assert not Notices().knows(year)
    assert LIBRARIES_ONLY.add(date(year, 12, 1), 30).is_estimated


def test_the_note_names_the_years_and_the_ground(app: Flask) -> None:
    statutory = LIBRARIES_ONLY.add(date(2026, 12, 31), 3).estimate
    week = LIBRARIES_ONLY.estimate(date(2102, 1, 4), date(2100, 12, 31))
    assert statutory
    assert week
    with speaking("zh"):
        assert str(statutory.note) == "2027年安排未录入，按法定节假日估算，未计调休上班日"
        assert str(week.note) == "2101/2102年安排未录入，按周一至周五估算"


def test_counting_into_an_unknown_year_is_estimated(loaded: Flask) -> None:
    assert add_workdays(date(2026, 12, 31), 1).is_estimated
    assert not add_workdays(date(2026, 12, 30), 1).is_estimated


def test_a_stored_deadline_is_an_estimate_when_a_counted_day_is_unknown() -> None:
    """The day that the count began on was not counted itself."""
    known = Calendar([Overrides({}, {2028})])
    assert known.estimate(date(2028, 1, 4), date(2027, 12, 31)) is None
    assert known.estimate(date(2028, 1, 4), date(2027, 12, 30)) == Estimate((2027,), Basis.WEEK)
    assert known.estimate(date(2028, 1, 4)) is None
    assert known.estimate(date(2027, 1, 4)) == Estimate((2027,), Basis.WEEK)


def test_no_days_is_the_day_itself(loaded: Flask) -> None:
    assert add_workdays(date(2026, 10, 1), 0).day == date(2026, 10, 1)


def test_counting_back_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        Calendar([]).add(date(2026, 1, 1), -1)


def test_a_better_layer_comes_first() -> None:
    day = date(2026, 6, 1)
    off = Overrides({day: WorkdayKind.HOLIDAY}, {2026})
    on = Overrides({day: WorkdayKind.WORKDAY}, {2026})
    assert not Calendar([off, on]).works_on(day)
    assert Calendar([Overrides({}, frozenset()), on]).works_on(day)


def test_a_recorded_year_counts_as_a_whole(app: Flask) -> None:
    """Its notice corrects the library, and days that it does not name follow the week."""
    monday, holiday = date(2026, 6, 1), date(2026, 10, 1)
    with transaction():
        db.session.add(WorkdayYear(year=2026, source="测试通知"))
        db.session.add(WorkdayOverride(day=monday, kind=WorkdayKind.HOLIDAY, holiday_zh="测试"))
    assert not is_workday(monday)
    assert is_workday(monday + timedelta(days=1))
    assert is_workday(holiday)


def test_a_year_without_an_exception_is_recorded_all_the_same(app: Flask) -> None:
    with transaction():
        db.session.add(WorkdayYear(year=2027, source="测试通知"))
    assert not add_workdays(date(2027, 3, 1), 5).is_estimated


def test_days_of_a_year_that_is_not_recorded_count_for_nothing(app: Flask) -> None:
    with transaction():
        db.session.add(WorkdayOverride(day=date(2027, 3, 2), kind=WorkdayKind.HOLIDAY, holiday_zh=""))
    assert is_workday(date(2027, 3, 2))


@dataclass(frozen=True)
class Never:
    """A broken source: nobody ever works."""

    basis = Basis.TABLE

    def knows(self, year: int) -> bool:
        """All years."""
        return year < 2027

    def works_on(self, day: date) -> bool:
        """No."""
        return False


def test_a_layer_that_ends_hands_over_to_the_next() -> None:
    assert Calendar([Never(), *LIBRARIES]).add(date(2026, 12, 1), 1).day == date(2027, 1, 4)


@given(STARTS, st.integers(0, 60))
def test_between_start_and_deadline_lie_as_many_working_days(start: date, count: int) -> None:
    due = LIBRARIES_ONLY.add(start, count).day
    between = (start + timedelta(days=number) for number in range(1, (due - start).days + 1))
    assert sum(LIBRARIES_ONLY.works_on(day) for day in between) == count


@given(STARTS, st.integers(1, 60))
def test_a_deadline_is_a_working_day(start: date, count: int) -> None:
    assert LIBRARIES_ONLY.works_on(LIBRARIES_ONLY.add(start, count).day)


@given(STARTS, st.integers(0, 60), st.integers(0, 20))
def test_later_and_longer_never_ends_earlier(start: date, count: int, later: int) -> None:
    due = LIBRARIES_ONLY.add(start, count).day
    assert LIBRARIES_ONLY.add(start, count + 1).day > due
    assert LIBRARIES_ONLY.add(start + timedelta(days=later), count).day >= due


@given(STARTS, st.integers(1, 60))
def test_the_estimate_of_a_count_is_that_of_the_stored_day(start: date, count: int) -> None:
    due = LIBRARIES_ONLY.add(start, count)
    assert due.estimate == LIBRARIES_ONLY.estimate(due.day, start)


def _days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
