"""No cell of an export runs."""

import pytest

from registry.core.spreadsheets import defused


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_formulas_become_text(text: str) -> None:
    assert str(defused(text)).startswith("'")


@pytest.mark.parametrize("value", ["鞍山市", "a=b", 12, -3, 1.5, True])
def test_other_values_stay(value: object) -> None:
    assert defused(value) == value


def test_nothing_is_an_empty_cell() -> None:
    assert defused(None) == ""
