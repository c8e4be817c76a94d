"""Which light a period of a commitment shows. Pure. 承诺红黄蓝绿灯.

Order and thresholds are those of all lights (`tasks.lights`); here is what they are asked of a period. While an
agreement is suspended its promises rest: grey. What was reported waits for the other side, so that nobody is overdue by
the slowness of whoever has to verify. What was cancelled shows no light. What is counted is expected in whole numbers:
one visit a year is not behind on the second of January.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from ..core.i18n import Message, msg
from ..tasks.enums import Light
from ..tasks.lights import BEHIND, FAR_BEHIND, Horizon, judge
from ..tasks.lights import Standing as Judged
from .curves import ONE_DAY, expected
from .enums import Comparator, Curve, Measure, PeriodState
from .rates import kept


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
    units: int = 0  # of what is counted: how many the target is; a third of a fair is asked of nobody

    def expected(self, day: date) -> Fraction:
        """The share expected by the day; of what cannot be done by halves nothing before it is due."""
        if not self.grows or day >= self.due_on:
            return Fraction(day >= self.due_on)
        share = expected(self.curve, self.weights, self.starts_on, self.due_on, day)
        return Fraction(floor(share * self.units), self.units) if self.units else share

    def first_day_above(self, share: Fraction) -> date | None:
        """The first day by which more than so much is expected; None if that never comes."""
        low, high = -1, max(0, (self.due_on - self.starts_on).days)
        if self.expected(self.due_on) <= share:
            return None
        while high - low > 1:  # expected(low) ≤ share < expected(high), since curves never fall
            middle = (low + high) // 2
            above = self.expected(self.starts_on + ONE_DAY * middle) > share
            low, high = (low, middle) if above else (middle, high)
        return self.starts_on + ONE_DAY * high


def grows(measure: Measure, comparator: Comparator) -> bool:
    """Whether a figure adds up over the period; a yes, a percentage or a ceiling only stands at its end."""
    return measure in (Measure.COUNT, Measure.AMOUNT) and comparator is not Comparator.AT_MOST


def standing_of(period: Any, commitment: Any) -> Standing:
    """How a period stands; both may be one row of a list that has the columns of both."""
    figure = period.reported if period.state == PeriodState.SUBMITTED else period.verified
    value = None if figure is None else Decimal(figure)
    return Standing(
        state=PeriodState(period.state),
        starts_on=period.starts_on,
        due_on=period.due_on,
        done=kept(value, Decimal(period.target), commitment.measure, commitment.comparator),
        curve=commitment.curve,
        weights=tuple(commitment.weights),
        is_closed=period.closed_on is not None,
        is_suspended=commitment.paused_on is not None,
        grows=grows(commitment.measure, commitment.comparator),
        units=int(period.target) if commitment.measure is Measure.COUNT else 0,
    )


def light_of(standing: Standing, sky: Horizon) -> Light | None:
    """The light on the day of `sky`; None for what was cancelled."""
    if standing.state is PeriodState.CANCELLED:
        return None
    return judge(
        Judged(
            done=standing.done,
            expected=standing.expected(sky.today),
            target=1,
            left=sky.left(standing.due_on),
            is_overdue=standing.due_on < sky.today and standing.state is not PeriodState.SUBMITTED,
            is_started=standing.starts_on <= sky.today and not standing.is_suspended,
            is_closed=standing.is_closed,
        )
    )


def turning_days(standing: Standing) -> tuple[date | None, date | None]:
    """The first days on which it is behind, and far behind, if nothing more is done; None where that never comes.

    Kept beside a period, they let a list choose by light without working out a curve for each row.
    """
    if standing.is_closed:
        return None, None
    behind, far = (standing.first_day_above(standing.done / part) for part in (BEHIND, FAR_BEHIND))
    return behind, far


def meaning(light: Light) -> Message:
    """What a light says of a promise, in a sentence (口径)."""
    return MEANINGS.get(light, light.meaning)


MEANINGS = {
    Light.CLOSED: msg("Verified by the other side and struck off the list, or waived with its consent"),
    Light.GREY: msg("Its first day has not come yet, or its agreement is suspended"),
}
