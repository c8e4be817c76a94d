"""What is expected by a day; no database."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from registry.commitments.curves import RECRUITMENT, expected, fits
from registry.commitments.enums import Curve
from registry.tasks import lights

FIRST, LAST = date(2025, 12, 31), date(2026, 12, 31)  # through every day of 2026
PARTS = sum(RECRUITMENT) + 1  # the promotion week is one more
AUTUMN = (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0)


def seasonal(month: int, day: int) -> Fraction:
    return expected(Curve.SEASONAL, (), FIRST, LAST, date(2026, month, day))


@pytest.mark.parametrize("curve", list(Curve))
@pytest.mark.parametrize("starts_on", [date(2026, 1, 1), date(2026, 9, 1), date(2024, 2, 29)])
def test_every_curve_rises_from_nothing_to_all(curve: Curve, starts_on: date) -> None:
    due_on = starts_on + timedelta(days=364)
    shares = [expected(curve, AUTUMN, starts_on, due_on, starts_on + timedelta(days=n)) for n in range(-1, 367)]
    assert shares[:2] == [0, 0]
    assert shares[-3:] == [1, 1, 1]
    assert shares == sorted(shares)


def test_a_straight_line_is_that_of_tasks() -> None:
    day = date(2026, 8, 15)
    assert (
        expected(Curve.LINEAR, AUTUMN, FIRST, LAST, day) == lights.expected(1, FIRST, LAST, day) == Fraction(227, 365)
    )


@pytest.mark.parametrize(
    ("month", "day", "parts"),
    [
        (1, 31, 1),
        (2, 28, 2),
        (3, 31, 5),
        (4, 30, 8),
        (5, 31, 10 + Fraction(6, 7)),  # one day of the week is the first of June
        (6, 30, 12),
        (7, 31, 12),
        (8, 31, 12),  # nothing is asked in summer
        (9, 30, 16),
        (11, 30, 24),
        (12, 31, 25),
    ],
)
def test_recruitment_has_its_seasons(month: int, day: int, parts: Fraction) -> None:
    assert seasonal(month, day) == Fraction(parts) / PARTS


def test_the_promotion_week_counts_by_its_days() -> None:
    day = Fraction(2, 31)
    before, first = seasonal(5, 25) - seasonal(5, 24), seasonal(5, 26) - seasonal(5, 25)
    assert before == day / PARTS
    assert first == (day + Fraction(1, 7)) / PARTS


def test_autumn_and_spring_carry_more_than_two_thirds_of_the_year() -> None:
    spring, autumn = seasonal(5, 31) - seasonal(2, 28), seasonal(11, 30) - seasonal(8, 31)
    assert spring + autumn > Fraction(2, 3)
    assert autumn > spring


def test_own_weights_lie_on_their_months() -> None:
    def own(month: int, day: int) -> Fraction:
        return expected(Curve.CUSTOM, AUTUMN, FIRST, LAST, date(2026, month, day))

    assert own(8, 31) == 0
    assert own(9, 15) == Fraction(1, 6)
    assert own(10, 31) == Fraction(2, 3)
    assert own(11, 30) == own(12, 31) == 1


def test_weights_of_a_term_of_years_come_again_each_year() -> None:
    def own(year: int) -> Fraction:
        return expected(Curve.CUSTOM, AUTUMN, date(2022, 12, 31), date(2025, 12, 31), date(year, 12, 31))

    assert [own(2023), own(2024), own(2025)] == [Fraction(1, 3), Fraction(2, 3), 1]


@pytest.mark.parametrize(
    ("curve", "weights"), [(Curve.SEASONAL, ()), (Curve.CUSTOM, AUTUMN), (Curve.CUSTOM, ()), (Curve.CUSTOM, (0,) * 12)]
)
def test_a_period_without_any_weight_is_a_straight_line(curve: Curve, weights: tuple[int, ...]) -> None:
    first = date(2026, 7, 1)
    assert expected(curve, weights, first, date(2026, 7, 31), date(2026, 7, 16)) == Fraction(1, 2)


def test_what_may_be_weights() -> None:
    assert fits(AUTUMN)
    assert not any(fits(one) for one in ((), (1,) * 11, (0,) * 12, (-1, 2, *AUTUMN[2:])))
