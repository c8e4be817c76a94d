"""What figures of one record must not contradict, as data; shares and averages. 数字校验与比率."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..i18n import Message, msg
from .kinds import HasFigure, Number, Qualifier, grouped

TENTH = Decimal("0.1")
# What is at least the number it says, and what is at most that.
NOT_LESS = frozenset({Qualifier.EXACT, Qualifier.DERIVED, Qualifier.AT_LEAST, Qualifier.PLANNED})
NOT_MORE = frozenset({Qualifier.EXACT, Qualifier.DERIVED, Qualifier.AT_MOST, Qualifier.PLANNED})


@dataclass(frozen=True)
class PartOf:
    """The figure `part` counts some of what `whole` counts; where that is only usual, a contradiction is a doubt."""

    part: str
    whole: str
    refuses: bool = True


# Codes as in the metric dictionary. An intention needs somebody who came, on site or online: only usual.
PARTS = (
    PartOf("positions_over_10k", "positions"),
    PartOf("key_employers", "employers"),
    PartOf("hires_master_plus", "hires"),
    PartOf("intentions", "resumes", refuses=False),
    PartOf("offers", "resumes", refuses=False),
    PartOf("signed", "offers", refuses=False),
    PartOf("onboarded", "signed", refuses=False),
    PartOf("retained_6m", "onboarded", refuses=False),
    PartOf("retained_12m", "retained_6m", refuses=False),
)


@dataclass(frozen=True)
class Finding:
    """Something wrong with the figure `field`; `refuses` tells a contradiction from a doubt."""

    field: str
    message: Message
    refuses: bool


def check_parts(
    figures: Mapping[str, HasFigure | None],
    names: Mapping[str, Message | str],
    rules: Iterable[PartOf] = PARTS,
) -> list[Finding]:
    """Every negative figure and every part above its whole; `names` are the figures' names for the reader.

    A rule whose figures are not both known says nothing; nor does one between a planned and an actual figure.
    """
    known = {code: one for code, one in figures.items() if one is not None and one.value is not None}
    negative = [
        Finding(code, msg("A figure cannot be negative"), refuses=True)
        for code, one in known.items()
        if one.value is not None and one.value < 0
    ]
    pairs = [(rule, known[rule.part], known[rule.whole]) for rule in rules if {rule.part, rule.whole} <= known.keys()]
    found = [_above(rule, part, whole, names) for rule, part, whole in pairs]
    return negative + [one for one in found if one]


def refusals(findings: Iterable[Finding]) -> dict[str, list[Message | str]]:
    """What is refused, by field, as `Invalid` takes it."""
    fields: dict[str, list[Message | str]] = {}
    for one in findings:
        if one.refuses:
            fields.setdefault(one.field, []).append(one.message)
    return fields


def share(part: Number | None, whole: Number | None) -> Decimal | None:
    """Per cent, to one digit: 949 of 5,459 are 17.4. None where either is missing or the whole is 0."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


def per(count: Number | None, of: Number | None) -> Decimal | None:
    """How many for each, to one digit: 5,459 positions of 202 employers are 27.0. None as for `share`."""
    if count is None or not of:
        return None
    return (Decimal(count) / Decimal(of)).quantize(TENTH, ROUND_HALF_UP)


def _above(rule: PartOf, part: HasFigure, whole: HasFigure, names: Mapping[str, Message | str]) -> Finding | None:
    """Refused only where it is sure: 近100 of 95 may be right."""
    plans = (part.qualifier == Qualifier.PLANNED) + (whole.qualifier == Qualifier.PLANNED)
    if part.value is None or whole.value is None or part.value <= whole.value or plans == 1:
        return None
    message = msg(
        "%(part)s (%(few)s) cannot be more than %(whole)s (%(many)s)",
        part=names.get(rule.part, rule.part), few=grouped(part.value),
        whole=names.get(rule.whole, rule.whole), many=grouped(whole.value),
    )  # fmt: skip
    is_sure = part.qualifier in NOT_LESS and whole.qualifier in NOT_MORE
    return Finding(rule.part, message, rule.refuses and is_sure)
