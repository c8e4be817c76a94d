"""What the text of a figure means for its code, and what is computed of figures: pure rules."""

from decimal import Decimal

import pytest

from registry.activities.enums import ActivityKind
from registry.activities.figure_codes import MEANINGS, FigureCode
from registry.activities.inputs import FigureLine
from registry.activities.ratios import ratios
from registry.activities.reading import as_planned, read, read_line
from registry.core.figures.kinds import Qualifier, Unit
from registry.core.figures.reading import BadFigure, ReadFigure
from registry.core.figures.showing import figure_text

from .fairs import STORY

FAIR, SERIES = ActivityKind.JOB_FAIR, ActivityKind.SERIES


def story(**texts: str) -> dict[FigureCode, ReadFigure]:
    given = STORY | {FigureCode(code): text for code, text in texts.items()}
    return {code: read(code, text, FAIR) for code, text in given.items()}


@pytest.mark.parametrize(
    ("code", "text", "kind", "value", "unit"),
    [
        ("employers", "202", FAIR, 202, Unit.ENTERPRISES),
        ("employers", "1,637", SERIES, 1637, Unit.ENTERPRISE_TIMES),
        ("employers", "1,637家", SERIES, 1637, Unit.ENTERPRISES),
        ("employers", "30家次", FAIR, 30, Unit.ENTERPRISE_TIMES),
        ("on_site", "7,580", FAIR, 7580, Unit.PEOPLE),
        ("on_site", "7,580人次", FAIR, 7580, Unit.PERSON_TIMES),
        ("online_viewers", "4.9万", FAIR, 49_000, Unit.PERSON_TIMES),
        ("positions", "6.24万个", SERIES, 62_400, Unit.POSITIONS),
        ("cooperation_intentions", "近百", FAIR, 100, Unit.INTENTIONS),
        ("cities", "14个", FAIR, 14, Unit.ITEMS),
        ("headcount", "3万人", FAIR, 30_000, Unit.PEOPLE),
    ],
)
def test_each_code_has_its_unit(code: str, text: str, kind: ActivityKind, value: int, unit: Unit) -> None:
    found = read(FigureCode(code), text, kind)
    assert (found.value, found.unit, found.doubts) == (value, unit, ())


def test_positions_are_not_headcount() -> None:
    found = read(FigureCode.POSITIONS, "3万人", FAIR)
    assert found.needs_check
    assert FigureCode.POSITIONS.units != FigureCode.HEADCOUNT.units


def test_a_damaged_text_is_never_added_up() -> None:
    alone = read_line(FigureLine(FigureCode.PARTICIPANTS, "65,438+10,000"), SERIES)
    assert (alone.value, alone.as_reported, alone.needs_check) == (None, "65,438+10,000", True)
    read_as = read_line(FigureLine(FigureCode.PARTICIPANTS, "65,438+10,000", reading="10万余"), SERIES)
    assert (read_as.value, read_as.qualifier) == (100_000, Qualifier.AT_LEAST)
    assert (read_as.as_reported, read_as.needs_check) == ("65,438+10,000", True)


def test_what_was_read_elsewhere_gets_the_codes_unit() -> None:
    given = ReadFigure(10, Qualifier.DERIVED, None, "")
    assert read_line(FigureLine(FigureCode.UNIVERSITIES, read=given), SERIES).unit is Unit.SCHOOLS


@pytest.mark.parametrize("text", ["百校千企", "2023年3月18日", "-5", "", "很多人"])
def test_names_and_words_are_no_figures(text: str) -> None:
    with pytest.raises(BadFigure):
        read_line(FigureLine(FigureCode.POSITIONS, text), FAIR)


def test_the_sign_stands_with_the_figure() -> None:
    assert figure_text(read(FigureCode.COOPERATION_INTENTIONS, "近百", FAIR), "zh") == "近100项"
    assert figure_text(as_planned(read(FigureCode.ACTIVITIES, "15,000", SERIES)), "zh") == "15,000场（计划）"


def test_shares_and_averages_are_computed() -> None:
    shown = {one.label.key: (one.value, str(one.text.key), one.is_sure) for one in ratios(story())}
    assert shown == {
        "Share of positions above 10,000 yuan a month": (Decimal("17.4"), "17.4%", True),
        "Positions per employer": (Decimal("27.0"), "27.0 positions / enterprise", True),
    }


def test_what_is_not_exact_is_said() -> None:
    series = {
        FigureCode.POSITIONS: read(FigureCode.POSITIONS, "6.24万", SERIES),
        FigureCode.EMPLOYERS: read(FigureCode.EMPLOYERS, "1,637", SERIES),
        FigureCode.ACTIVITIES: read(FigureCode.ACTIVITIES, "10", SERIES),
    }
    texts = [getattr(one.text, "zh", "") for one in ratios(series)]
    assert texts == ["约38.1个/家次", "163.7家次/场"]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"intentions": "300", "on_site": "7,580人次"}, "Employment intentions among those on site"),
        ({"positions": "计划5,459"}, "Positions per employer"),
        ({"employers": "若干"}, "Positions per employer"),
    ],
)
def test_what_does_not_belong_together_has_no_ratio(changes: dict[str, str], missing: str) -> None:
    assert missing not in {one.label.key for one in ratios(story(**changes))}


def test_people_against_people_have_a_share() -> None:
    shown = {one.label.key: one.value for one in ratios(story(intentions="758人"))}
    assert shown["Employment intentions among those on site"] == Decimal("10.0")


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(FigureCode)
