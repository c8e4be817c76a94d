"""Rows → Vega-Lite specifications.

Labels are only ever data, never field names or expressions, and no address goes in: a mark carries its own name
(`mark`), for which cleaning.py puts the link.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from .chart import Number, Row, printed
from .look import ACCENT, COLOURS, CONFIG, DASHES, MUTED, PRIMARY, SHAPES, STEPS

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; nothing is fetched
WIDE, TALL = 584, 260  # fits between the margins of an official paper (156 mm)
NARROW, STEP = 460, 28
FUNNEL_WIDTH, STAGE = 350, 54
LINK = {"href": {"field": "link"}}
ABOVE = {"titleAngle": 0, "titleY": -16, "titleBaseline": "bottom", "titleAnchor": "start"}
STEPS_UP = 5
BREAK = "break-paths-show-domains"  # a month that nobody reported is a gap
ENOUGH = 40  # letters of a name: wider than the place for it, and measured one by one by the library
SAME = "\u200b"  # tells two rows of one name apart; it is taken out of the picture again

Spec = dict[str, Any]


def mark(row: int, series: int) -> str:
    """The name of the mark of a value."""
    return f"r{row}s{series}"


def bars_and_line(rows: Sequence[Row], series: Sequence[str]) -> Spec:
    """Bars on the left axis, a line with points on the right one; each axis is headed by what it measures."""
    bar = {"type": "bar", "cornerRadiusEnd": 2, "width": {"band": 0.5}, "color": PRIMARY}
    line = {"mark": {"type": "line", "color": ACCENT, "invalid": BREAK}}
    points = {"mark": {"type": "point", "filled": True, "size": 50, "opacity": 1, "color": ACCENT}, "encoding": LINK}
    left, right = _left(f"■ {series[0]}", _most(rows, [0])), _right(f"● {series[1]}", _most(rows, [1]))
    layers = [
        {"data": {"values": _points(rows, 0, "")}, "mark": bar, "encoding": {"y": left, **LINK}},
        {"data": {"values": _points(rows, 1, "")}, "encoding": {"y": right}, "layer": [line, points]},
    ]
    independent = {"scale": {"y": "independent"}}
    return _framed({"encoding": {"x": _months(rows)}, "layer": layers, "resolve": independent}, WIDE, TALL)


def lines(rows: Sequence[Row], series: Sequence[str]) -> Spec:
    """One axis; lines told apart by colour, dash and points."""
    each = [_points(rows, column, name) for column, name in enumerate(series)]
    paths = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": COLOURS[column], "strokeDash": DASHES[column], "invalid": BREAK},
        }
        for column, values in enumerate(each)
    ]
    signs = {
        channel: {
            "field": "series",
            "type": "nominal",
            "scale": {"domain": list(series), "range": known[: len(series)]},
        }
        for channel, known in (("color", COLOURS), ("shape", SHAPES))
    }
    points = {
        "data": {"values": [point for values in each for point in values]},
        "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
        "encoding": signs | LINK,
    }
    return _framed(
        {"encoding": {"x": _months(rows), "y": _measure(_most(rows, range(len(series))))}, "layer": [*paths, points]},
        WIDE,
        TALL,
    )


def bars(rows: Sequence[Row]) -> Spec:
    """A bar and its value for each row."""
    most = _most(rows, [0])
    values = [{**point, "text": row.text(0)} for point, row in zip(_points(rows, 0, ""), rows, strict=True)]
    encoding = {
        "y": {"field": "label", "type": "ordinal", "title": None, "axis": {"domain": False}, "scale": _in_order(rows)},
        "x": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "axis": None,
            "scale": {"domain": [0, most or 1]},
        },
    }
    layers = [
        {"mark": {"type": "bar", "cornerRadiusEnd": 2, "color": PRIMARY, "height": {"band": 0.55}}, "encoding": LINK},
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "invalid": None},
            "encoding": {"text": {"field": "text"}},
        },
    ]
    return _framed(
        {"data": {"values": values}, "encoding": encoding, "layer": layers}, NARROW, STEP * max(len(rows), 1)
    )


def funnel(rows: Sequence[Row]) -> Spec:
    """Trapezoids from the width of a stage to that of the next, their names and values at the right."""
    most = _most(rows, [0]) or 1
    widths = [float(row.values[0] or 0) / most for row in rows]
    corners = [corner for number in range(len(rows)) for corner in _corners(number, widths)]
    says = [
        {"y": number + 0.5, "x": 0.58, "label": row.label[:ENOUGH], "text": _of_above(rows, number)}
        for number, row in enumerate(rows)
    ]
    depth = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"reverse": True, "domain": [0, len(rows) or 1]},
    }
    across = {"scale": {"domain": [-0.5, 1.25]}, "axis": None, "type": "quantitative"}
    stage = {"field": "stage", "type": "ordinal", "legend": None, "scale": {"range": _steps(len(rows))}}
    words = {"y": depth, "x": {"field": "x", **across}}
    layers = [
        {
            "data": {"values": corners},
            "mark": {"type": "area", "orient": "horizontal", "interpolate": "linear"},
            "encoding": {"y": depth, "x": {"field": "from", **across}, "x2": {"field": "to"}, "color": stage, **LINK},
        },
        {
            "data": {"values": says},
            "mark": {"type": "text", "align": "left", "dy": -9, "fontWeight": 700, "limit": 150},
            "encoding": {**words, "text": {"field": "label"}},
        },
        {
            "data": {"values": says},
            "mark": {"type": "text", "align": "left", "dy": 9, "color": MUTED},
            "encoding": {**words, "text": {"field": "text"}},
        },
    ]
    return _framed({"layer": layers}, FUNNEL_WIDTH, STAGE * max(len(rows), 1))


def _framed(spec: Spec, width: int, height: int) -> Spec:
    """With size and look; the size is that of the whole picture."""
    fit = {"type": "fit", "contains": "padding"}
    return {"$schema": SCHEMA, "width": width, "height": height, "autosize": fit, "config": CONFIG, **spec}


def _points(rows: Sequence[Row], column: int, series: str) -> list[dict[str, Any]]:
    labels = _told_apart([row.label for row in rows])
    return [
        {"label": label, "value": _plain(row.values[column]), "series": series, "link": mark(number, column)}
        for number, (label, row) in enumerate(zip(labels, rows, strict=True))
    ]


def _told_apart(labels: Sequence[str]) -> list[str]:
    """No label twice: rows of one name would be drawn as one."""
    seen: dict[str, int] = {}
    told = []
    for label in (name[:ENOUGH] for name in labels):
        told.append(label + SAME * seen.get(label, 0))
        seen[label] = seen.get(label, 0) + 1
    return told


def _plain(value: Number | None) -> int | float | None:
    return value if value is None or isinstance(value, int) else float(value)


def _months(rows: Sequence[Row]) -> Spec:
    axis = {"labelAngle": 0, "grid": False}
    return {"field": "label", "type": "ordinal", "title": None, "axis": axis, "scale": _in_order(rows)}


def _in_order(rows: Sequence[Row]) -> Spec:
    """All rows in their order, those without a value too."""
    return {"domain": _told_apart([row.label for row in rows])}


def _most(rows: Sequence[Row], columns: Iterable[int]) -> float:
    return max([float(row.values[column] or 0) for column in columns for row in rows], default=0)


def _measure(most: float, **axis: Any) -> Spec:
    """From 0, in whole steps; where there is nothing but 0 it lies at the foot all the same."""
    axis = {"tickCount": STEPS_UP, "tickMinStep": 1, "format": ",~r", "title": None} | axis
    scale: Spec = {"zero": True, "nice": STEPS_UP}
    if most < STEPS_UP and most == int(most):  # the library would count in halves
        scale, axis = {"domain": [0, most or 1]}, axis | {"values": list(range(int(most or 1) + 1))}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}


def _left(title: str, most: float) -> Spec:
    return _measure(most, title=title, titleColor=PRIMARY, titleX=-24, titleAlign="left", **ABOVE)


def _right(title: str, most: float) -> Spec:
    there = {"titleX": 24, "titleAlign": "right", "orient": "right"}
    return _measure(most, title=title, titleColor=ACCENT, grid=False, **there, **ABOVE)


def _corners(number: int, widths: Sequence[float]) -> list[dict[str, Any]]:
    """Above and below of a stage; the last one narrows a little."""
    here = widths[number]
    below = widths[number + 1] if number + 1 < len(widths) else here * 0.8
    edges = ((number + 0.02, here), (number + 0.96, below))
    link = mark(number, 0)
    return [{"stage": number, "y": y, "from": -width / 2, "to": width / 2, "link": link} for y, width in edges]


def _of_above(rows: Sequence[Row], number: int) -> str:
    """268 · 65%: the value, and its part of the stage above where that says something."""
    value, above = rows[number].values[0], rows[number - 1].values[0] if number else None
    text = rows[number].text(0)
    if value is None or not above or value > above:
        return text
    return f"{text} · {printed(round(100 * float(value) / float(above)))}%"


def _steps(count: int) -> list[str]:
    return [STEPS[min(number, len(STEPS) - 1)] for number in range(count)]
