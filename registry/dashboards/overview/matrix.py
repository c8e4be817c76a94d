"""Localities by universities: how far each pair has come, what falls due, how long it is silent. Pure. 覆盖矩阵。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...relationships.enums import DORMANT_AFTER, Level
from ..queries.grid import Place
from ..queries.schools import School

USUAL_COLUMNS = 14


@dataclass(frozen=True)
class Cell:
    """A relationship, by its public id."""

    public_id: str
    level: Level
    next_due_on: date | None
    silent_days: int | None
    is_silent: bool

    def is_due(self, day: date) -> bool:
        """Whether something was due before the day."""
        return self.next_due_on is not None and self.next_due_on < day


@dataclass(frozen=True)
class Line:
    """A locality with a cell for each university, None where there is nothing yet."""

    place: Place
    cells: Sequence[Cell | None]

    @property
    def count(self) -> int:
        """With how many of the universities shown there is anything."""
        return sum(cell is not None for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The universities in the order of their codes; `left_out` of them are not shown."""

    schools: Sequence[School]
    lines: Sequence[Line]
    left_out: int


def shown(schools: Sequence[School], *, whole: bool, only: int = 0) -> list[School]:
    """All, or those with most localities, in the order in which they came; or one that was asked for."""
    if only:
        return [school for school in schools if school.id == only]
    if whole or len(schools) <= USUAL_COLUMNS:
        return list(schools)
    first = {school.id for school in sorted(schools, key=lambda one: -one.localities)[:USUAL_COLUMNS]}
    return [school for school in schools if school.id in first]


def matrix_of(
    places: Sequence[Place], schools: Sequence[School], rows: Iterable[Any], day: date, left_out: int
) -> Matrix:
    """Of the localities that the reader's figures tell of, and of others that have something."""
    cells = {(row.locality_code, row.university_id): cell_of(row, day) for row in rows}
    lines = [Line(place, [cells.get((place.code, school.id)) for school in schools]) for place in places]
    return Matrix(schools, [line for line in lines if line.place.is_told or line.count], left_out)


def cell_of(row: Any, day: date) -> Cell:
    """Silent: nothing for more than 180 days, and nobody said why within that time."""
    days = None if row.last_active_on is None else max((day - row.last_active_on).days, 0)
    is_quiet = days is None or days > DORMANT_AFTER.days
    is_explained = row.quiet_said_on is not None and day - row.quiet_said_on <= DORMANT_AFTER
    return Cell(row.public_id, row.level, row.next_due_on, days, is_quiet and not is_explained)
