"""A year's arrangement as lines."""

from datetime import date

import pytest

from registry.core.errors import Invalid
from registry.organisations.arrangement import DayChange, ExceptionDay, differences, digest, read, write
from registry.organisations.models import WorkdayKind

NEW_YEAR = ExceptionDay(WorkdayKind.HOLIDAY, "元旦")
MAKE_UP = ExceptionDay(WorkdayKind.WORKDAY, "元旦")


def problems(text: str, year: int = 2027) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(year, text)
    assert set(caught.value.fields) == {"lines"}
    return [one.english if not isinstance(one, str) else one for one in caught.value.fields["lines"]]


def test_lines_are_read() -> None:
    days = read(2027, "2027-01-01 放假 元旦\r\n\n  2027-01-03\t上班\t元旦  ")
    assert days == {date(2027, 1, 1): NEW_YEAR, date(2027, 1, 3): MAKE_UP}


@pytest.mark.parametrize(
    "line",
    [
        "20270101 放假 元旦",
        "2027年1月1日　放假　元旦",
        "2027.1.1,休,元旦",
        "2027/1/1、放假、元旦",
        "2027-01-01 Holiday 元旦",
    ],
)
def test_lines_as_people_write_them(line: str) -> None:
    assert read(2027, line) == {date(2027, 1, 1): NEW_YEAR}


def test_the_festival_may_be_left_out() -> None:
    assert read(2027, "2027-01-01 放假") == {date(2027, 1, 1): ExceptionDay(WorkdayKind.HOLIDAY, "")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("元旦", "Line 1: write it like"),
        ("2027-01-01", "Line 1: write it like"),
        ("2027-13-01 放假", "does not exist"),
        ("2026-12-31 放假 元旦", "2026-12-31 belongs to another year"),
        ("2027-01-01 调休 元旦", "write 放假 for a day off"),
        ("2027-01-04 上班 元旦", "no Saturday or Sunday"),
        (f"2027-01-01 放假 {'节' * 41}", "at most 40 characters"),
        ("2027-01-01 放假\n2027-01-01 放假", "Line 2: this day is named twice"),
        (" \n ", "at least one day"),
        ("\n".join(["2027-01-01 放假"] * 121), "At most 120 lines"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_line(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


def test_every_wrong_line_is_told() -> None:
    assert [problem[:6] for problem in problems("一\n2027-01-01 放假\n二")] == ["Line 1", "Line 3"]


def test_what_is_written_is_read_again() -> None:
    days = {date(2027, 1, 3): MAKE_UP, date(2027, 1, 1): NEW_YEAR}
    assert write(days) == "2027-01-01 放假 元旦\n2027-01-03 上班 元旦"
    assert read(2027, write(days)) == days


def test_differences_day_by_day() -> None:
    first, second, third = date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)
    before = {first: NEW_YEAR, second: NEW_YEAR, third: NEW_YEAR}
    after = {first: NEW_YEAR, third: MAKE_UP}
    assert differences(before, after) == [DayChange(second, NEW_YEAR, None), DayChange(third, NEW_YEAR, MAKE_UP)]
    assert differences({}, {first: NEW_YEAR}) == [DayChange(first, None, NEW_YEAR)]


def test_a_preview_is_of_one_source_and_one_set_of_days() -> None:
    days = {date(2027, 1, 1): NEW_YEAR}
    assert digest("甲", days) == digest("甲", dict(days))
    assert len({digest("甲", days), digest("乙", days), digest("甲", {date(2027, 1, 1): MAKE_UP})}) == 3
