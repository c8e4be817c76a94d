"""When something may be sent: not in somebody's quiet hours, not on days when they do not work. 免打扰时段."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from ..core.dates import SHANGHAI

WorksOn = Callable[[date], bool]
ONE_DAY = timedelta(days=1)
LONGEST = 60  # days without a working day: a wrong calendar must not hold a message for ever


def next_moment(moment: datetime, start: time, end: time, works_on: WorksOn | None = None) -> datetime:
    """The first moment from this one on that is outside the hours from `start` to `end` (Shanghai), in UTC.

    With `works_on`, on a day that works: else the end of the quiet hours of the next such day (00:00 without any).
    """
    local = moment.astimezone(SHANGHAI)
    for _ in range(LONGEST):
        if works_on is not None and not works_on(local.date()):
            local = _at(local.date() + ONE_DAY, time())
        elif _is_quiet(local.time(), start, end):
            local = _end_of(local, start, end)
        else:
            break
    return local.astimezone(UTC)


def _is_quiet(clock: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _end_of(local: datetime, start: time, end: time) -> datetime:
    over_midnight = start > end and local.time() >= start
    return _at(local.date() + ONE_DAY if over_midnight else local.date(), end)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)
