"""The overview as files: its figures as a ledger, its charts as pictures. 总览文件。

The figures are those of the page at the same address, through the same eyes; what the address asks beyond its filter
is only which chart, and in which form.
"""

from collections.abc import Iterable
from typing import Any, cast

from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import NotFound
from ...core.figures.kinds import Number
from ...core.i18n import msg
from ...core.web.guard import actor, needs
from ...records.views.export import Column, send
from ..overview.ledger import lines_of, number
from ..overview.page import Overview, overview_of
from ..overview.periods import months_text
from .asking import asked, kept
from .blueprint import blueprint
from .overview import words_of
from .pictures import send_chart

EXPORTED = "overview:export"


@blueprint.get("/overview/charts/<name>.<form>")
@needs(Action.OVERVIEW_VIEW)
def overview_chart(name: str, form: str) -> ResponseReturnValue:
    """SVG, PNG or the figures as CSV. Raises NotFound, CannotDraw."""
    chart = words_of(_page())["charts"].get(name)
    if chart is None:
        raise NotFound
    return send_chart(chart, form)


@blueprint.post("/overview/export")
@needs(Action.OVERVIEW_VIEW)
def overview_export() -> ResponseReturnValue:
    """The figures of the page as XLSX or CSV, each with its definition; the export is an event itself."""
    page = _page()
    rows = cast("Iterable[Row[Any]]", lines_of(page))
    return send(msg("Overview"), columns(page), rows, EXPORTED, kept())


def _page() -> Overview:
    return overview_of(actor(), asked(), today())


def columns(page: Overview) -> list[Column]:
    """What stands in a line of the ledger."""
    compared = months_text(page.compared.first, page.compared.last)
    return [
        Column(msg("Figure"), lambda line: line.metric.label),
        Column(msg("Locality"), lambda line: line.place),
        Column(msg("Months covered"), lambda line: line.months),
        Column(msg("Value"), lambda line: number(line.figure.value, line.unit)),
        Column(msg("Unit"), lambda line: line.unit.label if line.unit else ""),
        Column(msg("How the number is meant"), lambda line: line.figure.qualifier.label),
        Column(msg("Numerator"), lambda line: _part(line.figure.numerator)),
        Column(msg("Denominator"), lambda line: _part(line.figure.denominator)),
        Column(msg("Figures to be confirmed"), lambda line: line.figure.doubtful or ""),
        Column(msg("Figures not reported"), lambda line: line.figure.missing or ""),
        Column(msg("Compared months"), lambda line: compared if line.before else ""),
        Column(msg("Value then"), lambda line: number(line.before.value, line.before.unit) if line.before else ""),
        Column(msg("Definition"), lambda line: line.metric.definition),
        Column(msg("Formula"), lambda line: line.metric.formula),
        Column(msg("Scope"), lambda line: line.metric.scope),
        Column(msg("Data as of"), lambda _line: page.day),
    ]


def _part(value: Number | None) -> object:
    return "" if value is None else number(value, None)
