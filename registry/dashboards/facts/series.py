"""What an activity adds, a series and its parts never both. Pure. 活动与系列的计数。

It is what `activities.queries.totals` adds up, spread over places and months. A part counts by itself, except where
its series is counted: for the same viewer, place and programme it is taken away again. Where the series says nothing
of a figure, its parts speak for it, in the month and at the places of the series. So the facts of a part depend on its
series, and those of the series on nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ...activities.enums import RECRUITING, ActivityKind
from ...activities.figure_codes import NOT_ADDED, FigureCode
from ...activities.pairs import Pair
from ...activities.ratios import SURE
from ...core.figures.kinds import Number, Qualifier, Unit
from .base import Fact, Given

COUNTED = tuple(code for code in FigureCode if code not in NOT_ADDED)
SURELY, ABOUT = "sure", "about"


@dataclass(frozen=True)
class Told:
    """A figure of an activity as it stands; `value` is None where a source says no number."""

    value: Number | None
    unit: Unit | None
    qualifier: Qualifier
    needs_check: bool = False

    @property
    def part(self) -> str:
        """What divides its sums: figures of other units and qualifiers stay apart."""
        return f"{self.unit or ''}|{self.qualifier}"


@dataclass(frozen=True)
class Held:
    """An activity that took place: who sees it, where it counts, what it tells. `month` is 0 where none is known."""

    viewers: frozenset[int]
    localities: frozenset[str]
    universities: frozenset[int]
    programmes: frozenset[str]
    month: int
    kind: ActivityKind
    figures: Mapping[FigureCode, Told]

    def says(self, code: FigureCode) -> bool:
        """Whether it tells a number."""
        return code in self.figures and self.figures[code].value is not None

    def says_both(self, pair: Pair) -> bool:
        """Whether it tells both numbers, to be set against each other."""
        if not (self.says(pair.part) and self.says(pair.whole)):
            return False
        return not pair.needs_one_unit or self.figures[pair.part].unit == self.figures[pair.whole].unit


def amount(code: FigureCode) -> str:
    """The stored amount of a figure."""
    return f"held.{code}"


def sides(pair: Pair) -> tuple[str, str]:
    """The stored amounts of a pair."""
    return f"pair.{pair}.part", f"pair.{pair}.whole"


def of_programme(metric: str, programme: str) -> str:
    """The amount of one programme, whose name may be of any length."""
    return f"{metric}:{hashlib.blake2b(programme.encode(), digest_size=4).hexdigest()}"


def given_by(one: Held, series: Held | None) -> Iterator[Given]:
    """What an activity gives, alone or as a part of what was held."""
    alone = [*_figures(one), *_pairs(one)]
    yield Given(one.viewers, one.localities, one.universities, tuple(_spelt(alone, one)))
    if series is None:
        return
    both, shared = one.viewers & series.viewers, replace(one, programmes=one.programmes & series.programmes)
    covered = [*_figures(one), *_pairs(one, {pair for pair in Pair if series.says_both(pair)})]
    places = one.localities & series.localities, one.universities & series.universities
    yield Given(both, *places, tuple(_negative(_spelt(covered, shared))))
    spoken = replace(one, programmes=series.programmes, month=series.month)
    silent = [fact for code, fact in _coded(one) if not series.says(code)]
    yield Given(both, series.localities, series.universities, tuple(_spelt(silent, spoken)))


def _figures(one: Held) -> Iterator[Fact]:
    return (fact for _code, fact in _coded(one))


def _coded(one: Held) -> Iterator[tuple[FigureCode, Fact]]:
    """Its figures, and the activity itself where no figure says how many it was."""
    for code in COUNTED:
        if code in one.figures:
            yield code, _fact(amount(code), one.figures[code], one.figures[code].part)
    if one.kind in RECRUITING and not one.says(FigureCode.ACTIVITIES):
        itself = Told(1, Unit.EVENTS, Qualifier.EXACT)
        yield FigureCode.ACTIVITIES, _fact(amount(FigureCode.ACTIVITIES), itself, itself.part)


def _fact(metric: str, told: Told, part: str) -> Fact:
    is_known = told.value is not None
    return Fact(metric, 0, part, told.value or 0, int(is_known), int(not is_known), int(told.needs_check))


def _pairs(one: Held, wanted: Iterable[Pair] = Pair) -> Iterator[Fact]:
    for pair in Pair:
        if pair in wanted and one.says_both(pair):
            told = (one.figures[pair.part], one.figures[pair.whole])
            sure = SURELY if all(figure.qualifier in SURE for figure in told) else ABOUT
            for metric, figure in zip(sides(pair), told, strict=True):
                yield _fact(metric, figure, f"{told[1].unit or ''}|{sure}")


def _spelt(facts: Iterable[Fact], one: Held) -> Iterator[Fact]:
    """In its month; once more for each of its programmes."""
    for fact in facts:
        dated = replace(fact, month=one.month)
        yield dated
        for programme in sorted(one.programmes):
            yield replace(dated, metric=of_programme(fact.metric, programme))


def _negative(facts: Iterable[Fact]) -> Iterator[Fact]:
    for one in facts:
        value = -Decimal(one.value)
        yield replace(one, value=value, number=-one.number, missing=-one.missing, doubtful=-one.doubtful)
