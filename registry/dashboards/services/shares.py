"""What a record gives, as it is kept beside it, and spelled out into rows of sums. 记录份额."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...core.figures.kinds import Number, neat
from ..facts.base import Fact, Given

Kept = list[Any]
Key = tuple[int, str, str, int, int, str]  # as models.totals.KEY
Amounts = tuple[Number, int, int, int]  # as models.totals.SUMS
Moved = dict[Key, Amounts]
NONE: Amounts = (0, 0, 0, 0)


def kept_of(given: Sequence[Given]) -> Kept:
    """Plain data, alike for what gives the same."""
    return sorted(_kept(one) for one in given if one.viewers and one.facts)


def _kept(given: Given) -> Kept:
    facts: dict[tuple[str, int, str], Amounts] = {}
    for fact in given.facts:
        key = (fact.metric, fact.month, fact.part)
        facts[key] = _plus(facts.get(key, NONE), _amounts(fact), 1)
    lines = [[*key, *_plain(amounts)] for key, amounts in sorted(facts.items()) if any(amounts)]
    return [sorted(given.viewers), sorted(given.localities), sorted(given.universities), lines]


def _amounts(fact: Fact) -> Amounts:
    return fact.value, fact.number, fact.missing, fact.doubtful


def _plain(amounts: Amounts) -> list[int | str]:
    """JSON has no decimals that stay what they are."""
    value, *counts = amounts
    return [value if isinstance(value, int) else str(value), *counts]


def add(moved: Moved, kept: Kept, sign: int = 1) -> None:
    """Add what is kept of a record to the sums, or take it away."""
    for key, amounts in spelled_out(kept):
        plus(moved, key, amounts, sign)


def plus(moved: Moved, key: Key, amounts: Amounts, sign: int = 1) -> None:
    """Add to one sum; what comes to nothing is left out."""
    found = _plus(moved.get(key, NONE), amounts, sign)
    if any(found):
        moved[key] = found
    else:
        moved.pop(key, None)


def spelled_out(kept: Kept) -> Iterator[tuple[Key, Amounts]]:
    """For each viewer the total, each locality, each university, and each pair of them."""
    for viewers, localities, universities, lines in kept:
        places = [(there, school) for there in ("", *localities) for school in (0, *universities)]
        for metric, month, part, value, *counts in lines:
            amounts: Any = (value if isinstance(value, int) else neat(Decimal(value)), *counts)
            for viewer in viewers:
                for there, school in places:
                    yield (viewer, metric, there, school, month, part), amounts


def differences(before: Mapping[int, Kept], after: Mapping[int, Kept]) -> Moved:
    """What changes the sums when these records give this instead of that."""
    moved: Moved = {}
    for number in before.keys() | after.keys():
        old, new = before.get(number, []), after.get(number, [])
        if old != new:
            add(moved, old, -1)
            add(moved, new)
    return moved


def _plus(one: Amounts, other: Amounts, sign: int) -> Amounts:
    value = one[0] + sign * other[0]
    return (
        value if isinstance(value, int) else neat(value),
        one[1] + sign * other[1],
        one[2] + sign * other[2],
        one[3] + sign * other[3],
    )
