"""Finds the row of headings among titles and notes, and which column each heading means. 表头识别."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from ..definitions import Column, Ledger
from .grid import Cell, Grid, is_blank

LOOKED_THROUGH = 30  # rows from the top
FEWEST = 3  # known headings that make a row the row of headings
PUNCTUATION = re.compile(r"[\W_]+")
BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
JOIN = "/"


@dataclass(frozen=True)
class Heading:
    """One column of the sheet: its place from 0, what stands above it, and the field that it was taken for."""

    place: int
    text: str
    field: str = ""


@dataclass(frozen=True)
class Head:
    """The headings, and the row where the body begins."""

    headings: tuple[Heading, ...]
    body: int

    @property
    def known(self) -> int:
        """How many headings are known."""
        return sum(bool(one.field) for one in self.headings)


def find_head(grid: Grid, ledger: Ledger) -> Head | None:
    """The row with the most known headings, of one or two levels; None where no row has three of them."""
    names = names_of(ledger)
    filled = grid.filled()
    found = [
        head
        for row in range(min(LOOKED_THROUGH, len(grid.rows)))
        for head in _heads_at(grid, filled, row, names)
        if head.known >= FEWEST
    ]
    return max(found, key=lambda head: (head.known, -head.body), default=None)


def _heads_at(grid: Grid, filled: Grid, row: int, names: Mapping[str, str]) -> list[Head]:
    single = Head(_headings([_text(cell) for cell in filled.rows[row]], names), row + 1)
    if not grid.spans_columns(row) or row + 1 >= len(grid.rows):
        return [single]
    above, below = filled.rows[row], filled.rows[row + 1]
    texts = [_joined(_text(upper), _text(lower)) for upper, lower in zip(above, below, strict=True)]
    return [single, Head(_headings(texts, names), row + 2)]


def _joined(upper: str, lower: str) -> str:
    return upper if lower in ("", upper) else f"{upper}{JOIN}{lower}" if upper else lower


def _headings(texts: Sequence[str], names: Mapping[str, str]) -> tuple[Heading, ...]:
    """Each field is taken once, by the first heading that means it."""
    taken: set[str] = set()
    found = []
    for place, text in enumerate(texts):
        field = next((one for one in _meanings(text, names) if one not in taken), "")
        taken.add(field)
        if text:
            found.append(Heading(place, text, field))
    return tuple(found)


def _meanings(text: str, names: Mapping[str, str]) -> list[str]:
    """What a heading may mean: as a whole, without what stands in brackets, and the lower of two levels alone."""
    forms = [text, BRACKETS.sub("", text), text.rpartition(JOIN)[2] if JOIN in text else ""]
    return [names[key] for form in forms if (key := fold(form)) in names]


def names_of(ledger: Ledger) -> dict[str, str]:
    """Every folded heading of a ledger, with its field; the official ones win."""
    names: dict[str, str] = {}
    for column in ledger.columns:
        for text in (column.header, column.header_en):
            names.setdefault(fold(text), column.field)
    for column in ledger.columns:
        for text in _further(column):
            names.setdefault(fold(text), column.field)
    names.pop("", None)
    return names


def _further(column: Column) -> list[str]:
    bare = [BRACKETS.sub("", text) for text in (column.header, column.header_en)]
    return [*column.synonyms, *bare, *(BRACKETS.sub("", text) for text in column.synonyms)]


def fold(text: str) -> str:
    """Full and half width, capitals, blanks and punctuation make no difference."""
    return PUNCTUATION.sub("", normalize("NFKC", text).casefold())


def _text(cell: Cell) -> str:
    return "" if is_blank(cell) else " ".join(str(cell).split())
