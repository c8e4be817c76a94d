"""Any number of figures in at most four statements, from sums that do not grow with the records. 指标读取.

Everything is counted through the eyes of the reader's organisation: what it does not see is not in its sums.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...organisations.models import Organisation, Region
from ..cut import Cut, month_of, shifted
from ..metrics.base import Amount, Answers, Ask, Figure, Reached, Sum, Whole
from ..metrics.codes import MetricCode
from ..metrics.dictionary import METRICS
from .places import localities_counted, universities_counted
from .rows import EVERYWHERE, At, Lines, Where, lines

Figures = dict[MetricCode, Figure]
Codes = Collection[MetricCode]
Spread = Literal["", "locality", "university"]
MONTHS = 12
UNKNOWN = Figure(None)


def figures(actor: Actor, cut: Cut, codes: Codes) -> Figures:
    """The figures of a cut. At most four statements, whatever the number of codes."""
    return figures_of(actor, [cut], codes)[0]


def figures_of(actor: Actor, cuts: Sequence[Cut], codes: Codes) -> list[Figures]:
    """The same for several periods of one place at once, in no more statements: now, before, the year before."""
    return [found.get(EVERYWHERE, {}) for found in _answer(actor, cuts, codes, "")]


def series(actor: Actor, cut: Cut, code: MetricCode, months: int = MONTHS) -> list[tuple[int, Figure]]:
    """Month by month up to the cut's last month, the oldest first."""
    return series_of(actor, cut, [code], months)[code]


def series_of(actor: Actor, cut: Cut, codes: Codes, months: int = MONTHS) -> dict[MetricCode, list[tuple[int, Figure]]]:
    """The same for several codes, in no more statements."""
    last = min(cut.last, month_of(today()))
    wanted = [shifted(last, number - months + 1) for number in range(months)]
    found = figures_of(actor, [replace(cut, first=month, last=month) for month in wanted], codes)
    return {code: [(month, one[code]) for month, one in zip(wanted, found, strict=True)] for code in codes}


def by_locality(actor: Actor, cut: Cut, codes: Codes) -> dict[str, Figures]:
    """The figures of every reporting locality, by code in their order; one that has nothing is there with zeros."""
    found = _answer(actor, [replace(cut, locality="")], codes, "locality")[0]
    return {at[0]: figures for at, figures in found.items()}


def by_university(actor: Actor, cut: Cut, codes: Codes) -> dict[int, Figures]:
    """The figures of every university that has anything, by its id."""
    found = _answer(actor, [replace(cut, university_id=0)], codes, "university")[0]
    return {at[1]: figures for at, figures in found.items()}


def reached(actor: Actor, cut: Cut, code: MetricCode) -> frozenset[str] | frozenset[int]:
    """Which localities (codes) or universities (ids) a metric of coverage has reached: its numerator, one by one."""
    asks = METRICS[code].asks(cut, today()).values()
    wanted = next(ask for ask in asks if isinstance(ask, Reached))
    is_local = wanted.what == "locality"
    found = lines(
        Where(
            actor.organisation_id,
            ([cut.locality] if cut.locality else localities_counted()) if is_local else [cut.locality],
            [cut.university_id] if is_local else _schools(cut),
            by_locality=is_local,
            by_university=not is_local,
        ),
        [wanted.of],
    )
    positive = [at for at in found.places if found.is_positive(wanted.of, at)]
    return frozenset(code for code, _id in positive) if is_local else frozenset(number for _code, number in positive)


@dataclass(frozen=True)
class _Question:
    """What one metric asks for one cut."""

    code: MetricCode
    cut: Cut
    asks: Mapping[str, Ask]


def _answer(actor: Actor, cuts: Sequence[Cut], codes: Codes, spread: Spread) -> list[dict[At, Figures]]:
    day = today()
    questions = [[_question(METRICS[code], cut, day) for code in codes] for cut in cuts]
    known = _Known.read(actor, cuts[0], [one for asked in questions for one in asked], spread)
    return [{at: {one.code: known.figure(one, at) for one in asked} for at in known.places} for asked in questions]


