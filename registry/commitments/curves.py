"""How much of a target is expected by a day. Pure. 预期进度.

A straight line (序时进度) asks as much in August as in October and turns everything red in summer. Recruitment has
seasons (dossier, section 5): autumn 秋招 September to November, spring 春招 March to May with the promotion week 促进周
at the end of May, nothing while universities are on holiday. A commitment may also carry twelve weights of its own.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from ..tasks import lights
from .enums import Curve

MONTHS = 12
# What recruitment of a year is spread over: January to December, in parts of their sum.
RECRUITMENT = (1, 1, 3, 3, 2, 1, 0, 0, 4, 4, 4, 1)
PROMOTION_WEEK = ((5, 26), (6, 1))  # first and last day, 百日冲刺; as held in 2023
PROMOTION_WEIGHT = 1  # the week's part, beside that of its months
ONE_DAY = timedelta(days=1)

Weights = tuple[int, ...]


def expected(curve: Curve, weights: Sequence[int], starts_on: date, due_on: date, day: date) -> Fraction:
    """The share of the target expected by the end of the day: 0 through the first day, 1 from the last, exact.

    `weights` are those of a custom curve, January first. Where no weight falls into the period, it is a straight line.
    """
    if curve is Curve.LINEAR or day <= starts_on:
        return lights.expected(1, starts_on, due_on, day)
    rhythm = _rhythm(curve, weights)
    whole = _between(rhythm, starts_on, due_on)
    if not whole:
        return lights.expected(1, starts_on, due_on, day)
    return _between(rhythm, starts_on, min(day, due_on)) / whole


def fits(weights: Sequence[int]) -> bool:
    """Whether these can be the weights of a custom curve: twelve, none below zero, not all of them zero."""
    return len(weights) == MONTHS and min(weights) >= 0 and sum(weights) > 0


def _rhythm(curve: Curve, weights: Sequence[int]) -> tuple[Weights, bool]:
    """The months' weights, and whether the promotion week counts."""
    if curve is Curve.SEASONAL:
        return RECRUITMENT, True
    return (tuple(weights) if fits(weights) else (1,) * MONTHS), False


def _between(rhythm: tuple[Weights, bool], after: date, through: date) -> Fraction:
    """What falls to the days after one, through another."""
    whole = sum((_year(*rhythm, year)[-1] for year in range(after.year, through.year)), Fraction(0))
    return whole + _year(*rhythm, through.year)[_number(through)] - _year(*rhythm, after.year)[_number(after)]


def _number(day: date) -> int:
    return day.timetuple().tm_yday


@lru_cache(maxsize=512)
def _year(weights: Weights, with_promotion: bool, year: int) -> tuple[Fraction, ...]:
    """What has fallen to a year's days, before the first (0) and through each of them."""
    return tuple(accumulate(_days(weights, with_promotion, year), initial=Fraction(0)))


def _days(weights: Weights, with_promotion: bool, year: int) -> Iterator[Fraction]:
    """Each day's part; a month's weight lies evenly on its days, the week's on its own."""
    first, last = (date(year, *one) for one in PROMOTION_WEEK)
    extra = Fraction(PROMOTION_WEIGHT, (last - first).days + 1)
    for month, weight in enumerate(weights, start=1):
        length = monthrange(year, month)[1]
        for number in range(1, length + 1):
            promoted = with_promotion and first <= date(year, month, number) <= last
            yield Fraction(weight, length) + (extra if promoted else 0)
