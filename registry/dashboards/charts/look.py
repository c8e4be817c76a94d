"""How charts look: the colours and fonts of the pages. 图表样式."""

from collections.abc import Mapping
from typing import Any

PRIMARY, ACCENT = "#1b55b5", "#c26400"
INK, MUTED, GRID, EDGE = "#1b2333", "#535d75", "#e3e8f0", "#8490a8"
# Of one another told by dash and by the shape of the points too, never by colour alone.
COLOURS = (PRIMARY, ACCENT, "#0b7a6f", "#7a3fa8", "#a51a1a")
DASHES = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
STEPS = ("#15407f", "#1b55b5", "#2b6bcb", "#5c8fdc", "#8ab0ea")  # of a funnel, from its mouth down
FONT = "Noto Sans CJK SC"  # measures and paints on the server
SIZE = 12
LONGEST_LABEL = 150  # pixels; the whole name stands in the table and in the link's tip

CONFIG: Mapping[str, Any] = {
    "background": "#ffffff",
    "font": FONT,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": SIZE,
        "labelLimit": LONGEST_LABEL,
        "titleColor": MUTED,
        "titleFontSize": SIZE,
        "titleFontWeight": 400,
        "titleLimit": 2 * LONGEST_LABEL,
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
    },
    "axisX": {"domain": True, "domainColor": EDGE, "labelOverlap": "greedy"},
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": INK,
        "labelFontSize": SIZE,
        "labelLimit": 2 * LONGEST_LABEL,
        "symbolSize": 90,
        "padding": 0,
        "offset": 10,
        "columnPadding": 16,
    },
    "line": {"strokeWidth": 2.25, "interpolate": "monotone"},
    "text": {"fontSize": SIZE, "color": INK},
}
