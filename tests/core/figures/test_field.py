"""A figure in a form."""

from dataclasses import dataclass

import pytest

from registry.core.errors import Invalid
from registry.core.figures.kinds import Qualifier, Unit
from registry.core.figures.reading import ReadFigure, read_figure
from registry.core.web.figures import Figure
from registry.core.web.schema import REQUIRED, InputSchema, load


@dataclass(frozen=True)
class Fair:
    """What came in."""

    employers: ReadFigure
    intentions: ReadFigure | None


class FairSchema(InputSchema):
    """Two figures."""

    makes = Fair
    employers = Figure(Unit.ENTERPRISES, required=True)
    intentions = Figure(Unit.INTENTIONS, load_default=None)


def test_text_becomes_a_reading() -> None:
    fair = load(FairSchema(), {"employers": "202", "intentions": "近百项"})
    assert fair.employers == ReadFigure(202, Qualifier.EXACT, Unit.ENTERPRISES, "202")
    assert fair.intentions == ReadFigure(100, Qualifier.NEARLY, Unit.INTENTIONS, "近百项")


@pytest.mark.parametrize("empty", ["", " ", "—", "/", "未填报"])
def test_missing_is_none_unless_required(empty: str) -> None:
    assert load(FairSchema(), {"employers": "1", "intentions": empty}).intentions is None
    with pytest.raises(Invalid) as caught:
        load(FairSchema(), {"employers": empty})
    assert caught.value.fields == {"employers": [REQUIRED]}


def test_doubts_are_kept_and_refuse_nothing() -> None:
    fair = load(FairSchema(), {"employers": "35-40"})
    assert fair.employers.value is None
    assert fair.employers.doubts == read_figure("35-40").doubts


@pytest.mark.parametrize("number", [1637, 1637.0])
def test_a_cell_hands_over_numbers(number: float) -> None:
    read = load(FairSchema(), {"employers": number}).employers
    assert (read.value, read.as_reported) == (1637, "1,637")


def test_a_number_that_was_typed_as_one_is_no_name() -> None:
    assert load(FairSchema(), {"employers": 24365}).employers.value == 24365


@pytest.mark.parametrize("wrong", ["很多人", "-5", True, [1], float("nan"), float("inf"), 10**400, 1e-7, {}])
def test_anything_else_is_refused_at_the_field(wrong: object) -> None:
    with pytest.raises(Invalid) as caught:
        load(FairSchema(), {"employers": wrong})
    assert set(caught.value.fields) == {"employers"}
