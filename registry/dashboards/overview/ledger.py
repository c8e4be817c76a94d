"""The overview as rows of a ledger: every figure of the page with its definition, for a file. 总览台账."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ...core.figures.kinds import Number, Unit
from ...core.i18n import Message, msg
from ..metrics.base import Figure, Metric
from ..metrics.dictionary import METRICS
from .page import BARS, LINE, Overview
from .periods import month_text, months_text
from .tiles import COUNTED, KEPT

ALTOGETHER = msg("Altogether")


@dataclass(frozen=True)
class Line:
    """A figure, of which place and which months, and what it was before where that is compared."""

    metric: Metric
    place: Message | str
    months: str
    figure: Figure
    before: Figure | None = None

    @property
    def unit(self) -> Unit | None:
        """What is counted; the metric's own where nobody reported any."""
        return self.figure.unit or self.metric.unit


def lines_of(page: Overview) -> Iterator[Line]:
    """The cards and all other figures, then those of places and of months, as they stand on the page."""
    months = months_text(page.cut.first, page.cut.last)
    for card in (*page.leading, *page.results, *page.more):
        yield Line(card.metric, ALTOGETHER, months, card.figure, card.before)
    for tile in page.tiles:
        yield Line(METRICS[COUNTED], tile.place.name, months, tile.figure)
    for row in page.fulfilment:
        yield Line(METRICS[KEPT], row.place.name, months, row.figure)
    for month in page.trend:
        for code, figure in ((BARS, month.bar), (LINE, month.line)):
            if code in METRICS and figure:
                yield Line(METRICS[code], ALTOGETHER, month_text(month.month), figure)


def number(value: Number | None, unit: Unit | None) -> float | int | str:
    """A number for a spreadsheet, rates to one decimal as the page prints them; a dash where nobody reported any."""
    if value is None:
        return "—"
    if unit is Unit.PERCENT:
        return float(round(Decimal(value), 1))
    return value if isinstance(value, int) else float(value)
