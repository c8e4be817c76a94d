"""Days on which reminders fall, as whole days before (negative) and after a due date. Pure. 提醒时点."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Window:
    """Days from the first through the last."""

    first: date
    last: date

    def shifted(self, days: int) -> "Window":
        """The same number of days, so many days later."""
        return Window(self.first + days * ONE_DAY, self.last + days * ONE_DAY)

    def __contains__(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


def offsets(
    before: Iterable[int], after: Iterable[int], *, on_day: bool = False, every: int = 0, times: int = 0
) -> tuple[int, ...]:
    """All offsets in order: the named ones, then `times` more, `every` days after the last of them or the day itself.

    Offsets are days: negative before the due date, 0 on it, positive after it.
    """
    named = {-days for days in before} | set(after) | ({0} if on_day else set())
    last = max([0, *named])
    repeated = {last + every * number for number in range(1, times + 1)} if every else set()
    return tuple(sorted(named | repeated))


def due_windows(falling: Window, days: Iterable[int]) -> Sequence[Window]:
    """Due dates whose reminder falls into the window by one of the offsets; windows that touch become one."""
    found: list[Window] = []
    for window in sorted(falling.shifted(-offset) for offset in set(days)):
        if found and window.first <= found[-1].last + ONE_DAY:
            found[-1] = Window(found[-1].first, max(found[-1].last, window.last))
        else:
            found.append(window)
    return found


def latest(days: Iterable[int], due_on: date, falling: Window) -> int | None:
    """The one offset to remind by: the last whose day has come, if that day lies in the window.

    An earlier one is never made up for: whoever was not reminded 90 and 60 days before is told of the 30.
    """
    come = [offset for offset in days if due_on + offset * ONE_DAY <= falling.last]
    if not come or due_on + max(come) * ONE_DAY < falling.first:
        return None
    return max(come)
