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
from .rows import EVERYWHERE, At, Each, Lines, Reaches, Where, lines, reaches

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
    return answers_to(actor, [(cut, codes) for cut in cuts])


def answers_to(actor: Actor, questions: Sequence[tuple[Cut, Codes]]) -> list[Figures]:
    """The same where not everything is asked of every period."""
    return [found.get(EVERYWHERE, {}) for found in _answer(actor, questions, "")]


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
    found = _answer(actor, [(replace(cut, locality=""), codes)], "locality")[0]
    return {at[0]: figures for at, figures in found.items()}


def by_university(actor: Actor, cut: Cut, codes: Codes) -> dict[int, Figures]:
    """The figures of every university that has anything, by its id."""
    found = _answer(actor, [(replace(cut, university_id=0), codes)], "university")[0]
    return {at[1]: figures for at, figures in found.items()}


def reached(actor: Actor, cut: Cut, code: MetricCode) -> frozenset[str] | frozenset[int]:
    """Which localities (codes) or universities (ids) a metric of coverage has reached: its numerator, one by one."""
    asks = METRICS[code].asks(cut, today()).values()
    wanted = next(ask for ask in asks if isinstance(ask, Reached))
    is_local = wanted.what == "locality"
    each = (Each.COUNTED, Each.NONE) if is_local else (Each.NONE, Each.COUNTED)
    there = reaches(Where(actor.organisation_id, cut.locality, cut.university_id, *each), [wanted.of]).places
    return frozenset(code for code, _id in there) if is_local else frozenset(number for _code, number in there)


@dataclass(frozen=True)
class _Question:
    """What one metric asks for one cut."""

    code: MetricCode
    cut: Cut
    asks: Mapping[str, Ask]


def _answer(actor: Actor, asked: Sequence[tuple[Cut, Codes]], spread: Spread) -> list[dict[At, Figures]]:
    day = today()
    questions = [[_question(METRICS[code], cut, day) for code in codes] for cut, codes in asked]
    known = _Known.read(actor, asked[0][0], [one for some in questions for one in some], spread)
    return [{at: {one.code: known.figure(one, at) for one in some} for at in known.places} for some in questions]


def _question(metric: Any, cut: Cut, day: date) -> _Question:
    return _Question(metric.code, cut, metric.asks(cut, day) if metric.divides(cut) else {})


@dataclass(frozen=True)
class _Known:
    """All that was read for some questions about one place, or about each locality or university."""

    sums: Lines
    localities: Reaches
    universities: Reaches
    wholes: Mapping[str, int]
    spread: Spread
    places: Sequence[At]

    @classmethod
    def read(cls, actor: Actor, cut: Cut, questions: Sequence[_Question], spread: Spread) -> "_Known":
        """At most four statements, and one for the list of localities where figures are spread over them."""
        asks = [ask for one in questions for ask in one.asks.values()]
        where = Where(actor.organisation_id, cut.locality, cut.university_id, *_told(spread))
        sums = lines(where, [ask for ask in asks if isinstance(ask, Sum)])
        localities = reaches(replace(where, localities=Each.COUNTED), _of(asks, "locality"))
        universities = reaches(replace(where, universities=Each.COUNTED), _of(asks, "university"))
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
        there = (self.localities if ask.what == "locality" else self.universities).found[ask.of]
        return Amount(len(there) if at == EVERYWHERE else sum(self._belongs(one, at) for one in there))

    def _belongs(self, one: At, at: At) -> bool:
        return one[0] == at[0] if self.spread == "locality" else one[1] == at[1]


def _told(spread: Spread) -> tuple[Each, Each]:
    """By which dimension rows are told apart."""
    return (
        Each.COUNTED if spread == "locality" else Each.NONE,
        Each.ALL if spread == "university" else Each.NONE,
    )


def _of(asks: Sequence[Ask], what: str) -> list[Sum]:
    return [ask.of for ask in asks if isinstance(ask, Reached) and ask.what == what]


def _wholes(cut: Cut) -> Mapping[str, int]:
    """How many localities and universities there are; one statement."""
    places, schools = localities_counted(), universities_counted()
    if cut.locality:
        places = places.where(Region.code == cut.locality)
    if cut.university_id:
        schools = schools.where(Organisation.id == cut.university_id)
    parts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in (places, schools)]
    there, them = db.session.execute(select(*parts)).one()
    return {"locality": there, "university": them}


def _places(spread: Spread, found: Collection[At]) -> Sequence[At]:
    if spread == "locality":
        return [(code, 0) for code in db.session.scalars(localities_counted())]
    if spread == "university":
        return sorted({("", number) for _code, number in found})
    return [EVERYWHERE]
