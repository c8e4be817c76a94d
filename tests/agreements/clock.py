"""A clock that a test puts forward: everything that asks for a day or a moment hears the same one."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest

from registry.core import dates

NOON = time(4, tzinfo=UTC)
"""Twelve o'clock in Shanghai: the same day everywhere."""


class Clock:
    """Stands still until it is moved; never goes back."""

    def __init__(self, start: date) -> None:
        self.moment = datetime.combine(start, NOON)

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.moment.astimezone(dates.SHANGHAI).date()

    def pass_days(self, days: int) -> None:
        """So many days later, at noon again."""
        self.moment = datetime.combine(self.today + timedelta(days=days), NOON)

    def pass_hours(self, hours: int) -> None:
        """Time for what waits to be tried again."""
        self.moment += timedelta(hours=hours)


def install(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let `core.dates`, the one place that reads the clock, read this one."""

    class Read(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain datetime is enough
            return clock.moment.astimezone(tz)

    monkeypatch.setattr(dates, "datetime", Read)
    return clock
