"""Makes charts of rows: pure, nothing is drawn yet."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ...core.i18n import msg, speaking
from . import specs
from .chart import Cell, Chart, Number, Row, Table, one_line
from .look import COLOURS

HIGHEST = msg("%(series)s: highest %(value)s (%(label)s)")
NOTHING = msg("No figures")
WHAT = msg("Item")
LINK = {"zh": "{label}，{series}：{text}", "en": "{label}, {series}: {text}"}
SENTENCES = {"zh": "；", "en": "; "}


def bars_and_line(
    title: str,
    rows: Sequence[Row],
    *,
    series: tuple[str, str],
    language: str,
    name: str = "",
    note: str = "",
    what: str = "",
) -> Chart:
    """Two series over the same months: the first as bars, the second as a line on an axis of its own (right).

    `what` heads the first column of the table (月份); `name` is what the addresses of its pictures call it.
    """
    rows, heads = _tidy(rows), tuple(map(one_line, series))
    return _chart(specs.bars_and_line(rows, heads), title, rows, heads, language, name, note, what)


def lines(
    title: str,
    rows: Sequence[Row],
    *,
    series: tuple[str, ...],
    language: str,
    name: str = "",
    note: str = "",
    what: str = "",
) -> Chart:
    """Up to five series as lines over the same months. Raises ValueError for more: nobody can tell them apart."""
    if len(series) > len(COLOURS):
        raise ValueError(f"at most {len(COLOURS)} lines")
    rows, series = _tidy(rows), tuple(map(one_line, series))
    return _chart(specs.lines(rows, series), title, rows, series, language, name, note, what)


def bars(
    title: str, rows: Sequence[Row], *, series: str, language: str, name: str = "", note: str = "", what: str = ""
) -> Chart:
    """One horizontal bar for each row, in the order given, with its value beside it."""
    rows, heads = _tidy(rows), (one_line(series),)
    return _chart(specs.bars(rows), title, rows, heads, language, name, note, what)


def funnel(
    title: str, rows: Sequence[Row], *, series: str, language: str, name: str = "", note: str = "", what: str = ""
) -> Chart:
    """Stages one below the other, each as wide as its value, with what part of the stage above it is."""
    rows, heads = _tidy(rows), (one_line(series),)
    return _chart(specs.funnel(rows), title, rows, heads, language, name, note, what)


def _chart(
    spec: dict[str, Any],
    title: str,
    rows: Sequence[Row],
    series: Sequence[str],
    language: str,
    name: str,
    note: str,
    what: str,
) -> Chart:
    with speaking(language):
        head, summary = one_line(what) or str(WHAT), _summary(rows, series, language)
    return Chart(
        name=name,
        title=one_line(title),
        summary=summary,
        spec=spec,
        table=Table((head, *series), tuple((row.label, _cells(row, len(series))) for row in rows)),
        links=_links(rows, series, language),
        note=one_line(note),
    )


def _tidy(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, label=one_line(row.label), texts=tuple(map(one_line, row.texts))) for row in rows]


def _cells(row: Row, width: int) -> tuple[Cell, ...]:
    return tuple(Cell(row.text(number), row.href(number), _value(row, number)) for number in range(width))


def _value(row: Row, series: int) -> Number | str | None:
    return (row.texts[series] if series < len(row.texts) else "") or row.values[series]


def _links(rows: Sequence[Row], series: Sequence[str], language: str) -> dict[str, tuple[str, str]]:
    """By the name of the mark: where it leads and what the link says."""
    found = {}
    for (number, row), (column, head) in product(enumerate(rows), enumerate(series)):
        if href := row.href(column):
            says = LINK[language].format(label=row.label, series=head, text=row.text(column))
            found[specs.mark(number, column)] = (href, says)
    return found


def _summary(rows: Sequence[Row], series: Sequence[str], language: str) -> str:
    """What the picture shows at a glance: of each series the highest value."""
    said = []
    for column, head in enumerate(series):
        known = [row for row in rows if row.values[column] is not None]
        if known:
            top = max(known, key=lambda row: row.values[column] or 0)
            said.append(str(replace(HIGHEST, values={"series": head, "value": top.text(column), "label": top.label})))
    return SENTENCES[language].join(said) or str(NOTHING)
