"""The charts of the overview: its own figures, each mark with the list behind it. 总览图表。"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from ...core.figures.kinds import Number
from ...core.web.addresses import url_for
from ...core.web.language import language
from ...docking.enums import Stage
from ..charts import Chart, Row, bars_and_line, funnel
from ..cut import Cut
from ..metrics.asking import months
from ..metrics.base import Figure, Metric
from ..metrics.codes import MetricCode
from ..metrics.dictionary import METRICS
from ..overview.page import BARS, LINE, Overview
from .saying import spoken

Behind = Callable[[Metric, Cut], str | None]
BETWEEN = " · "


def charts_of(page: Overview, behind: Behind, narrowed: Sequence[object]) -> Mapping[str, Chart]:
    """By name; nothing is drawn yet. `behind` gives the address of a list, `narrowed` the words of the filter."""
    note = BETWEEN.join([_("Data as of %(day)s", day=page.day), *map(str, narrowed)])
    return {chart.name: chart for chart in (_trend(page, behind, note), _funnel(page, note))}


def _trend(page: Overview, behind: Behind, note: str) -> Chart:
    rows = []
    for one in page.trend:
        cut = replace(page.cut, first=one.month, last=one.month)
        figures = (one.bar, one.line)
        lists = tuple(_list(behind, code, figure, cut) for code, figure in zip((BARS, LINE), figures, strict=True))
        rows.append(Row(_short(one.month), tuple(map(_value, figures)), lists, tuple(map(_sign, figures))))
    names = _("New agreements"), _("Visits held")
    what, tongue = _("Month"), language()
    return bars_and_line(_("Month by month"), rows, series=names, language=tongue, name="trend", note=note, what=what)


def _funnel(page: Overview, note: str) -> Chart:
    """Docking cases by the stage that they reached in the period; nobody knows them by programme."""
    known: Mapping[Stage, int | None] = dict.fromkeys(page.stages) if page.cut.programme else page.stages
    rows = [Row(str(stage.label), (number,), (_reached(page, stage, number),)) for stage, number in known.items()]
    title, what, tongue = _("Enterprise docking: from the need to the first day at work"), _("Stage"), language()
    return funnel(title, rows, series=_("Cases"), language=tongue, name="funnel", note=note, what=what)


def _reached(page: Overview, stage: Stage, number: int | None) -> str:
    """The cases that are counted, by the same months."""
    filters: dict[str, Any] = {"reached": str(stage), **months(page.cut)}
    place, school = page.cut.locality or None, page.asked.university if page.cut.university_id else None
    return url_for("docking.index", region=place, university=school, **filters) if number else ""


def _list(behind: Behind, code: MetricCode, figure: Figure | None, cut: Cut) -> str:
    """Where nobody reported anything there is nothing to list."""
    if code not in METRICS or figure is None or figure.value is None:
        return ""
    return behind(METRICS[code], cut) or ""


def _short(month: int) -> str:
    """23-03, so that twelve of them stand beside each other."""
    return f"{month // 100 % 100:02}-{month % 100:02}"


def _value(figure: Figure | None) -> Number | None:
    return figure.value if figure else None


def _sign(figure: Figure | None) -> str:
    """The number with the sign of how it is meant, as on the cards."""
    said = spoken(figure)
    return f"{said.number}{said.note}"
