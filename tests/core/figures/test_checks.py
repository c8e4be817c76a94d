"""A part is never more than its whole; shares and averages of what is known."""

from decimal import Decimal

import pytest

from registry.core.figures.checks import PARTS, PartOf, check_parts, per, refusals, share
from registry.core.figures.kinds import Number, Qualifier
from registry.core.figures.reading import ReadFigure
from registry.core.i18n import Message, msg

Q = Qualifier
NAMES: dict[str, Message | str] = {"positions": msg("positions"), "positions_over_10k": "positions above 10,000 yuan"}


def fig(value: Number | None, qualifier: Qualifier = Q.EXACT) -> ReadFigure:
    return ReadFigure(value, qualifier, None, "")


def test_the_fair_of_2023_holds_together() -> None:
    assert check_parts({"positions": fig(5459), "positions_over_10k": fig(949), "employers": fig(202)}, NAMES) == []
    assert share(949, 5459) == Decimal("17.4")
    assert per(5459, 202) == Decimal("27.0")


def test_6000_of_5459_are_refused_with_both_numbers() -> None:
    found = check_parts({"positions": fig(5459), "positions_over_10k": fig(6000)}, NAMES)
    sentences = [str(one) for one in refusals(found)["positions_over_10k"]]
    assert len(sentences) == 1
    assert "6,000" in sentences[0]
    assert "5,459" in sentences[0]
    assert "positions above 10,000 yuan" in sentences[0]


@pytest.mark.parametrize(
    ("part", "whole", "outcome"),
    [
        (fig(100), fig(100), "fine"),
        (fig(100), fig(None), "fine"),
        (fig(None), fig(100), "fine"),
        (fig(101), fig(100), "refused"),
        (fig(101, Q.AT_LEAST), fig(100, Q.AT_MOST), "refused"),
        (fig(100, Q.NEARLY), fig(95), "doubted"),
        (fig(6000), fig(5459, Q.AT_LEAST), "doubted"),
        (fig(62_450), fig(62_400, Q.ROUNDED), "doubted"),
        (fig(200, Q.PLANNED), fig(100, Q.PLANNED), "refused"),
        (fig(200, Q.PLANNED), fig(100), "fine"),
        (fig(200), fig(100, Q.PLANNED), "fine"),
    ],
)
def test_only_what_is_sure_is_refused(part: ReadFigure, whole: ReadFigure, outcome: str) -> None:
    found = check_parts({"few": part, "many": whole}, {}, [PartOf("few", "many")])
    assert ["refused" if one.refuses else "doubted" for one in found] == ([] if outcome == "fine" else [outcome])


def test_a_rule_that_is_only_usual_doubts() -> None:
    found = check_parts({"onboarded": fig(8), "retained_6m": fig(9)}, {})
    assert [(one.field, one.refuses) for one in found] == [("retained_6m", False)]
    assert refusals(found) == {}


def test_nothing_is_negative() -> None:
    found = check_parts({"employers": fig(-1)}, {})
    assert [one.english for one in refusals(found)["employers"] if not isinstance(one, str)] == [
        "A figure cannot be negative"
    ]


def test_a_figure_that_is_not_there_says_nothing() -> None:
    assert check_parts({"positions": None, "positions_over_10k": fig(1)}, NAMES) == []


def test_no_rule_goes_in_a_circle() -> None:
    wholes = {rule.part: rule.whole for rule in PARTS}
    assert len(wholes) == len(PARTS)
    for start in wholes:
        seen = {start}
        while (start := wholes.get(start, "")) != "":
            assert start not in seen
            seen.add(start)


@pytest.mark.parametrize("ratio", [share, per])
@pytest.mark.parametrize(("few", "many"), [(None, 1), (1, None), (1, 0), (None, None)])
def test_a_ratio_needs_both_numbers(ratio: object, few: int | None, many: int | None) -> None:
    assert callable(ratio)
    assert ratio(few, many) is None


@pytest.mark.parametrize(
    ("few", "many", "expected"),
    [(0, 5, "0.0"), (1, 8, "12.5"), (1, 800, "0.1"), (1, 2000, "0.1"), (4557, 6751, "67.5")],
)
def test_shares_are_rounded_half_up(few: int, many: int, expected: str) -> None:
    assert share(few, many) == Decimal(expected)


def test_averages_of_the_stories() -> None:
    assert per(62400, 1637) == Decimal("38.1")
    assert per(1637, 10) == Decimal("163.7")
