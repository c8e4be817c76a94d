"""A number on a card: the figure, what it was before, and its course. Pure. 指标卡。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...core.figures.kinds import Number, Qualifier, Unit, neat
from ..metrics.base import Figure, Metric
from ..metrics.codes import MetricCode as Code
from ..metrics.dictionary import METRICS
from .heat import points

LEADING = (
    Code.AGREEMENTS_IN_FORCE,
    Code.AGREEMENTS_SIGNED,
    Code.LOCALITIES_COVERED,
    Code.UNIVERSITIES_COVERED,
    Code.FULFILMENT,
    Code.PROMISES_OVERDUE,
)
RESULTS = (
    Code.ACTIVITIES_HELD,
    Code.EMPLOYERS,
    Code.POSITIONS,
    Code.PARTICIPANTS,
    Code.STATIONS,
    Code.MECHANISMS,
)
ON_CARDS = LEADING + RESULTS
COARSE = Decimal("0.05")  # percentage points: less than that is no change


@dataclass(frozen=True)
class Change:
    """Against the period before: by how much, and whether that is good news ("ok", "bad" or neither).

    `is_points` tells percentage points; `percent` is of what was before, None where that was nothing.
    """

    by: Number
    tone: str
    is_points: bool
    percent: int | None

    @property
    def direction(self) -> str:
        """For the arrow."""
        return "up" if self.by > 0 else "down" if self.by < 0 else "same"


@dataclass(frozen=True)
class Card:
    """One metric for one cut. `lines` are the points of its sparkline; `before` is None where nothing is compared."""

    metric: Metric
    figure: Figure
    before: Figure | None
    change: Change | None
    lines: Sequence[str]


def change_of(metric: Metric, present: Figure, before: Figure) -> Change | None:
    """None where either is unknown, or known only roughly: 10万余 and 近8万 have no difference."""
    if present.value is None or before.value is None:
        return None
    if {present.qualifier, before.qualifier} - {Qualifier.EXACT, Qualifier.DERIVED}:
        return None
    if present.unit is not before.unit or present.capped or before.capped:
        return None
    by = neat(Decimal(present.value) - Decimal(before.value))
    is_points = present.unit is Unit.PERCENT
    if is_points and abs(Decimal(by)) < COARSE:
        by = 0
    percent = None if is_points or not before.value else round(Decimal(by) * 100 / Decimal(before.value))
    return Change(by, _tone(metric, by), is_points, percent)


def _tone(metric: Metric, by: Number) -> str:
    if not by or not metric.better:
        return ""
    return "ok" if (by > 0) == (metric.better == "more") else "bad"


def cards_of(
    codes: Iterable[Code],
    present: Mapping[Code, Figure],
    before: Mapping[Code, Figure],
    courses: Mapping[Code, Sequence[Figure]],
) -> list[Card]:
    """The cards of those metrics that the registry counts; a metric of the present alone is compared with nothing."""
    return [_card(METRICS[code], present[code], before.get(code), courses.get(code, ())) for code in codes]


def _card(metric: Metric, figure: Figure, before: Figure | None, course: Sequence[Figure]) -> Card:
    earlier = None if metric.is_present else before
    change = change_of(metric, figure, earlier) if earlier else None
    return Card(metric, figure, earlier, change, points([one.value for one in course]))
