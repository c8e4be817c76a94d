"""Days that a test chooses: what the registry takes for today, and the daily run on a day."""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo

import pytest

from registry.agreements.jobs import calendar
from registry.core import dates
from registry.core.dates import SHANGHAI

Clock = Callable[[date], None]
__all__ = ["Clock", "calendar", "make_clock"]


def make_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Call it with a day, and it is noon of that day in Shanghai from then on."""

    def turn(day: date) -> None:
        class Noon(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one is enough
                return datetime.combine(day, time(12), SHANGHAI).astimezone(tz)

        monkeypatch.setattr(dates, "datetime", Noon)

    return turn
