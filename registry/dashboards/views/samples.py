"""Charts of made-up figures for the style guide; in demo mode and tests only. 图表样张."""

from flask import Blueprint, Flask, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.config import Settings
from ...core.errors import NotFound
from ...core.web.language import language
from ..charts import Chart, Row, bars, bars_and_line, funnel, lines
from .pictures import send_chart

blueprint = Blueprint("samples", __name__, url_prefix="/styleguide/charts")
MONTHS = ("25-12", *(f"26-{month:02}" for month in range(1, 12)))
SIGNED = (3, 3, 5, 7, 3, 5, 3, 4, 9, 4, 4, 4)
VISITS = (18, 22, 31, 27, 35, 12, 24, 38, 41, 29, 45, None)
PLACES = ("沈阳", "大连", "鞍山", "抚顺", "本溪", "丹东")


def install(app: Flask) -> None:
    """Register them where nobody works for real."""
    settings: Settings = app.extensions["settings"]
    if settings.demo or settings.testing:
        app.register_blueprint(blueprint)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All of them."""
    return render_template("dashboards/samples.html", charts=sample_charts())


@blueprint.get("/<name>.<form>")
def picture(name: str, form: str) -> ResponseReturnValue:
    """A file of one of them."""
    for chart in sample_charts():
        if chart.name == name:
            return send_chart(chart, form)
    raise NotFound


def sample_charts() -> list[Chart]:
    """One of every kind; one of the places has a name that means harm."""
    return [_trend(), _funnel(), _places(), _lines()]


def _trend() -> Chart:
    here = url_for("styleguide.index")
    rows = [
        Row(month, (SIGNED[number], VISITS[number]), (f"{here}?month={month}", f"{here}?visits={month}"))
        for number, month in enumerate(MONTHS)
    ]
    note, series = _("Data as of %(day)s", day="2026-11-22"), (_("New agreements"), _("Visits"))
    return bars_and_line(
        _("Month by month"), rows, series=series, language=language(), name="trend", note=note, what=_("Month")
    )


def _funnel() -> Chart:
    stages = (_("Interested"), _("In talks"), _("Under contract"), _("At work"), _("Hired"))
    values = (412, 268, 170, 131, 96)
    here = url_for("styleguide.index")
    rows = [Row(stage, (values[number],), (f"{here}?stage={number}",)) for number, stage in enumerate(stages)]
    return funnel(_("From interest to hiring"), rows, series=_("Cases"), language=language(), name="funnel")


def _places() -> Chart:
    rows = [Row(place, (3 * number or None,), (url_for("styleguide.index"),)) for number, place in enumerate(PLACES)]
    rows.append(Row("<script>alert('沈抚改革创新示范区')</script>", (11,), ("javascript:alert(1)",)))
    return bars(_("By locality"), rows, series=_("Agreements"), language=language(), name="places", what=_("Locality"))


def _lines() -> Chart:
    rows = [Row(month, (60 + number, 80 - 2 * number, (45, None)[number == 5])) for number, month in enumerate(MONTHS)]
    return lines(_("Rate of promises kept"), rows, series=PLACES[:3], language=language(), name="lines")
