"""Reads a figure as people write it, and rather asks than guesses. 数字识读.

Sources of the rules: the ledgers that offices paste (余, 近, 万, full-width digits) and GB/T 15835-2011 for numerals.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..i18n import Message, msg
from ..text import BadText, clean
from .kinds import DECIMALS, DIVISIBLE, TOO_LARGE, Number, Qualifier, Unit, grouped
from .marks import take_inside, take_marks, take_unit
from .numerals import SAME, SIGNS, is_bare, looks_like_number, written_number

LONGEST = 60
REMEMBERED = 4_000  # columns say the same again and again: 3年, 2场
# Full-width signs and the ideographic blank; nothing else, or ² would become a digit.
NARROW = {0xFF01 + place: chr(0x21 + place) for place in range(94)} | {0x3000: " "}
PART = rf"[0-9{SIGNS}](?:[0-9.,{SIGNS}]*[0-9{SIGNS}])?"
BLANK = re.compile(r" (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) ")  # Chinese needs none: 6.24 万 个
RANGE = re.compile(rf"({PART}) ?(?:-+|–|—+|~|～|至|到|to) ?({PART})")
SUM = re.compile(r"([0-9][0-9,.]*) ?\+ ?([0-9][0-9,.]*[万亿]?)")
# Translation programs print the digit 1 of a Chinese number as 65438+0 or the like.
DAMAGED = "65438"
VAGUE = re.compile(
    r"[数几十百千万亿余多]*[数几][十百千万亿余多]*|若干|好几|许多|不少|大量|众多|多|some|several|many|a few"
)
NAMES = frozenset({"24365"})  # a service round the clock and the year
CALENDAR_YEARS = range(1900, 2200)
HUNDRED_PER = re.compile(r"百分之(.+)")
MISSING = frozenset({"", "—", "——", "-", "/", "未填报", "不详"})


class BadFigure(ValueError):
    """Text that is no figure, with the reason for the reader."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


@dataclass(frozen=True)
class ReadFigure:
    """What a text says. `doubts` are for a person to settle; where the number itself is in doubt `value` is None."""

    value: Number | None
    qualifier: Qualifier
    unit: Unit | None
    as_reported: str
    doubts: tuple[Message, ...] = ()

    @property
    def needs_check(self) -> bool:
        """Whether a person has to look at it before it counts."""
        return bool(self.doubts)


@lru_cache(REMEMBERED)
def read_figure(text: str, expected: Unit | None = None) -> ReadFigure:
    """Read 1,637, 6.24万, 10万余, 近百, 三百二十, about 200 and the like; `expected` is the unit of the column.

    Raises BadFigure, and nothing else, for what is no figure: names, dates, negative numbers, empty text.
    """
    try:
        reported = clean(text, LONGEST)
    except BadText as bad:
        raise BadFigure(bad.message) from bad
    plain = BLANK.sub("", " ".join(reported.translate(NARROW).translate(SAME).lower().split()))
    if plain in MISSING:
        raise BadFigure(msg("No figure is given"))
    body, marks, unit = _taken_apart(plain, expected)
    value, rounded, doubts = _value(body, unit, bool(marks), reported)
    qualifier, unsure = _qualifier(marks, rounded, value)
    doubts = [*doubts, *unsure, *_unit_doubts(value, unit, expected)]
    return ReadFigure(value, qualifier, unit or expected, reported, tuple(doubts))


def _taken_apart(plain: str, expected: Unit | None) -> tuple[str, list[Qualifier], Unit | None]:
    """The number alone, the signs around it, and the unit; a plus between two numbers is no sign."""
    body, marks = take_marks(plain)
    unit: Unit | None
    if match := HUNDRED_PER.fullmatch(body):
        body, unit = match[1], Unit.PERCENT
    else:
        body, unit = take_unit(body, expected)
    if VAGUE.fullmatch(body or "多"):
        return body, marks, unit
    body, inner = take_marks(body)
    body, inside = take_inside(body)
    return body, [*marks, *inner, *inside], unit


