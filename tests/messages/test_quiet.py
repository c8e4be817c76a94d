"""Quiet hours and working days. Pure."""

from datetime import date, datetime, time

import pytest

from registry.core.dates import SHANGHAI
from registry.messages.quiet import next_moment


def works_on(day: date) -> bool:
    """Monday to Friday, and no 国庆节."""
    return day.weekday() < 5 and not date(2026, 10, 1) <= day <= date(2026, 10, 7)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("2026-11-26 09:00", "2026-11-26 09:00"),
        ("2026-11-26 21:59", "2026-11-26 21:59"),
        ("2026-11-26 22:00", "2026-11-27 07:00"),
        ("2026-11-26 23:30", "2026-11-27 07:00"),
        ("2026-11-26 00:10", "2026-11-26 07:00"),
        ("2026-11-26 06:59", "2026-11-26 07:00"),
        ("2026-11-26 07:00", "2026-11-26 07:00"),
        ("2026-11-27 22:30", "2026-11-30 07:00"),  # Friday night: Monday morning
        ("2026-11-28 12:00", "2026-11-30 07:00"),
        ("2026-09-30 23:00", "2026-10-08 07:00"),
    ],
)
def test_over_midnight_and_on_working_days(wanted: str, sent: str) -> None:
    moment = datetime.fromisoformat(wanted).replace(tzinfo=SHANGHAI)
    found = next_moment(moment, time(22), time(7), works_on)
    assert found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == sent


@pytest.mark.parametrize(
    ("start", "end", "sent"),
    [
        (time(12), time(14), "14:00"),  # a break at noon
        (time(0), time(0), "13:00"),  # none
        (time(14), time(12), "13:00"),
    ],
)
def test_other_hours_and_every_day(start: time, end: time, sent: str) -> None:
    moment = datetime(2026, 11, 28, 13, tzinfo=SHANGHAI)
    assert next_moment(moment, start, end).astimezone(SHANGHAI).strftime("%H:%M") == sent


def test_a_calendar_without_working_days_does_not_hold_a_message_for_ever() -> None:
    moment = datetime(2026, 11, 28, 13, tzinfo=SHANGHAI)
    assert (next_moment(moment, time(22), time(7), lambda _day: False) - moment).days < 61
