"""Which months the overview looks at, and what it compares them with."""

from datetime import date

import pytest

from registry.dashboards.cut import Cut
from registry.dashboards.metrics.asking import BEGINNING
from registry.dashboards.overview.periods import Period, Span, named, period_of, read_month

DAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("span", "months"),
    [
        (Span.ALL, (BEGINNING, 202611)),
        (Span.MONTH, (202611, 202611)),
        (Span.QUARTER, (202610, 202611)),
        (Span.YEAR, (202601, 202611)),
    ],
)
def test_what_still_runs_ends_with_the_present_month(span: Span, months: tuple[int, int]) -> None:
    assert period_of(span, DAY) == Period(span, *months)


@pytest.mark.parametrize(
    ("given", "months"),
    [
        ((202303, 202305), (202303, 202305)),
        ((202305, 202303), (202303, 202305)),
        ((202303, 0), (202303, 202611)),
        ((0, 202305), (BEGINNING, 202305)),
    ],
)
def test_months_chosen(given: tuple[int, int], months: tuple[int, int]) -> None:
    assert period_of(Span.CUSTOM, DAY, *given) == Period(Span.CUSTOM, *months)


@pytest.mark.parametrize("given", [(202303, 230001), (100001, 202303), (200001, 202303)])
def test_months_that_make_no_sense_are_no_choice(given: tuple[int, int]) -> None:
    assert period_of(Span.CUSTOM, DAY, *given).span is Span.ALL


def test_months_of_this_year_are_called_so() -> None:
    chosen = period_of(Span.CUSTOM, DAY, 202601, 202611)
    assert named(chosen, DAY).span is Span.YEAR
    assert named(period_of(Span.CUSTOM, DAY, 202602, 202611), DAY).span is Span.CUSTOM


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (period_of(Span.ALL, DAY), (BEGINNING, 202511)),
        (period_of(Span.YEAR, DAY), (202501, 202511)),
        (period_of(Span.QUARTER, DAY), (202608, 202609)),
        (period_of(Span.MONTH, DAY), (202610, 202610)),
        (period_of(Span.CUSTOM, DAY, 202303, 202305), (202212, 202302)),
    ],
)
def test_like_is_compared_with_like(period: Period, before: tuple[int, int]) -> None:
    cut = Cut(period.first, period.last, locality="210300")
    assert period.compared(cut) == Cut(*before, locality="210300")


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2023-03", 202303),
        (" 2023年3月 ", 202303),
        ("2023/12", 202312),
        ("202303", 202303),
        ("2023-13", 0),
        ("23-03", 0),
        ("2023-03-18", 0),
        ("", 0),
        ("三月", 0),
    ],
)
def test_months_as_people_write_them(text: str, month: int) -> None:
    assert read_month(text) == month
