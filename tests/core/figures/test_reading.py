"""Figures are read as people write them, and doubtful ones are asked about."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.core.figures.kinds import Number, Qualifier, Unit
from registry.core.figures.numerals import POWERS
from registry.core.figures.reading import BadFigure, read_figure

Q = Qualifier
CERTAIN: list[tuple[str, Number, Qualifier, Unit | None]] = [
    ("1,637", 1637, Q.EXACT, None),
    ("１６３７", 1637, Q.EXACT, None),
    ("１，６３７家次", 1637, Q.EXACT, Unit.ENTERPRISE_TIMES),
    ("202家企业", 202, Q.EXACT, Unit.ENTERPRISES),
    ("6.24万", 62400, Q.ROUNDED, None),
    ("6.24 万个", 62400, Q.ROUNDED, Unit.ITEMS),
    ("4.9万人次", 49000, Q.ROUNDED, Unit.PERSON_TIMES),
    ("1.5亿", 150_000_000, Q.ROUNDED, None),
    ("3千万", 30_000_000, Q.ROUNDED, None),
    ("10万余", 100_000, Q.AT_LEAST, None),
    ("10余万人次", 100_000, Q.AT_LEAST, Unit.PERSON_TIMES),
    ("10万+", 100_000, Q.AT_LEAST, None),
    ("100+", 100, Q.AT_LEAST, None),
    ("100+家", 100, Q.AT_LEAST, Unit.ENTERPRISES),
    ("200多", 200, Q.AT_LEAST, None),
    ("3万多家", 30_000, Q.AT_LEAST, Unit.ENTERPRISES),
    ("百余", 100, Q.AT_LEAST, None),
    ("上千家", 1000, Q.AT_LEAST, Unit.ENTERPRISES),
    ("不少于2场", 2, Q.AT_LEAST, Unit.EVENTS),
    ("2场以上", 2, Q.AT_LEAST, Unit.EVENTS),
    ("≥100", 100, Q.AT_LEAST, None),
    ("more than 100,000", 100_000, Q.AT_LEAST, None),
    ("至多5", 5, Q.AT_MOST, None),
    ("不超过30%", 30, Q.AT_MOST, Unit.PERCENT),
    ("约200", 200, Q.APPROX, None),
    ("100人左右", 100, Q.APPROX, Unit.PEOPLE),
    ("十来个", 10, Q.APPROX, Unit.ITEMS),
    ("近百", 100, Q.NEARLY, None),
    ("近20", 20, Q.NEARLY, None),
    ("近10万", 100_000, Q.NEARLY, None),
    ("nearly a hundred", 100, Q.NEARLY, None),
    ("nearly 100 intentions", 100, Q.NEARLY, Unit.INTENTIONS),
    ("计划1.5万场", 15000, Q.PLANNED, Unit.EVENTS),
    ("15,000 events (planned)", 15000, Q.PLANNED, Unit.EVENTS),
    ("38.1（推算）", Decimal("38.1"), Q.DERIVED, None),
    ("三百二十", 320, Q.EXACT, None),
    ("一千", 1000, Q.EXACT, None),
    ("一千零二十", 1020, Q.EXACT, None),
    ("一万零二", 10002, Q.EXACT, None),
    ("一亿二千万", 120_000_000, Q.ROUNDED, None),
    ("壹佰贰拾", 120, Q.EXACT, None),
    ("十五", 15, Q.EXACT, None),
    ("两", 2, Q.EXACT, None),
    ("零", 0, Q.EXACT, None),
    ("17.4%", Decimal("17.4"), Q.EXACT, Unit.PERCENT),
    ("１００％", 100, Q.EXACT, Unit.PERCENT),
    ("百分之十七", 17, Q.EXACT, Unit.PERCENT),
    ("50万元", 50, Q.EXACT, Unit.TEN_THOUSAND_YUAN),
    ("1.5亿元", 150_000_000, Q.ROUNDED, Unit.YUAN),
    ("1万元/月", 10_000, Q.ROUNDED, Unit.YUAN_PER_MONTH),
    ("3 person-times", 3, Q.EXACT, Unit.PERSON_TIMES),
    ("24,365", 24365, Q.EXACT, None),
]


@pytest.mark.parametrize(("text", "value", "qualifier", "unit"), CERTAIN, ids=[row[0] for row in CERTAIN])
def test_what_is_certain_is_read(text: str, value: Number, qualifier: Qualifier, unit: Unit | None) -> None:
    read = read_figure(text)
    assert (read.value, read.qualifier, read.unit, read.doubts) == (value, qualifier, unit, ())
    assert not read.needs_check
    assert read.as_reported == text
    assert type(read.value) is type(value)


@pytest.mark.parametrize(
    "text",
    ["数十", "几十", "十几", "数百家", "若干", "多家", "20-30", "２０～３０家", "2至3万", "七八百", "三五个",
     "一百二", "一万二", "一亿二万", "二〇二三", "007", "1,63", "1 637", "1万2千", "24365", "65,438+10,000"],
)  # fmt: skip
def test_what_is_doubtful_has_no_value(text: str) -> None:
    read = read_figure(text)
    assert read.value is None
    assert len(read.doubts) == 1
    assert read.needs_check


@pytest.mark.parametrize(
    ("text", "value"), [("百家", 100), ("千万", 10**7), ("2023年", 2023), ("近10余", 10), ("计划约1.5万场", 15000)]
)
def test_what_may_mean_something_else_is_marked(text: str, value: int) -> None:
    read = read_figure(text)
    assert read.value == value
    assert read.needs_check


@pytest.mark.parametrize(
    "text",
    ["", " ", "—", "百校千企", "百万学子", "百城千企", "万企进校园", "千人计划", "第三期", "2022届",
     "百日冲刺", "2023-03-18", "abc", "约", "家", "+", "1.2.3", "5.", "一式四份", "10²", "①", "0x10", "1e5",
     "__import__('os')", "1+1+1", "3*4", "\ud800",
     "9" * 12, "1.23456", "1" * 61],
)  # fmt: skip
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(BadFigure) as caught:
        read_figure(text)
    assert caught.value.message.english


def test_a_refusal_says_what_to_write_and_what_is_wrong() -> None:
    with pytest.raises(BadFigure) as caught:
        read_figure("很热闹")
    assert "很热闹 is not a figure; write it like 1,637" in caught.value.message.english
    with pytest.raises(BadFigure) as caught:
        read_figure("－5")
    assert caught.value.message.english == "A figure cannot be negative"


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("65,438+10,000", "100,000 / 10,000 / 110,000"),
        ("more than 65,438＋10,000", "100,000 / 10,000 / 110,000"),
        ("65438+00万余", "10万 / 0万"),
        ("65438+05", "15 / 5"),
        ("12+30", "are 30;"),
    ],
)
def test_two_numbers_with_a_plus_are_never_added(text: str, readings: str) -> None:
    read = read_figure(text)
    assert read.value is None
    assert readings in read.doubts[0].english
    assert "confirm with the source" in read.doubts[0].english


def test_a_sign_is_kept_where_the_number_is_in_doubt() -> None:
    assert read_figure("more than 65,438+10,000").qualifier == Q.AT_LEAST
    assert read_figure("数十").qualifier == Q.APPROX


def test_the_column_knows_the_unit_where_the_text_does_not() -> None:
    assert read_figure("近百", Unit.INTENTIONS).unit == Unit.INTENTIONS
    assert read_figure("近百项", Unit.INTENTIONS).unit == Unit.INTENTIONS
    assert read_figure("近百项").unit == Unit.MATTERS
    assert read_figure("5,459个", Unit.POSITIONS) == read_figure("5,459个", Unit.POSITIONS)
    assert read_figure("5,459个", Unit.POSITIONS).doubts == ()


def test_another_unit_than_the_columns_is_kept_and_asked_about() -> None:
    read = read_figure("7,580人", Unit.PERSON_TIMES)
    assert (read.value, read.unit) == (7580, Unit.PEOPLE)
    assert read.doubts[0].english == "This is counted in people, but person-times are asked for"


def test_half_a_person_is_asked_about_and_half_a_per_cent_is_not() -> None:
    assert read_figure("1.5人").doubts
    assert not read_figure("1.5%").doubts
    assert not read_figure("1.5").doubts


def chinese(number: int) -> str:
    """A number below 100,000,000 in Chinese, by the school book's rule."""
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return f"{_below_ten_thousand(high)}万{gap}{_below_ten_thousand(low)}"
    return _below_ten_thousand(low)


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for sign in ("千", "百", "十", ""):
        digit = number // POWERS.get(sign, 1) % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + sign
        gap = not digit
    return text


@given(st.integers(1, 99_999_999))
@example(10_010)
@example(1_010_101)
@example(20_000_002)
def test_a_number_in_chinese_is_that_number(number: int) -> None:
    assert read_figure(chinese(number)).value == number


PIECES = st.sampled_from(
    [
        *"0123456789,.+-~ 零一二两三四五六七八九十百千万亿余多近约数几个家次人场%（）()至上",
        "不少于",
        "计划",
        "65,438",
        "万元",
        "百分之",
    ]
)


@given(st.one_of(st.text(max_size=70), st.lists(PIECES, max_size=9).map("".join)))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        read = read_figure(text)
    except BadFigure:
        return
    assert read.value is None or read.value >= 0
    assert read.value is not None or read.doubts
    assert all(doubt.english for doubt in read.doubts)
