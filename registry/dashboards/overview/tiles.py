"""The tile grid and the fulfilment of localities, made of the same figures. Pure. 方格图与各地兑现。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.figures.kinds import Number
from ..cut import Cut
from ..metrics.base import Figure
from ..metrics.codes import MetricCode as Code
from ..queries.grid import Place
from .heat import level_of

COUNTED, KEPT = Code.AGREEMENTS_IN_FORCE, Code.FULFILMENT
BY_PLACE = (COUNTED, KEPT)
Figures = Mapping[str, Mapping[Code, Figure]]
UNKNOWN = Figure(None)


@dataclass(frozen=True)
class Tile:
    """A locality with its figure for a cut of its own, and how dark it is; `has_none` says it in so many words."""

    place: Place
    figure: Figure
    level: int
    cut: Cut

    @property
    def has_none(self) -> bool:
        """Whether the reader's figures tell that there is none."""
        return self.place.is_told and not self.figure.value


@dataclass(frozen=True)
class Kept:
    """A locality in the table of fulfilment."""

    place: Place
    figure: Figure
    cut: Cut


def tiles_of(places: Sequence[Place], found: Figures, cut: Cut) -> list[Tile]:
    """Each locality once, in the order of codes."""
    values = {place.code: found.get(place.code, {}).get(COUNTED, UNKNOWN) for place in places}
    most = max((figure.value or 0 for figure in values.values()), default=0)
    return [
        Tile(place, values[place.code], level_of(values[place.code].value, most), _at(cut, place)) for place in places
    ]


def fulfilment_of(places: Sequence[Place], found: Figures, cut: Cut, *, ranked: bool) -> list[Kept]:
    """In the order of codes; by rate only where somebody asks for it, those without a promise due at the end."""
    rows = [
        Kept(place, found.get(place.code, {}).get(KEPT, UNKNOWN), _at(cut, place)) for place in places if place.is_told
    ]
    return sorted(rows, key=_rate) if ranked else rows


def _rate(row: Kept) -> tuple[bool, Number]:
    return row.figure.value is None, -(row.figure.value or 0)


def _at(cut: Cut, place: Place) -> Cut:
    return replace(cut, locality=place.code)
