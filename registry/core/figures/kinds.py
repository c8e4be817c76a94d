"""What a figure counts and how sure it is. 计量单位与数值性质."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from ..i18n import Either, Message, msg

Number = Decimal | int


class Qualifier(StrEnum):
    """How a number is meant; printed with its sign wherever it is not exact."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    APPROX = "approx"
    NEARLY = "nearly"
    ROUNDED = "rounded"
    PLANNED = "planned"
    DERIVED = "derived"

    @property
    def label(self) -> Message:
        """The qualifier's name for the reader."""
        return QUALIFIER_LABELS[self]


QUALIFIER_LABELS = {
    Qualifier.EXACT: msg("Exact"),
    Qualifier.AT_LEAST: msg("At least"),
    Qualifier.AT_MOST: msg("At most"),
    Qualifier.APPROX: msg("Approximate"),
    Qualifier.NEARLY: msg("Nearly"),
    Qualifier.ROUNDED: msg("Rounded"),
    Qualifier.PLANNED: msg("As planned"),
    Qualifier.DERIVED: msg("Derived"),
}


class Unit(StrEnum):
    """What is counted. 家 and 家次, 人 and 人次 are different things and are never added together.

    届 and 期 are not here: 2022届 is the name of a class and 第三期 that of a phase, not numbers of anything.
    """

    ENTERPRISES = "enterprises"
    ENTERPRISE_TIMES = "enterprise_times"
    ITEMS = "items"
    POSITIONS = "positions"
    PEOPLE = "people"
    PERSON_TIMES = "person_times"
    EVENTS = "events"
    TIMES = "times"
    COPIES = "copies"
    MATTERS = "matters"
    INTENTIONS = "intentions"
    SCHOOLS = "schools"
    PARTIES = "parties"
    DAYS = "days"
    YEARS = "years"
    YUAN = "yuan"
    TEN_THOUSAND_YUAN = "ten_thousand_yuan"
    YUAN_PER_MONTH = "yuan_per_month"
    PERCENT = "percent"

    @property
    def label(self) -> Message:
        """The unit as it stands behind a number, in the reader's language."""
        return Either(WORDS[self].zh, WORDS[self].plural)


@dataclass(frozen=True)
class Words:
    """How a unit is written: after a number in Chinese, after one and after many in English, and otherwise met."""

    zh: str
    singular: str
    plural: str
    also: tuple[str, ...] = ()


# Where two units share a word, the first is meant unless the asker expects the other.
WORDS = {
    Unit.ENTERPRISES: Words("家", "enterprise", "enterprises", ("家单位", "家企业", "家用人单位", "employers")),
    Unit.ENTERPRISE_TIMES: Words("家次", "enterprise visit", "enterprise visits", ("enterprise-times",)),
    Unit.ITEMS: Words("个", "item", "items"),
    Unit.POSITIONS: Words("个", "position", "positions", ("个岗位", "岗位", "jobs", "posts")),
    Unit.PEOPLE: Words("人", "person", "people", ("名", "位", "persons")),
    Unit.PERSON_TIMES: Words("人次", "person-time", "person-times"),
    Unit.EVENTS: Words("场", "event", "events", ("场次", "场活动")),
    Unit.TIMES: Words("次", "time", "times"),
    Unit.COPIES: Words("份", "copy", "copies", ("份简历",)),
    Unit.MATTERS: Words("项", "item", "items"),
    Unit.INTENTIONS: Words("项", "intention", "intentions", ("项意向", "项合作意向")),
    Unit.SCHOOLS: Words("所", "school", "schools", ("所高校", "所学校", "universities")),
    Unit.PARTIES: Words("方", "party", "parties"),
    Unit.DAYS: Words("天", "day", "days"),
    Unit.YEARS: Words("年", "year", "years"),
    Unit.YUAN: Words("元", "yuan", "yuan"),
    Unit.TEN_THOUSAND_YUAN: Words("万元", "× 10,000 yuan", "× 10,000 yuan", ("x 10,000 yuan",)),
    Unit.YUAN_PER_MONTH: Words("元/月", "yuan a month", "yuan a month", ("元每月", "yuan per month")),
    Unit.PERCENT: Words("%", "%", "%", ("per cent", "percent")),
}
MONEY = frozenset({Unit.YUAN, Unit.TEN_THOUSAND_YUAN, Unit.YUAN_PER_MONTH})
# Shares and averages have no sum.
NOT_ADDABLE = frozenset({Unit.PERCENT, Unit.YUAN_PER_MONTH})
# What can be had in parts: anything else is counted in whole numbers.
DIVISIBLE = MONEY | {Unit.PERCENT, Unit.DAYS, Unit.YEARS}

DECIMALS = 4
# Fifteen digits altogether: what SQLite's numbers keep exactly.
TOO_LARGE = 10**11


class HasFigure(Protocol):
    """A row, a reading or anything else that says a number, what it counts and how it is meant."""

    @property
    def value(self) -> Number | None:
        """The number; None where none is known."""

    @property
    def unit(self) -> Unit | None:
        """What is counted."""

    @property
    def qualifier(self) -> Qualifier:
        """How it is meant."""


def neat(value: Number) -> Number:
    """The same number: an int when it is whole, else without zeros at its end."""
    if value == int(value):
        return int(value)
    return Decimal(value).normalize()


def grouped(value: Number) -> str:
    """1,637 or 17.4, never 1.6E+3."""
    return f"{neat(value):,f}" if isinstance(neat(value), Decimal) else f"{neat(value):,}"
