"""Days for visits: working days only, spread evenly, never more than so many a day. Pure. 走访日程."""

from collections.abc import Callable
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def spread(count: int, first: date, span: int, most_a_day: int, next_workday: Callable[[date], date]) -> list[date]:
    """`count` days, in order, over `span` working days from `first`; further ones where `most_a_day` asks for it.

    `next_workday` gives the day itself if people work on it, else the next one on which they do. Raises ValueError
    for a span or a most that is not positive.
    """
    if span < 1 or most_a_day < 1:
        raise ValueError("span and most_a_day are positive")
    if not count:
        return []
    needed = max(span, -(-count // most_a_day))
    days = _workdays(first, needed, next_workday)
    return [days[number * needed // count] for number in range(count)]


def _workdays(first: date, count: int, next_workday: Callable[[date], date]) -> list[date]:
    days: list[date] = []
    day = first
    for _number in range(count):
        day = next_workday(day)
        days.append(day)
        day += ONE_DAY
    return days
