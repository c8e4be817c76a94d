"""Lights at every boundary; no database."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from registry.organisations.workday_layers import Week
from registry.organisations.workdays import Calendar
from registry.tasks.enums import Light, SlipColour
from registry.tasks.lights import Horizon, Standing, expected, fitting_slips, horizon, judge

MONDAY = date(2026, 3, 2)


def standing(done: int = 50, expected: Fraction | int = 50, left: int = 11, **rest: bool) -> Standing:
    return Standing(done, expected, left, **rest)


@pytest.mark.parametrize(
    ("given", "light"),
    [
        # The order: closed before grey before red before yellow before blue before green.
        (standing(0, 100, 0, is_closed=True, is_overdue=True, is_started=False), Light.CLOSED),
        (standing(0, 100, 0, is_overdue=True, is_started=False), Light.GREY),
        (standing(100, 100, 0, is_overdue=True), Light.RED),
        (standing(0, 50, 5), Light.RED),
        (standing(44, 50, 5), Light.YELLOW),
        # Red: less than 0.6 of what is expected.
        (standing(29, 50), Light.RED),
        (standing(30, 50), Light.YELLOW),
        (standing(30, Fraction(5001, 100)), Light.RED),
        # Yellow: less than 0.9 of it, or at most five working days.
        (standing(44, 50), Light.YELLOW),
        (standing(45, 50), Light.GREEN),
        (standing(45, Fraction(5001, 100)), Light.YELLOW),
        (standing(99, 100, 5), Light.YELLOW),
        (standing(99, 100, 6), Light.BLUE),
        (standing(100, 100, 5), Light.YELLOW),
        # Blue: at most ten working days, not done.
        (standing(99, 100, 10), Light.BLUE),
        (standing(100, 100, 10), Light.GREEN),
        (standing(99, 100, 11), Light.GREEN),
        # Nothing expected yet.
        (standing(0, 0), Light.GREEN),
        (standing(0, 0, 10), Light.BLUE),
    ],
)
def test_the_first_that_fits(given: Standing, light: Light) -> None:
    assert judge(given) is light


@pytest.mark.parametrize(
    ("day", "share"),
    [(-1, 0), (0, 0), (1, 10), (5, 50), (10, 100), (11, 100)],
)
def test_expected_is_a_straight_line(day: int, share: int) -> None:
    first = date(2026, 3, 1)
    assert expected(100, first, first + timedelta(days=10), first + timedelta(days=day)) == share


def test_expected_is_exact_and_survives_one_day() -> None:
    assert expected(100, MONDAY, date(2026, 3, 9), date(2026, 3, 4)) == Fraction(200, 7)
    assert expected(100, MONDAY, MONDAY, MONDAY) == 0
    assert expected(100, MONDAY, MONDAY, date(2026, 3, 3)) == 0


@pytest.fixture
def sky() -> Horizon:
    return horizon(Calendar([Week()]), MONDAY)


@pytest.mark.parametrize(
    ("due_on", "left"),
    [
        (date(2026, 3, 1), 0),
        (MONDAY, 0),
        (date(2026, 3, 3), 1),
        (date(2026, 3, 7), 4),
        (date(2026, 3, 9), 5),
        (date(2026, 3, 10), 6),
        (date(2026, 3, 16), 10),
        (date(2026, 3, 17), 11),
        (date(2027, 3, 17), 11),
    ],
)
def test_working_days_left(sky: Horizon, due_on: date, left: int) -> None:
    assert sky.left(due_on) == left


@pytest.mark.parametrize(
    ("starts_on", "due_on", "percent", "light"),
    [
        (date(2026, 3, 3), date(2026, 3, 4), 0, Light.GREY),
        (MONDAY, MONDAY, 100, Light.YELLOW),
        (date(2026, 2, 1), date(2026, 3, 1), 100, Light.RED),
        (MONDAY, date(2026, 3, 9), 0, Light.YELLOW),
        (MONDAY, date(2026, 3, 10), 0, Light.BLUE),
        (MONDAY, date(2026, 3, 16), 0, Light.BLUE),
        (MONDAY, date(2026, 3, 17), 0, Light.GREEN),
        (date(2026, 2, 2), date(2026, 3, 30), 29, Light.RED),  # 50 expected
        (date(2026, 2, 2), date(2026, 3, 30), 30, Light.YELLOW),
        (date(2026, 2, 2), date(2026, 3, 30), 45, Light.GREEN),
    ],
)
def test_light_of_a_task(sky: Horizon, starts_on: date, due_on: date, percent: int, light: Light) -> None:
    assert sky.light(starts_on, due_on, percent) is light
    assert sky.light(starts_on, due_on, percent, is_closed=True) is Light.CLOSED


def test_slips_go_no_further_than_the_light() -> None:
    assert fitting_slips(Light.RED) == (SlipColour.RED, SlipColour.YELLOW, SlipColour.BLUE)
    assert fitting_slips(Light.YELLOW) == (SlipColour.YELLOW, SlipColour.BLUE)
    assert fitting_slips(Light.BLUE) == (SlipColour.BLUE,)
    assert all(not fitting_slips(light) for light in (Light.GREEN, Light.GREY, Light.CLOSED))


def test_every_light_has_a_word_and_a_shape_of_its_own() -> None:
    assert len({light.label.key for light in Light}) == len({light.shape for light in Light}) == len(Light)
