"""The overview: everything that stands on it, read in at most twelve statements. 总览看板。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...core.access.decision import Actor
from ...docking.enums import Stage
from ..cut import Cut, month_of, shifted
from ..metrics.base import Figure, Metric
from ..metrics.codes import MetricCode as Code
from ..metrics.dictionary import METRICS
from ..queries.attention import CONCERNS, Item, Listed, list_items
from ..queries.figures import answers_to, by_locality
from ..queries.grid import Place, list_places
from ..queries.programmes import list_programmes
from ..queries.schools import School, list_cells, list_schools
from ..queries.stages import list_stages
from .cards import LEADING, ON_CARDS, RESULTS, Card, cards_of
from .matrix import Matrix, matrix_of, shown
from .periods import Period
from .tiles import BY_PLACE, Kept, Tile, fulfilment_of, tiles_of

MONTHS = 12
BARS, LINE = Code.AGREEMENTS_SIGNED, Code.VISITS_HELD
BY_MONTH = [code for code in METRICS if code in {*ON_CARDS, BARS, LINE}]
# Where all of a concern are listed, and how the list is asked for them.
ALL_OF = {
    Listed.OVERDUE: Code.PROMISES_OVERDUE,
    Listed.EXPIRING: Code.EXPIRING_90,
    Listed.LATEST: Code.AGREEMENTS_SIGNED,
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `university` is a public id; `ranked` orders by rate, `whole` shows every column."""

    period: Period
    locality: str = ""
    university: str = ""
    programme: str = ""
    ranked: bool = False
    whole: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period is chosen."""
        return bool(self.locality or self.university or self.programme)


@dataclass(frozen=True)
class Month:
    """A month of the trend."""

    month: int
    bar: Figure
    line: Figure | None


@dataclass(frozen=True)
class Heeded:
    """Records of one concern, and the metric that counts all of them, where one does."""

    listed: Listed
    items: Sequence[Item]
    metric: Metric | None


@dataclass(frozen=True)
class Overview:
    """What is shown; `compared` are the months that the changes are against, `more` all other metrics in words."""

    asked: Asked
    cut: Cut
    compared: Cut
    day: date
    places: Sequence[Place]
    schools: Sequence[School]
    leading: Sequence[Card]
    results: Sequence[Card]
    more: Sequence[Card]
    tiles: Sequence[Tile]
    trend: Sequence[Month]
    stages: Mapping[Stage, int]
    matrix: Matrix
    concerns: Sequence[Heeded]
    latest: Heeded
    fulfilment: Sequence[Kept]
    programmes: Sequence[str]

    @property
    def without(self) -> list[Tile]:
        """The localities that have none (哪些市还没有)."""
        return [tile for tile in self.tiles if tile.has_none]

    @property
    def is_empty(self) -> bool:
        """Whether the reader's organisation has nothing at all yet."""
        has_figures = any(card.figure.value for card in (*self.leading, *self.results, *self.more))
        has_records = any(one.items for one in (*self.concerns, self.latest))
        return not (has_figures or has_records or self.schools or self.asked.is_narrowed)


def overview_of(actor: Actor, asked: Asked, day: date) -> Overview:
    """Through the eyes of the actor's organisation."""
    places, schools = list_places(actor), list_schools(actor)
    cut = _cut(asked, places, schools)
    compared = asked.period.compared(cut)
    months = _months(cut, day)
    questions = [(cut, list(METRICS)), (compared, list(METRICS)), *((month, BY_MONTH) for month in months)]
    present, before, *courses = answers_to(actor, questions)
    by_place = by_locality(actor, replace(cut, locality=""), BY_PLACE)
    columns = shown(schools, whole=asked.whole, only=cut.university_id)
    cells = list_cells(actor, [school.id for school in columns])
    items = list_items(actor, cut, day, asked.university if cut.university_id else "")
    cards = _Cards(present, before, months, courses)
    return Overview(
        asked=asked,
        cut=cut,
        compared=compared,
        day=day,
        places=places,
        schools=schools,
        leading=cards.of(LEADING),
        results=cards.of(RESULTS),
        more=cards.of([code for code in METRICS if code not in ON_CARDS]),
        tiles=tiles_of(places, by_place, cut),
        trend=cards.trend(),
        stages=list_stages(actor, cut),
        matrix=matrix_of(_of_locality(places, cut), columns, cells, day, len(schools) - len(columns)),
        concerns=[_heeded(listed, items) for listed in CONCERNS],
        latest=_heeded(Listed.LATEST, items),
        fulfilment=fulfilment_of(places, by_place, cut, ranked=asked.ranked),
        programmes=list_programmes(actor, cut),
    )


@dataclass(frozen=True)
class _Cards:
    """All figures that were read, for cards and the trend."""

    present: Mapping[Code, Figure]
    before: Mapping[Code, Figure]
    months: Sequence[Cut]
    courses: Sequence[Mapping[Code, Figure]]

    def of(self, codes: Sequence[Code]) -> list[Card]:
        """Cards of those metrics that the registry knows."""
        known = [code for code in codes if code in METRICS]
        courses = {code: [one[code] for one in self.courses] for code in known if code in ON_CARDS}
        return cards_of(known, self.present, self.before, courses)

    def trend(self) -> list[Month]:
        """Month by month, the oldest first."""
        months = zip(self.months, self.courses, strict=True)
        return [Month(month.last, one[BARS], one.get(LINE)) for month, one in months]


def _cut(asked: Asked, places: Sequence[Place], schools: Sequence[School]) -> Cut:
    """What the address asks for, as far as it exists for the reader; the rest narrows nothing."""
    locality = next((place.code for place in places if place.code == asked.locality), "")
    school = next((school.id for school in schools if school.public_id == asked.university), 0)
    return Cut(asked.period.first, asked.period.last, locality, school, asked.programme)


def _months(cut: Cut, day: date) -> list[Cut]:
    """The twelve months up to the end of the period, none in the future."""
    last = min(cut.last, month_of(day))
    return [replace(cut, first=month, last=month) for month in (shifted(last, back) for back in range(1 - MONTHS, 1))]


def _of_locality(places: Sequence[Place], cut: Cut) -> list[Place]:
    return [place for place in places if cut.locality in ("", place.code)]


def _heeded(listed: Listed, items: Mapping[Listed, Sequence[Item]]) -> Heeded:
    code = ALL_OF.get(listed)
    return Heeded(listed, items[listed], METRICS.get(code) if code else None)
