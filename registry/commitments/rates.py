"""How far a promise was kept, and what share of promises was. Pure. 承诺兑现率.

Fulfilment rate = Σ min(verified ÷ target, 1) ÷ number of periods due (dossier, section 8). What is waived is not due.
Only verified figures count; the rate of the reported ones stands beside it, so that the difference shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Self

from ..core.i18n import msg
from .enums import UNCOUNTED, Comparator, Measure, PeriodState

NOTHING = Decimal(0)
PLACES = 6  # of a share: stored sums equal those made anew; rounded down, so that 1 means kept
PARTS = 10**PLACES
DEFINITION = msg(
    "Fulfilment rate: for each period due, the verified figure as a share of its target, at most 1; the sum of these "
    "divided by the number of periods due. Waived periods are not counted. The reported rate counts what was reported "
    "in the same way, verified or not."
)


def kept(value: Decimal | None, target: Decimal, measure: Measure, comparator: Comparator) -> Fraction:
    """How much of a target a figure keeps, 0 to 1, exact; nothing is 0.

    A yes counts whole. At least: value ÷ target. At most: whole up to the target, then target ÷ value. Exactly: the
    smaller ÷ the greater. A target of nothing is kept by anything that may be.
    """
    if value is None or value < 0:
        return Fraction(0)
    if measure is Measure.BOOLEAN:
        return Fraction(value > 0)
    if comparator is not Comparator.AT_MOST and value < target:
        return Fraction(value) / Fraction(target)
    if comparator is not Comparator.AT_LEAST and value > target:
        return Fraction(target) / Fraction(value)
    return Fraction(1)


def share(value: Decimal | None, target: Decimal, measure: Measure, comparator: Comparator) -> Decimal:
    """The same to six places, rounded down: what is stored and added up."""
    parts = int(kept(value, target, measure, comparator) * PARTS)
    return Decimal(parts).scaleb(-PLACES)


def is_due(state: PeriodState, due_on: date, day: date, *, is_closed: bool = False) -> bool:
    """Whether a period counts: its last day has come, or it was struck off before; what is waived never does."""
    return state not in UNCOUNTED and (is_closed or due_on <= day)


@dataclass(frozen=True)
class Tally:
    """What rates are made of: periods due, and the sums of their verified and reported shares."""

    due: int = 0
    verified: Decimal = NOTHING
    reported: Decimal = NOTHING

    def __add__(self, other: Self) -> "Tally":
        return Tally(self.due + other.due, self.verified + other.verified, self.reported + other.reported)

    @property
    def rate(self) -> Decimal | None:
        """The fulfilment rate, 0 to 1; None while nothing is due, which is shown as —."""
        return self.verified / self.due if self.due else None

    @property
    def reported_rate(self) -> Decimal | None:
        """The same of what was reported."""
        return self.reported / self.due if self.due else None


def tally(shares: Iterable[tuple[Decimal, Decimal]]) -> Tally:
    """The tally of due periods, each by its verified and its reported share."""
    return sum((Tally(1, verified, reported) for verified, reported in shares), Tally())


def in_percent(rate: Decimal | float | None) -> str:
    """A rate or share for the reader: at most one place, never rounded up to 100; — while there is none."""
    if rate is None:
        return "—"
    shown = (Decimal(str(rate)) * 100).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{shown.normalize():f} %"
