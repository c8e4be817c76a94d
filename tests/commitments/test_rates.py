"""Shares and rates; no database."""

from datetime import date
from decimal import Decimal

import pytest

from registry.commitments.enums import Comparator, Measure, PeriodState
from registry.commitments.rates import Tally, in_percent, is_due, share, tally

LEAST, MOST, EXACTLY = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EXACTLY


@pytest.mark.parametrize(
    ("value", "target", "measure", "comparator", "expected"),
    [
        (1, 2, Measure.COUNT, LEAST, "0.5"),
        (2, 2, Measure.COUNT, LEAST, "1"),
        (5, 2, Measure.COUNT, LEAST, "1"),  # more than was promised makes up for nothing else
        (None, 2, Measure.COUNT, LEAST, "0"),
        (0, 0, Measure.COUNT, LEAST, "1"),
        (2, 3, Measure.COUNT, LEAST, "0.666666"),
        (Decimal("999999.99"), 1_000_000, Measure.AMOUNT, LEAST, "0.999999"),
        (Decimal("45.5"), 91, Measure.PERCENT, LEAST, "0.5"),
        (5, 10, Measure.PERCENT, MOST, "1"),
        (10, 10, Measure.PERCENT, MOST, "1"),
        (20, 10, Measure.PERCENT, MOST, "0.5"),
        (3, 0, Measure.COUNT, MOST, "0"),
        (0, 0, Measure.COUNT, MOST, "1"),
        (None, 10, Measure.COUNT, MOST, "0"),  # nobody said that it was kept
        (2, 4, Measure.COUNT, EXACTLY, "0.5"),
        (4, 4, Measure.COUNT, EXACTLY, "1"),
        (8, 4, Measure.COUNT, EXACTLY, "0.5"),
        (1, 1, Measure.BOOLEAN, LEAST, "1"),
        (1, 1, Measure.BOOLEAN, MOST, "1"),
        (0, 1, Measure.BOOLEAN, LEAST, "0"),
        (-1, 2, Measure.COUNT, LEAST, "0"),
    ],
)
def test_share_of_a_target(
    value: Decimal | None, target: int, measure: Measure, comparator: Comparator, expected: str
) -> None:
    given = None if value is None else Decimal(value)
    assert share(given, Decimal(target), measure, comparator) == Decimal(expected)


def test_the_rate_is_the_mean_of_what_was_verified_with_the_reported_one_beside_it() -> None:
    shares = [(Decimal(1), Decimal(1)), (Decimal("0.5"), Decimal(1)), (Decimal(0), Decimal("0.4"))]
    found = tally(shares)
    assert (found.rate, found.reported_rate) == (Decimal("0.5"), Decimal("0.8"))
    assert found == tally(shares[:1]) + tally(shares[1:])


def test_nothing_due_is_no_rate() -> None:
    assert tally([]) == Tally()
    assert Tally().rate is None
    assert in_percent(Tally().rate) == in_percent(Tally().reported_rate) == "—"


@pytest.mark.parametrize(
    ("state", "closed", "due_on", "counts"),
    [
        (PeriodState.SCHEDULED, False, date(2026, 6, 30), True),
        (PeriodState.SCHEDULED, False, date(2026, 7, 1), False),
        (PeriodState.MET, False, date(2026, 7, 1), False),
        (PeriodState.MET, True, date(2026, 7, 1), True),
        (PeriodState.DISPUTED, False, date(2026, 6, 30), True),
        (PeriodState.WAIVED, False, date(2026, 6, 30), False),
        (PeriodState.WAIVED, True, date(2026, 6, 30), False),
        (PeriodState.CANCELLED, True, date(2026, 6, 30), False),
    ],
)
def test_what_is_due(state: PeriodState, closed: bool, due_on: date, counts: bool) -> None:
    assert is_due(state, due_on, date(2026, 6, 30), is_closed=closed) is counts


@pytest.mark.parametrize(
    ("rate", "shown"), [("1", "100 %"), ("0.5", "50 %"), ("0.9999", "99.9 %"), ("0.123456", "12.3 %"), ("0", "0 %")]
)
def test_a_rate_in_percent_is_never_rounded_up(rate: str, shown: str) -> None:
    assert in_percent(Decimal(rate)) == shown
