"""Whole months as they stand in an address."""

import pytest

from registry.core.i18n import speaking
from registry.records.months import Months, read_months


@pytest.mark.parametrize(
    ("text", "months", "shown"),
    [
        ("202303-202305", Months(202303, 202305), "2023-03 to 2023-05"),
        ("202303-202303", Months(202303, 202303), "In 2023-03"),
        ("202303-", Months(202303), "Since 2023-03"),
        ("-202305", Months(0, 202305), "Until 2023-05"),
    ],
)
def test_months_of_an_address(text: str, months: Months, shown: str) -> None:
    assert read_months(text) == months
    assert str(months) == text
    with speaking("en"):
        assert str(months.label) == shown


@pytest.mark.parametrize("text", ["", "-", "2023-03", "202313-", "202300-", "202305-202303", "194801-", "000001-", "x"])
def test_what_cannot_be_read_narrows_nothing(text: str) -> None:
    assert read_months(text) is None
