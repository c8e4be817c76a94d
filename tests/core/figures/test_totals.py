"""Figures are added only where a sum means something, and a sum is worth no more than its parts."""

from decimal import Decimal

import pytest

from registry.core.figures.kinds import Number, Qualifier, Unit
from registry.core.figures.reading import ReadFigure
from registry.core.figures.totals import MixedFigures, Total, total, totals

Q = Qualifier


def fig(value: Number | None, unit: Unit | None = Unit.PEOPLE, qualifier: Qualifier = Q.EXACT) -> ReadFigure:
    return ReadFigure(value, qualifier, unit, "")


@pytest.mark.parametrize(
    ("kinds", "worth"),
    [
        ([Q.EXACT, Q.EXACT], Q.EXACT),
        ([Q.EXACT, Q.AT_LEAST], Q.AT_LEAST),
        ([Q.AT_LEAST, Q.AT_LEAST], Q.AT_LEAST),
        ([Q.EXACT, Q.APPROX], Q.APPROX),
        ([Q.NEARLY, Q.AT_LEAST], Q.APPROX),
        ([Q.ROUNDED, Q.EXACT], Q.APPROX),
        ([Q.AT_MOST, Q.EXACT], Q.APPROX),
        ([Q.DERIVED, Q.EXACT], Q.DERIVED),
        ([Q.PLANNED, Q.PLANNED], Q.PLANNED),
        ([Q.NEARLY], Q.NEARLY),
        ([Q.ROUNDED], Q.ROUNDED),
    ],
)
def test_a_sum_is_worth_what_its_parts_are(kinds: list[Qualifier], worth: Qualifier) -> None:
    found = total([fig(10, qualifier=kind) for kind in kinds])
    assert found == Total(10 * len(kinds), Unit.PEOPLE, worth, len(kinds), 0)


@pytest.mark.parametrize(
    "pair", [(Unit.PEOPLE, Unit.PERSON_TIMES), (Unit.ENTERPRISES, Unit.ENTERPRISE_TIMES), (Unit.PEOPLE, None)]
)
def test_different_units_are_not_added(pair: tuple[Unit | None, Unit | None]) -> None:
    figures = [fig(1, unit) for unit in pair]
    with pytest.raises(MixedFigures):
        total(figures)
    assert {unit: one.value for unit, one in totals(figures).items()} == dict.fromkeys(pair, 1)


def test_the_refusal_names_the_units() -> None:
    with pytest.raises(MixedFigures) as caught:
        total([fig(7580, Unit.PEOPLE), fig(49000, Unit.PERSON_TIMES)])
    assert caught.value.message.english == "people and person-times are not added together"


@pytest.mark.parametrize("other", [kind for kind in Q if kind != Q.PLANNED])
def test_a_plan_is_not_added_to_what_happened(other: Qualifier) -> None:
    with pytest.raises(MixedFigures, match="Planned and actual"):
        total([fig(15000, qualifier=Q.PLANNED), fig(14, qualifier=other)])


@pytest.mark.parametrize("unit", [Unit.PERCENT, Unit.YUAN_PER_MONTH])
def test_shares_and_averages_have_no_sum(unit: Unit) -> None:
    assert total([fig(17, unit)]).value == 17
    with pytest.raises(MixedFigures, match="Shares and averages"):
        total([fig(17, unit), fig(20, unit)])


def test_what_is_missing_makes_a_sum_the_least_there_was() -> None:
    assert total([fig(10), fig(None), fig(5)]) == Total(15, Unit.PEOPLE, Q.AT_LEAST, 3, 1)
    assert total([fig(10, qualifier=Q.APPROX), fig(None)]).qualifier == Q.APPROX


def test_the_sum_of_nothing_is_not_zero() -> None:
    assert total([]).value is None
    assert total([fig(None)]) == Total(None, Unit.PEOPLE, Q.EXACT, 1, 1)


def test_parts_of_a_unit_are_added_exactly() -> None:
    tenths = [fig(Decimal("0.1"), Unit.TEN_THOUSAND_YUAN)] * 3
    assert total(tenths).value == Decimal("0.3")
