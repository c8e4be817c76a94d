"""Adds figures only where a sum means something. 合计."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..i18n import Either, Message, msg
from .kinds import NOT_ADDABLE, HasFigure, Number, Qualifier, Unit, neat

NO_UNIT = Either("无单位的数", "figures without a unit")


class MixedFigures(ValueError):
    """Figures that have no common sum, with the reason for the reader."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


@dataclass(frozen=True)
class Total:
    """A sum and what it is worth. `missing` of the figures had no value: the sum is of the others, None of none."""

    value: Number | None
    unit: Unit | None
    qualifier: Qualifier
    count: int = 0
    missing: int = 0


def total(figures: Iterable[HasFigure]) -> Total:
    """The sum of figures of one unit.

    Raises MixedFigures for different units (家 and 家次 are two), planned with actual ones, shares and averages.
    """
    groups = totals(figures)
    if len(groups) > 1:
        first, second, *_others = (unit.label if unit else NO_UNIT for unit in groups)
        text = msg("%(first)s and %(second)s are not added together", first=first, second=second)
        raise MixedFigures(text)
    return next(iter(groups.values()), Total(None, None, Qualifier.EXACT))


def totals(figures: Iterable[HasFigure]) -> dict[Unit | None, Total]:
    """A sum for each unit, in the order in which the units come.

    Raises MixedFigures where one of them would add planned to actual figures, or shares or averages.
    """
    groups: dict[Unit | None, list[HasFigure]] = {}
    for figure in figures:
        groups.setdefault(figure.unit, []).append(figure)
    return {unit: _sum(unit, group) for unit, group in groups.items()}


def _sum(unit: Unit | None, group: list[HasFigure]) -> Total:
    known = [(one.value, one.qualifier) for one in group if one.value is not None]
    missing = len(group) - len(known)
    if unit in NOT_ADDABLE and len(group) > 1:
        raise MixedFigures(msg("Shares and averages cannot be added up"))
    if not known:
        return Total(None, unit, Qualifier.EXACT, len(group), missing)
    value = neat(sum(value for value, _qualifier in known))
    return Total(value, unit, _worth({one for _value, one in known}, len(known), missing), len(group), missing)


def _worth(kinds: set[Qualifier], known: int, missing: int) -> Qualifier:
    """How a sum is meant: no better than its parts. Nothing is negative, so what is missing can only add."""
    if Qualifier.PLANNED in kinds:
        if len(kinds) > 1:
            raise MixedFigures(msg("Planned and actual figures are not added together"))
        return Qualifier.PLANNED
    if known == 1 and not missing:
        return next(iter(kinds))
    if kinds == {Qualifier.EXACT} and not missing:
        return Qualifier.EXACT
    if kinds <= {Qualifier.EXACT, Qualifier.DERIVED} and not missing:
        return Qualifier.DERIVED
    return Qualifier.AT_LEAST if kinds <= {Qualifier.EXACT, Qualifier.AT_LEAST} else Qualifier.APPROX
