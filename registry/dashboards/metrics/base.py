"""The shape of a metric: in words for the reader, what it is made of, and the list behind it. 指标口径.

A metric asks for amounts (`Sum`), for how many localities or universities have some (`Reached`), or for how many there
are altogether (`Whole`); `queries.figures` answers the asks of any number of metrics together. It knows nothing of the
web: `behind` names an endpoint and its arguments, which `views.behind.address` turns into an address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ...core.figures.kinds import Number, Qualifier, Unit, neat
from ...core.i18n import Message
from ..cut import Cut
from .codes import MetricCode

FIRST, ALWAYS = 1, 99_999_999  # of months and days as keys: Sum("x", FIRST, ALWAYS) is everything that has a day


@dataclass(frozen=True)
class Figure:
    """What is shown. None is printed as "—": nobody reported it, or it cannot be divided this way; it is never 0.

    A share has its `numerator` and `denominator`, and `value` as a percentage. `doubtful` and `missing` tell of how
    many of the figures in it are to be confirmed (待核) and were not reported. `capped`: at least so many.
    """

    value: Number | None
    unit: Unit | None = None
    qualifier: Qualifier = Qualifier.EXACT
    numerator: Number | None = None
    denominator: Number | None = None
    doubtful: int = 0
    missing: int = 0
    capped: bool = False
    beside: tuple["Figure", ...] = ()

    @property
    def needs_check(self) -> bool:
        """Whether a figure in it is to be confirmed."""
        return self.doubtful > 0


@dataclass(frozen=True)
class Amount:
    """A sum of facts: of how many figures, how many missing, how many doubtful; `parts` divides it by part."""

    value: Number = 0
    number: int = 0
    missing: int = 0
    doubtful: int = 0
    parts: Mapping[str, "Amount"] = field(default_factory=dict)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            neat(self.value + other.value),
            self.number + other.number,
            self.missing + other.missing,
            self.doubtful + other.doubtful,
        )


NOTHING = Amount()


@dataclass(frozen=True)
class Sum:
    """Facts of one stored amount from `first` to `last`, both included: months, days or 0, as the facts have them.

    `parts` are those wanted; None wants all.
    """

    metric: str
    first: int = 0
    last: int = 0
    parts: frozenset[str] | None = None


@dataclass(frozen=True)
class Reached:
    """How many reporting localities, or universities of their provinces, have a positive sum of all parts."""

    what: Literal["locality", "university"]
    of: Sum

    def __post_init__(self) -> None:
        """Parts are not read one by one."""
        if self.of.parts is not None:
            raise ValueError(self.of)


@dataclass(frozen=True)
class Whole:
    """How many reporting localities, or active universities of their provinces, there are (dossier: 15 and 112)."""

    what: Literal["locality", "university"]


Ask = Sum | Reached | Whole
Answers = Mapping[str, Amount]


@dataclass(frozen=True)
class Behind:
    """The list behind a number: its endpoint, and the filter as arguments of its address.

    An argument `university`, `party` or `host` that is a number (an organisation's id) is turned into its public id.
    """

    endpoint: str
    values: Mapping[str, str | int]


@dataclass(frozen=True)
class Metric:
    """One metric. The words are what the reader is shown as 口径.

    `asks` says what it is made of, for a cut, on a day; `works_out` makes the figure of the answers, which bear the
    same names. `behind` is the list for a cut on a day, None where no list tells it. `better` tells whether more or
    less of it is good news. `cut_by` names what narrows it; where a cut names something else, the figure is None.
    `is_stock`: what there is at the end of the period, rather than what happened in it; `is_present`: as of now,
    whatever the period. The list behind it is as long as the figure's `listed` (see `length_of`).
    """

    code: MetricCode
    label: Message
    definition: Message
    formula: Message
    scope: Message
    asks: Callable[[Cut, date], Mapping[str, Ask]]
    works_out: Callable[[Answers], Figure]
    behind: Callable[[Cut, date], Behind | None]
    unit: Unit | None = None
    numerator: Message | None = None
    denominator: Message | None = None
    is_share: bool = False
    is_stock: bool = False
    is_present: bool = False
    listed: Literal["value", "numerator", "denominator"] = "value"
    better: Literal["more", "less", ""] = "more"
    cut_by: frozenset[str] = frozenset({"period", "locality", "university"})

    def length_of(self, figure: Figure) -> Number | None:
        """How many rows the list behind a figure has."""
        found: Number | None = getattr(figure, self.listed)
        return found

    def divides(self, cut: Cut) -> bool:
        """Whether it can be narrowed as the cut is."""
        asked = {"locality": cut.locality, "university": cut.university_id, "programme": cut.programme}
        return all(name in self.cut_by for name, given in asked.items() if given)


def counted(name: str, unit: Unit) -> Callable[[Answers], Figure]:
    """The figure that is one amount: a number of records, which nobody has to report."""

    def work_out(answers: Answers) -> Figure:
        found = answers[name]
        return Figure(found.value, unit, doubtful=found.doubtful, missing=found.missing)

    return work_out


def share_of(part: str, whole: str) -> Callable[[Answers], Figure]:
    """The figure that is a percentage of two amounts; None where the whole is nothing."""

    def work_out(answers: Answers) -> Figure:
        return share(answers[part].value, answers[whole].value)

    return work_out


def share(numerator: Number, denominator: Number) -> Figure:
    """So many of so many, in percent; None where there is nothing to divide by."""
    value = neat(Decimal(numerator) * 100 / Decimal(denominator)) if denominator else None
    return Figure(value, Unit.PERCENT, numerator=numerator, denominator=denominator)
