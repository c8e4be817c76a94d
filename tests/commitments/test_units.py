"""Units as an English page says them."""

from decimal import Decimal

import pytest

from registry.agreements.texts.rendering import UNITS_EN
from registry.commitments.units import ONE, USUAL, english


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("次", 1, "time"),
        ("次", 2, "times"),
        ("人", Decimal("1.0000"), "person"),
        ("场", 0, "events"),
        ("场", None, "events"),
        (" 份 ", 1, "copy"),
        ("万元", 1, "10,000 yuan"),
        ("%", 80, "per cent"),
        ("站", 3, ""),
        ("", 3, ""),
    ],
)
def test_of_one_thing_or_of_several(unit: str, value: int | Decimal | None, words: str) -> None:
    assert english(unit, value) == words


def test_knows_the_words_of_the_documents() -> None:
    assert UNITS_EN.items() <= USUAL.items()
    assert set(ONE) <= set(USUAL.values())
