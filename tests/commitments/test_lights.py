"""Lights of periods; thresholds and order are tested with those of tasks. No database."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from registry.commitments.enums import Comparator, Curve, Measure, PeriodState
from registry.commitments.lights import Standing, grows, light_of, meaning, standing_of, turning_days
from registry.organisations.workday_layers import Week
from registry.organisations.workdays import Calendar
from registry.tasks.enums import Light
from registry.tasks.lights import horizon

CALENDAR = Calendar([Week()])
YEAR = Standing(PeriodState.SCHEDULED, date(2026, 1, 1), date(2026, 12, 31), Fraction(0))
HALF = Fraction(1, 2)


def light(standing: Standing, day: date) -> Light | None:
    return light_of(standing, horizon(CALENDAR, day))


@pytest.mark.parametrize(
    ("change", "day", "expected"),
    [
        ({}, date(2025, 12, 31), Light.GREY),
        ({}, date(2026, 1, 1), Light.GREEN),
        ({}, date(2026, 1, 2), Light.RED),  # one day is expected, nothing is done
        ({"done": HALF}, date(2026, 7, 21), Light.GREEN),  # 201/364 expected
        ({"done": HALF}, date(2026, 7, 23), Light.YELLOW),
        ({"done": HALF}, date(2026, 10, 31), Light.YELLOW),  # 303/364
        ({"done": HALF}, date(2026, 11, 1), Light.RED),
        ({"done": Fraction(1)}, date(2026, 12, 16), Light.GREEN),
        ({"done": Fraction(1)}, date(2026, 12, 24), Light.YELLOW),  # five working days left
        ({"done": Fraction(99, 100)}, date(2026, 12, 18), Light.BLUE),
        ({"done": Fraction(1)}, date(2027, 1, 1), Light.RED),  # nobody reported it
        # What was reported waits for the other side.
        ({"done": Fraction(1), "state": PeriodState.SUBMITTED}, date(2027, 1, 1), Light.YELLOW),
        ({"done": HALF, "state": PeriodState.SUBMITTED}, date(2027, 1, 1), Light.RED),
        ({"done": HALF, "state": PeriodState.RETURNED}, date(2027, 1, 1), Light.RED),
        ({"done": HALF, "state": PeriodState.DISPUTED}, date(2027, 1, 1), Light.RED),
        # Verified so far, and in hand again: what was verified counts.
        ({"done": Fraction(1), "state": PeriodState.SCHEDULED}, date(2026, 12, 16), Light.GREEN),
        # Settled: closed before anything else; suspended: grey before red.
        ({"is_closed": True, "state": PeriodState.PARTIALLY_MET}, date(2027, 1, 1), Light.CLOSED),
        ({"is_closed": True, "state": PeriodState.WAIVED}, date(2026, 3, 1), Light.CLOSED),
        ({"is_closed": True, "is_suspended": True}, date(2025, 1, 1), Light.CLOSED),
        ({"is_suspended": True}, date(2027, 1, 1), Light.GREY),
        ({"is_closed": True, "state": PeriodState.CANCELLED}, date(2026, 3, 1), None),
        # A yes, a percentage or a ceiling is asked for at the end.
        ({"grows": False}, date(2026, 11, 30), Light.GREEN),
        ({"grows": False}, date(2026, 12, 18), Light.BLUE),
        ({"grows": False}, date(2026, 12, 31), Light.RED),
    ],
)
def test_light_of_a_period(change: dict[str, object], day: date, expected: Light | None) -> None:
    assert light(replace(YEAR, **change), day) is expected  # type: ignore[arg-type]


def test_a_straight_line_is_red_in_august_where_the_season_is_not() -> None:
    one_of_three, august = replace(YEAR, done=Fraction(1, 3)), date(2026, 8, 31)
    assert light(one_of_three, august) is Light.RED
    assert light(replace(one_of_three, curve=Curve.SEASONAL), august) is Light.YELLOW
    weights = (1, 1, 1, 0, 0, 0, 0, 0, 2, 2, 2, 0)
    assert light(replace(one_of_three, curve=Curve.CUSTOM, weights=weights), august) is Light.GREEN


@pytest.mark.parametrize("curve", list(Curve))
@pytest.mark.parametrize("grown", [True, False])
@pytest.mark.parametrize("done", [Fraction(0), Fraction(1, 3), Fraction(9, 10), Fraction(1)])
@pytest.mark.parametrize("units", [0, 1, 3])
def test_turning_days_say_the_same_as_the_curve(curve: Curve, grown: bool, done: Fraction, units: int) -> None:
    standing = replace(YEAR, done=done, curve=curve, weights=(0,) * 8 + (1,) * 4, grows=grown, units=units)
    behind, far = turning_days(standing)
    for number in range(0, 370, 3):
        day = standing.starts_on + timedelta(days=number)
        assert (behind is not None and day >= behind) == (done < standing.expected(day) * Fraction(9, 10))
        assert (far is not None and day >= far) == (done < standing.expected(day) * Fraction(6, 10))


def test_what_is_counted_is_expected_in_whole_numbers() -> None:
    visit, fairs = replace(YEAR, units=1), replace(YEAR, units=2)
    assert visit.expected(date(2026, 12, 30)) == 0
    assert visit.expected(date(2026, 12, 31)) == 1
    assert light(visit, date(2026, 1, 2)) is Light.GREEN
    assert [fairs.expected(date(2026, 7, day)) for day in (1, 2)] == [0, HALF]
    assert light(fairs, date(2026, 7, 2)) is Light.RED
    assert light(replace(fairs, done=HALF), date(2026, 12, 1)) is Light.GREEN
    assert turning_days(visit) == (visit.due_on, visit.due_on)


def test_what_is_settled_never_turns() -> None:
    assert turning_days(replace(YEAR, state=PeriodState.NOT_MET, is_closed=True)) == (None, None)


@pytest.mark.parametrize(
    ("state", "done"), [(PeriodState.SUBMITTED, 1), (PeriodState.SCHEDULED, HALF), (PeriodState.DISPUTED, HALF)]
)
def test_the_reported_figure_counts_while_it_waits(state: PeriodState, done: Fraction) -> None:
    row = SimpleNamespace(
        state=state, reported=2, verified=1, target=2, starts_on=YEAR.starts_on, due_on=YEAR.due_on, closed_on=None,
        measure=Measure.COUNT, comparator=Comparator.AT_LEAST, curve=Curve.LINEAR, weights=[], paused_on=None,
    )  # fmt: skip
    assert standing_of(row, row) == replace(YEAR, state=state, done=Fraction(done), units=2)


@pytest.mark.parametrize(
    ("measure", "comparator", "adds_up"),
    [
        (Measure.COUNT, Comparator.AT_LEAST, True),
        (Measure.AMOUNT, Comparator.EXACTLY, True),
        (Measure.AMOUNT, Comparator.AT_MOST, False),
        (Measure.PERCENT, Comparator.AT_LEAST, False),
        (Measure.BOOLEAN, Comparator.AT_LEAST, False),
    ],
)
def test_only_counts_and_amounts_grow(measure: Measure, comparator: Comparator, adds_up: bool) -> None:
    assert grows(measure, comparator) is adds_up


def test_every_light_says_what_it_means_of_a_promise() -> None:
    assert len({meaning(light).key for light in Light}) == len(Light)
    assert meaning(Light.RED) is Light.RED.meaning
    assert meaning(Light.GREY) is not Light.GREY.meaning
