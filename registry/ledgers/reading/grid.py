"""A sheet as a rectangle of plain cells, and what its merged cells say. 表格单元格."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Cell = str | int | float | bool | None
Span = tuple[int, int, int, int]  # top, left, bottom, right, counted from 0, inclusive


@dataclass(frozen=True)
class Grid:
    """One sheet; every row has the same width. Rows and columns are counted from 0."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Span, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def filled(self) -> "Grid":
        """The same with every merged cell saying what its upper left corner says; nothing stays merged."""
        if not self.merged:
            return self
        rows = [list(row) for row in self.rows]
        for top, left, row, column in self._covered():
            rows[row][column] = self.rows[top][left]
        return Grid(self.name, tuple(tuple(row) for row in rows))

    def _covered(self) -> Iterator[Span]:
        for top, left, bottom, right in self.merged:
            for row in range(top, min(bottom, len(self.rows) - 1) + 1):
                for column in range(left, min(right, self.width - 1) + 1):
                    yield top, left, row, column

    def spans_columns(self, row: int) -> bool:
        """Whether a heading in this row stands over several columns."""
        return any(top == row and right > left for top, left, _bottom, right in self.merged)


def grid_of(name: str, rows: Sequence[Sequence[Cell]], merged: Sequence[Sequence[int]] = ()) -> Grid:
    """A rectangle of rows that may be of unequal length."""
    width = max((len(row) for row in rows), default=0)
    even = tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)
    return Grid(name, even, tuple((top, left, bottom, right) for top, left, bottom, right in merged))


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
