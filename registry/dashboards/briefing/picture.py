"""The chart of a briefing: agreements signed and in force, month by month. 附图."""

from ..charts import Chart, Row, bars_and_line
from ..charts.store import CannotDraw
from . import wording
from .content import Content
from .patterns import choose


def chart_of(said: Content) -> Chart | None:
    """The chart; None where there are no months to show."""
    rows = [Row(f"{month // 100}-{month % 100:02}", (signed, held)) for month, signed, held in said.points]
    if not any(row.values[0] or row.values[1] for row in rows):
        return None
    first, second = (choose(pair, said.language) for pair in wording.SERIES)
    title, what = choose(wording.CHART, said.language), choose(wording.MONTH, said.language)
    return bars_and_line(title, rows, series=(first, second), language=said.language, name="briefing", what=what)


def picture_of(said: Content) -> bytes:
    """The same as PNG for paper; empty where there is none, or it cannot be drawn: the figures stand in the text."""
    chart = chart_of(said)
    try:
        return chart.png if chart else b""
    except CannotDraw:
        return b""
