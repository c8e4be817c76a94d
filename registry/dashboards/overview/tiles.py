"""The tile grid and the fulfilment of localities, made of the same figures. Pure. 方格图与各地兑现。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...core.figures.kinds import Number
from ..cut import Cut
from ..metrics.base import Behind, Figure
from ..metrics.codes import MetricCode as Code
from ..metrics.dictionary import METRICS
from ..queries.grid import Place
from .heat import level_of

COUNTED, KEPT = Code.AGREEMENTS_IN_FORCE, Code.FULFILMENT
BY_PLACE = (COUNTED, KEPT)
Figures = Mapping[str, Mapping[Code, Figure]]
UNKNOWN = Figure(None)


@dataclass(frozen=True)
class Tile:
    """A locality with its figure, how dark it is, and the list behind it; `has_none` says it in so many words."""

    place: Place
    figure: Figure
    level: int
    behind: Behind | None

    @property
    def has_none(self) -> bool:
        """Whether the reader's figures tell that there is none."""
        return self.place.is_told and not self.figure.value


@dataclass(frozen=True)
class Kept:
    """A locality in the table of fulfilment."""

    place: Place
    figure: Figure
    behind: Behind | None


def tiles_of(places: Sequence[Place], found: Figures, cut: Cut, day: date) -> list[Tile]:
    """Each locality once, in the order of codes."""
    values = {place.code: found.get(place.code, {}).get(COUNTED, UNKNOWN) for place in places}
    most = max((figure.value or 0 for figure in values.values()), default=0)
    return [
        Tile(place, values[place.code], level_of(values[place.code].value, most), _behind(COUNTED, cut, place, day))
        for place in places
    ]


def fulfilment_of(places: Sequence[Place], found: Figures, cut: Cut, day: date, *, ranked: bool) -> list[Kept]:
    """In the order of codes; by rate only where somebody asks for it, those without a promise due at the end."""
    rows = [
        Kept(place, found.get(place.code, {}).get(KEPT, UNKNOWN), _behind(KEPT, cut, place, day))
        for place in places
        if place.is_told
    ]
    return sorted(rows, key=_rate) if ranked else rows


def _rate(row: Kept) -> tuple[bool, Number]:
    return row.figure.value is None, -(row.figure.value or 0)


def _behind(code: Code, cut: Cut, place: Place, day: date) -> Behind | None:
    return METRICS[code].behind(replace(cut, locality=place.code), day)
