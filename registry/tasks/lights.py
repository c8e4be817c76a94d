"""Which light a task shows (dossier, section 6). Pure, so that pages, lists and other packages judge alike. 红黄蓝绿灯.

The first that fits, in the order closed, grey, red, yellow, blue, green. Expected is what a straight line from the
first day to the deadline asks for today; days left are working days.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..organisations.workdays import Calendar
from .enums import Light, SlipColour

FAR_BEHIND, BEHIND = Fraction(60, 100), Fraction(90, 100)  # of what is expected
URGENT_DAYS, NEAR_DAYS = 5, 10  # working days left
DONE = 100  # percent


@dataclass(frozen=True)
class Standing:
    """How something stands: `done`, `expected` and `target` in one unit, `left` working days to the deadline."""

    done: Fraction | int
    expected: Fraction | int
    left: int
    target: Fraction | int = DONE
    is_overdue: bool = False
    is_started: bool = True
    is_closed: bool = False


def judge(standing: Standing) -> Light:
    """The light; the order of the questions decides."""
    if standing.is_closed:
        return Light.CLOSED
    if not standing.is_started:
        return Light.GREY
    if standing.is_overdue or standing.done < FAR_BEHIND * standing.expected:
        return Light.RED
    if standing.done < BEHIND * standing.expected or standing.left <= URGENT_DAYS:
        return Light.YELLOW
    if standing.left <= NEAR_DAYS and standing.done < standing.target:
        return Light.BLUE
    return Light.GREEN


def expected(target: int, starts_on: date, due_on: date, day: date) -> Fraction:
    """target × elapsed / total in calendar days, never above the target; 0 on and before the first day."""
    elapsed, total = (day - starts_on).days, (due_on - starts_on).days
    if elapsed <= 0 or total <= 0:
        return Fraction(0)
    return Fraction(target * min(elapsed, total), total)


@dataclass(frozen=True)
class Horizon:
    """Today and the working days that follow, as far as lights look; counted once for a whole list."""

    today: date
    workdays: Sequence[date]

    def left(self, due_on: date) -> int:
        """Working days after today through the deadline; NEAR_DAYS + 1 stands for more."""
        return bisect_right(self.workdays, due_on)

    def beyond(self, days: int) -> date:
        """The first day on which a deadline has more than so many working days left."""
        return self.workdays[days]

    def light(self, starts_on: date, due_on: date, percent: int, *, is_closed: bool = False) -> Light:
        """The light of a task."""
        standing = Standing(
            done=percent,
            expected=expected(DONE, starts_on, due_on, self.today),
            left=self.left(due_on),
            is_overdue=due_on < self.today,
            is_started=starts_on <= self.today,
            is_closed=is_closed,
        )
        return judge(standing)


def horizon(days: Calendar, today: date) -> Horizon:
    """What lights need to know of the calendar."""
    found: list[date] = []
    day = today
    while len(found) <= NEAR_DAYS:
        day = days.add(day, 1).day
        found.append(day)
    return Horizon(today, found)


SLIPS_OF: Mapping[Light, tuple[SlipColour, ...]] = {
    Light.RED: (SlipColour.RED, SlipColour.YELLOW, SlipColour.BLUE),
    Light.YELLOW: (SlipColour.YELLOW, SlipColour.BLUE),
    Light.BLUE: (SlipColour.BLUE,),
}


def fitting_slips(light: Light) -> tuple[SlipColour, ...]:
    """Slips that a light bears, the sharpest first; none while all is well."""
    return SLIPS_OF.get(light, ())
