"""Working days by the State Council's notices."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.core.db import db, transaction
from registry.organisations.models import WorkdayKind, WorkdayOverride
from registry.organisations.workdays import Calendar, Overrides, add_workdays, calendar, is_workday
from tests.organisations.reference import reference
from tests.states import Begin


@pytest.fixture
def loaded(app: Flask, begin_with: Begin) -> Flask:
    begin_with(reference)
    return app


@pytest.mark.parametrize("day", [date(2026, 9, 20), date(2026, 10, 10), date(2026, 10, 8), date(2026, 11, 23)])
def test_working_days(loaded: Flask, day: date) -> None:
    assert is_workday(day)


@pytest.mark.parametrize("day", [date(2026, 2, 16), date(2026, 10, 1), date(2026, 10, 7), date(2026, 11, 22)])
def test_days_off(loaded: Flask, day: date) -> None:
    assert not is_workday(day)


def test_five_working_days_over_the_national_holiday(loaded: Flask) -> None:
    due = add_workdays(date(2026, 9, 30), 5)
    assert due.day == date(2026, 10, 13)
    assert not due.is_estimated


def test_a_year_without_arrangement_is_estimated(loaded: Flask) -> None:
    due = add_workdays(date(2027, 9, 30), 5)
    assert due.day == date(2027, 10, 7)  # Monday to Friday: nobody knows the holiday yet
    assert due.is_estimated


def test_counting_into_an_unknown_year_is_estimated(loaded: Flask) -> None:
    assert add_workdays(date(2026, 12, 31), 1).is_estimated
    assert not add_workdays(date(2026, 12, 30), 1).is_estimated


def test_no_days_is_the_day_itself(loaded: Flask) -> None:
    assert add_workdays(date(2026, 10, 1), 0).day == date(2026, 10, 1)


def test_counting_back_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        Calendar([]).add(date(2026, 1, 1), -1)


def test_a_better_layer_comes_first() -> None:
    day = date(2026, 6, 1)
    off = Overrides({day: WorkdayKind.HOLIDAY})
    on = Overrides({day: WorkdayKind.WORKDAY})
    assert Calendar([off, on]).judge(day) == (False, False)
    assert Calendar([Overrides({}), on]).judge(day) == (True, False)


def test_an_edited_table_counts_at_once(app: Flask) -> None:
    monday = date(2026, 6, 1)
    with transaction():
        db.session.add(WorkdayOverride(day=monday, kind=WorkdayKind.HOLIDAY, holiday_zh="测试"))
    assert not is_workday(monday)
    assert calendar().judge(monday + timedelta(days=1)) == (True, False)
