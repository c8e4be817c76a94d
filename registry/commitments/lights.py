"""Which light a period of a commitment shows. Pure. 承诺红黄蓝绿灯.

Order and thresholds are those of all lights (`tasks.lights`); here is what they are asked of a period. While an
agreement is suspended its promises rest: grey. What was verified in full presses no more, whatever the day; what was
reported waits for the other side, so that nobody is overdue by the slowness of whoever has to verify.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..core.i18n import Message, msg
from ..tasks.enums import Light
from ..tasks.lights import BEHIND, FAR_BEHIND, NEAR_DAYS, Horizon, judge
from ..tasks.lights import Standing as Judged
from .curves import expected, first_day_above
from .enums import Comparator, Curve, Measure, PeriodState

NO_HURRY = NEAR_DAYS + 1
UNHURRIED = frozenset({PeriodState.SUBMITTED, PeriodState.MET})  # not overdue, whatever the day


@dataclass(frozen=True)
class Standing:
    """How a period stands. `done` is a share of its target: the reported one while it waits, else the verified one."""

    state: PeriodState
    starts_on: date
    due_on: date
    done: Fraction
    curve: Curve = Curve.LINEAR
    weights: tuple[int, ...] = ()
    is_closed: bool = False
    is_suspended: bool = False
    grows: bool = True

    def expected(self, day: date) -> Fraction:
        """The share expected by the day; of what cannot be done by halves nothing before it is due."""
        if not self.grows:
            return Fraction(day >= self.due_on)
        return expected(self.curve, self.weights, self.starts_on, self.due_on, day)


def grows(measure: Measure, comparator: Comparator) -> bool:
    """Whether a figure adds up over the period; a yes, a percentage or a ceiling only stands at its end."""
    return measure in (Measure.COUNT, Measure.AMOUNT) and comparator is not Comparator.AT_MOST


def light_of(standing: Standing, sky: Horizon) -> Light:
    """The light on the day of `sky`."""
    is_kept = standing.state is PeriodState.MET
    return judge(
        Judged(
            done=standing.done,
            expected=0 if is_kept else standing.expected(sky.today),
            target=1,
            left=NO_HURRY if is_kept else sky.left(standing.due_on),
            is_overdue=standing.due_on < sky.today and standing.state not in UNHURRIED,
            is_started=standing.starts_on <= sky.today and not standing.is_suspended,
            is_closed=standing.is_closed or standing.state is PeriodState.WAIVED,
        )
    )


def turning_days(standing: Standing) -> tuple[date | None, date | None]:
    """The first days on which it is behind, and far behind, if nothing more is done; None where that never comes.

    Kept beside a period, they let a list choose by light without working out a curve for each row.
    """
    if standing.state is PeriodState.MET:
        return None, None
    return _first_day_behind(standing, BEHIND), _first_day_behind(standing, FAR_BEHIND)


def _first_day_behind(standing: Standing, part: Fraction) -> date | None:
    enough = standing.done / part
    if not standing.grows:
        return standing.due_on if enough < 1 else None
    return first_day_above(enough, standing.curve, standing.weights, standing.starts_on, standing.due_on)


def meaning(light: Light) -> Message:
    """What a light says of a promise, in a sentence (口径)."""
    return MEANINGS.get(light, light.meaning)


MEANINGS = {
    Light.CLOSED: msg("Verified by the other side and struck off the list, or waived with its consent"),
    Light.GREY: msg("Its first day has not come yet, or its agreement is suspended"),
}