def _question(metric: Any, cut: Cut, day: date) -> _Question:
    return _Question(metric.code, cut, metric.asks(cut, day) if metric.divides(cut) else {})


@dataclass(frozen=True)
class _Known:
    """All that was read for some questions about one place, or about each locality or university."""

    sums: Lines
    localities: Lines
    universities: Lines
    wholes: Mapping[str, int]
    spread: Spread
    places: Sequence[At]

    @classmethod
    def read(cls, actor: Actor, cut: Cut, questions: Sequence[_Question], spread: Spread) -> "_Known":
        """At most four statements, and one for the list of localities where figures are spread over them."""
        asks = [ask for one in questions for ask in one.asks.values()]
        there, them = _dimensions(cut, spread)
        where = Where(actor.organisation_id, there, them, spread == "locality", spread == "university")
        sums = lines(where, [ask for ask in asks if isinstance(ask, Sum)])
        local = replace(where, localities=[cut.locality] if cut.locality else localities_counted(), by_locality=True)
        schools = replace(where, universities=_schools(cut), by_university=True)
        localities, universities = _spread(local, asks, "locality"), _spread(schools, asks, "university")
        wholes = _wholes(cut) if any(isinstance(ask, Whole) for ask in asks) else {}
        everywhere = {*sums.places, *localities.places, *universities.places}
        return cls(sums, localities, universities, wholes, spread, _places(spread, everywhere))

    def figure(self, question: _Question, at: At) -> Figure:
        """None where the metric cannot be narrowed as it was asked."""
        if not question.asks:
            return UNKNOWN
        answers: Answers = {name: self._amount(ask, at) for name, ask in question.asks.items()}
        return METRICS[question.code].works_out(answers)

    def _amount(self, ask: Ask, at: At) -> Amount:
        if isinstance(ask, Sum):
            return self.sums.add_up(ask, at)
        if isinstance(ask, Whole):
            return Amount(1 if self.spread == ask.what else self.wholes[ask.what])
        found = self.localities if ask.what == "locality" else self.universities
        reached = [one for one in found.places if self._belongs(one, at) and found.is_positive(ask.of, one)]
        return Amount(len(reached))

    def _belongs(self, one: At, at: At) -> bool:
        if self.spread == "locality":
            return one[0] == at[0]
        return one[1] == at[1] if self.spread == "university" else True


def _dimensions(cut: Cut, spread: Spread) -> tuple[Any, Any]:
    localities: Any = localities_counted() if spread == "locality" else [cut.locality]
    universities: Any = None if spread == "university" else [cut.university_id]
    return localities, universities


def _schools(cut: Cut) -> Any:
    counted = universities_counted()
    return counted.where(Organisation.id == cut.university_id) if cut.university_id else counted


def _spread(where: Where, asks: Sequence[Ask], what: str) -> Lines:
    """What tells which localities or universities were reached; not taken apart by parts if nobody asks for them."""
    wanted = [ask.of for ask in asks if isinstance(ask, Reached) and ask.what == what]
    return lines(replace(where, by_part=any(one.parts is not None for one in wanted)), wanted)


def _wholes(cut: Cut) -> Mapping[str, int]:
    """How many localities and universities there are; one statement."""
    localities = localities_counted()
    if cut.locality:
        localities = localities.where(Region.code == cut.locality)
    parts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in (localities, _schools(cut))]
    there, schools = db.session.execute(select(*parts)).one()
    return {"locality": there, "university": schools}


def _places(spread: Spread, found: Collection[At]) -> Sequence[At]:
    if spread == "locality":
        return [(code, 0) for code in db.session.scalars(localities_counted())]
    if spread == "university":
        return sorted({("", number) for _code, number in found})
    return [EVERYWHERE]
