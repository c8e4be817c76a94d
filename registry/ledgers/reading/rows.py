"""The rows of a sheet below its headings, without totals, notes and rows that say nothing. 数据行."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .grid import Cell, Grid, is_blank
from .headers import Head

SAMPLE = re.compile(r"[（(]?(示例|样例|例)[）)]?")
TOTAL = re.compile(r"(合\s*计|总\s*计|小\s*计|累\s*计|totals?|sum)[:：]?", re.IGNORECASE)
FOOT = re.compile(r"(填报单位|填报人|审核人|填表人|制表人|负责人签字|备注|说明|注)\s*[:：].*", re.DOTALL)
NUMBER = "seq"


@dataclass(frozen=True)
class SourceRow:
    """One row: its number as the spreadsheet program counts, cells by field, and by heading those nobody knows."""

    number: int
    cells: Mapping[str, Cell]
    strange: Mapping[str, Cell]


def source_rows(grid: Grid, head: Head, fields: Mapping[int, str] | None = None) -> Iterator[SourceRow]:
    """The rows of the body; `fields` says by place what a column means, where a person said it otherwise."""
    meant = {one.place: one.field for one in head.headings} if fields is None else fields
    titles = {one.place: one.text for one in head.headings}
    filled = grid.filled()
    for place in range(head.body, len(grid.rows)):
        own = grid.rows[place]
        if says_nothing(own, meant):
            continue
        full = filled.rows[place]
        known = {field: full[column] for column, field in meant.items() if field}
        strange = {titles[column]: full[column] for column in titles if not meant.get(column)}
        yield SourceRow(place + 1, known, {text: cell for text, cell in strange.items() if not is_blank(cell)})


def says_nothing(row: Sequence[Cell], meant: Mapping[int, str]) -> bool:
    """Blank, only numbered, a sum, the template's sample, or the foot.

    What a merged cell lends from above is not counted.
    """
    given = [(place, cell) for place, cell in enumerate(row) if not is_blank(cell)]
    if not [place for place, _cell in given if meant.get(place) != NUMBER]:
        return True
    first = str(given[0][1]).strip()
    return any(kind.fullmatch(first) for kind in (TOTAL, FOOT, SAMPLE))