def _value(body: str, unit: Unit | None, marked: bool, reported: str) -> tuple[Number | None, bool, list[Message]]:
    """The number, whether its writing rounds it, and what is doubtful."""
    if doubt := _unreadable(body, unit):
        return None, False, [doubt]
    found = written_number(body)
    if found is None and looks_like_number(body):
        return None, False, [msg("%(text)s can be read in more than one way; write it in digits", text=reported)]
    if found is None:
        raise BadFigure(_refusal(body, reported))
    value, rounded = found
    _check_size(value)
    if is_bare(body) and not marked:
        return value, rounded, [msg("%(text)s may be a figure of speech; confirm the number", text=reported)]
    return value, rounded, []


def _unreadable(body: str, unit: Unit | None) -> Message | None:
    """Why a text that speaks of an amount says no number."""
    if match := SUM.fullmatch(body):
        return _sum_doubt(match[1], match[2])
    if match := RANGE.fullmatch(body):
        return msg("A range from %(first)s to %(last)s, not one number", first=match[1], last=match[2])
    if VAGUE.fullmatch(body):
        return msg("This says no number, only that there are several")
    if body in NAMES and not unit:
        return msg("%(text)s is the name of a service; if it is a number, write it with a comma", text=body)
    return None


def _sum_doubt(first: str, second: str) -> Message:
    """Two numbers with a plus between are never added: usually the text is damaged."""
    readings = [second]
    if first.replace(",", "") == DAMAGED:
        readings = _damaged_readings(second)
    return msg(
        "%(first)s+%(second)s is not added up: possible readings are %(readings)s; confirm with the source",
        first=first, second=second, readings=" / ".join(readings),
    )  # fmt: skip


def _damaged_readings(second: str) -> list[str]:
    """The likely one first: 65438+00万 was 10万; of 65,438+10,000 nobody knows whether a place was lost."""
    digits = second.replace(",", "").rstrip("万亿")
    power = second[len(second.rstrip("万亿")) :]
    number = int(digits) if digits.isdecimal() else 0
    if digits.startswith("1") and not digits.strip("10"):
        return [grouped(number * factor) + power for factor in (10, 1, 11)]
    if digits.startswith("0") and digits.isdecimal():
        return [grouped(int("1" + digits[1:])) + power, grouped(number) + power]
    return [second]


def _refusal(body: str, reported: str) -> Message:
    if body.startswith("-") and body[1:2].isdecimal():
        return msg("A figure cannot be negative")
    return msg("%(text)s is not a figure; write it like 1,637, 6.24万, 10万余 or 约200", text=reported)


def _check_size(value: Number) -> None:
    if value >= TOO_LARGE:
        raise BadFigure(msg("This number is too large"))
    if Decimal(value) != round(Decimal(value), DECIMALS):
        raise BadFigure(msg("At most %(count)s decimal places", count=DECIMALS))


def _qualifier(marks: list[Qualifier], rounded: bool, value: Number | None) -> tuple[Qualifier, list[Message]]:
    """The one sign that a figure keeps; signs that contradict each other are a doubt."""
    kinds = set(marks)
    if not kinds:
        if value is None:
            return Qualifier.APPROX, []
        return (Qualifier.ROUNDED if rounded else Qualifier.EXACT), []
    if len(kinds) == 1:
        return marks[0], []
    kept = next((one for one in (Qualifier.PLANNED, Qualifier.DERIVED) if one in kinds), Qualifier.APPROX)
    return kept, [msg("More than one sign stands with this number; it is kept as: %(sign)s", sign=kept.label)]


def _unit_doubts(value: Number | None, unit: Unit | None, expected: Unit | None) -> list[Message]:
    doubts = []
    if value in CALENDAR_YEARS and unit == Unit.YEARS:
        doubts.append(msg("%(value)s may be the name of a year, not a number of years", value=str(value)))
    if unit and expected and unit != expected:
        text = msg(
            "This is counted in %(unit)s, but %(expected)s are asked for", unit=unit.label, expected=expected.label
        )
        doubts.append(text)
    counted = unit or expected
    if value is not None and value != int(value) and counted and counted not in DIVISIBLE:
        doubts.append(msg("%(unit)s are counted in whole numbers", unit=counted.label))
    return doubts
