"""How long an agreement runs (Civil Code, articles 201–204). Days are days in Shanghai."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from ..core.dates import add_months
from ..core.i18n import Message, msg

LONGEST_HOLIDAY = 14
ASKED_DAYS = 180
"""So many days before the last day in force its owner is asked whether to renew it."""


def effective_on(signed: Iterable[date], sealed: Iterable[date], planned: date | None = None) -> date:
    """The last day on which somebody signed or sealed, or the planned day if that is later still.

    Raises ValueError when nobody signed or sealed and nothing is planned.
    """
    return max([*signed, *sealed, *([planned] if planned else [])])


def expires_on(effective: date, months: int) -> date:
    """The last day in force: the corresponding day, else the month's last (article 202); the first is not counted."""
    return add_months(effective, months)


def last_day(effective: date | None, months: int | None, explicit: date | None, *, open_ended: bool) -> date | None:
    """The last day in force; a day written on the paper wins (article 204). None: open-ended, or not known yet."""
    if explicit or open_ended:
        return explicit
    return expires_on(effective, months) if effective and months else None


def has_expired(last: date, today: date) -> bool:
    """Whether it is over: in force through its last day, expired from the next on."""
    return today > last


def holiday_hint(last: date, is_workday: Callable[[date], bool]) -> Message | None:
    """A hint when the last day is no working day: article 203 moves a period's end. Nothing is moved here.

    `is_workday` is the table of working days.
    """
    if is_workday(last):
        return None
    following = next((day for day in _days_after(last) if is_workday(day)), None)
    if following is None:
        return None
    return msg(
        "%(last)s is not a working day; a period that the law counts may end on %(next)s (Civil Code, article 203)",
        last=last.isoformat(),
        next=following.isoformat(),
    )


def _days_after(day: date) -> list[date]:
    return [day + timedelta(days=count) for count in range(1, LONGEST_HOLIDAY + 1)]
