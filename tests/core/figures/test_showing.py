"""What is printed carries its sign and reads back as the same."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.core.figures.kinds import TOO_LARGE, WORDS, Number, Qualifier, Unit
from registry.core.figures.reading import ReadFigure, read_figure
from registry.core.figures.showing import figure, figure_text, show_figure
from registry.core.i18n import speaking
from tests.guards.sources import unconnected_app

Q = Qualifier
PRINTED: list[tuple[Number, Unit | None, Qualifier, str, str]] = [
    (1637, Unit.ENTERPRISE_TIMES, Q.EXACT, "1,637家次", "1,637 enterprise visits"),
    (1, Unit.EVENTS, Q.EXACT, "1场", "1 event"),
    (0, Unit.PEOPLE, Q.EXACT, "0人", "0 people"),
    (62400, Unit.POSITIONS, Q.ROUNDED, "6.24万个", "62,400 positions (rounded)"),
    (60000, None, Q.ROUNDED, "6万", "60,000 (rounded)"),
    (150_000_000, Unit.PERSON_TIMES, Q.ROUNDED, "1.5亿人次", "150,000,000 person-times (rounded)"),
    (5000, Unit.PEOPLE, Q.ROUNDED, "5,000人（取整）", "5,000 people (rounded)"),
    (62450, None, Q.ROUNDED, "62,450（取整）", "62,450 (rounded)"),
    (500_000, Unit.YUAN, Q.ROUNDED, "500,000元（取整）", "500,000 yuan (rounded)"),
    (100_000, Unit.PERSON_TIMES, Q.AT_LEAST, "100,000余人次", "more than 100,000 person-times"),
    (2, Unit.EVENTS, Q.AT_LEAST, "不少于2场", "at least 2 events"),
    (80, Unit.PERCENT, Q.AT_LEAST, "不少于80%", "at least 80%"),
    (5, None, Q.AT_MOST, "至多5", "at most 5"),
    (200, Unit.PEOPLE, Q.APPROX, "约200人", "about 200 people"),
    (100, Unit.INTENTIONS, Q.NEARLY, "近100项", "nearly 100 intentions"),
    (15000, Unit.EVENTS, Q.PLANNED, "15,000场（计划）", "15,000 events (planned)"),
    (Decimal("17.4"), Unit.PERCENT, Q.DERIVED, "17.4%（推算）", "17.4% (derived)"),
    (Decimal("1637.0000"), None, Q.EXACT, "1,637", "1,637"),
    (Decimal("1E+3"), None, Q.EXACT, "1,000", "1,000"),
]


@pytest.mark.parametrize(("value", "unit", "qualifier", "zh", "en"), PRINTED, ids=[row[3] for row in PRINTED])
def test_a_figure_carries_its_sign(value: Number, unit: Unit | None, qualifier: Qualifier, zh: str, en: str) -> None:
    assert show_figure(value, unit, qualifier, "zh") == zh
    assert show_figure(value, unit, qualifier, "en") == en


def test_missing_is_a_dash_and_never_zero() -> None:
    assert show_figure(None, Unit.PEOPLE, Q.EXACT, "zh") == "—"
    assert figure_text(None, "en") == "—"


@pytest.mark.parametrize("reported", ["不少于100场", "100场以上", "at least 100"])
def test_a_promise_of_at_least_100_is_not_printed_as_more(reported: str) -> None:
    assert figure_text(read_figure(reported, Unit.EVENTS), "zh") == "不少于100场"
    assert figure_text(read_figure(reported, Unit.EVENTS), "en") == "at least 100 events"


def test_what_is_to_be_checked_says_so_and_shows_how_it_stood() -> None:
    garbled = read_figure("65,438+10,000")
    assert figure_text(garbled, "zh") == "“65,438+10,000”（待核）"
    assert figure_text(garbled, "en") == "“65,438+10,000” (to be confirmed)"


def test_a_row_confirmed_later_is_shown_with_its_number() -> None:
    @dataclass
    class Row:
        value: int = 100_000
        unit: Unit = Unit.PERSON_TIMES
        qualifier: Qualifier = Q.AT_LEAST
        as_reported: str = "more than 65,438+10,000"
        needs_check: bool = True

    assert figure_text(Row(), "zh") == "100,000余人次（待核）"
    assert figure_text(Row(needs_check=False), "zh") == "100,000余人次"


def test_a_template_prints_it_in_the_readers_language() -> None:
    app = unconnected_app()
    read = ReadFigure(100, Q.NEARLY, Unit.INTENTIONS, "近百项")
    template = app.jinja_env.from_string("{{ read|figure }}")
    for language, shown in (("zh", "近100项"), ("en", "nearly 100 intentions")):
        with app.test_request_context(), speaking(language):
            assert template.render(read=read) == shown
    assert figure(read) == "近100项"


def test_labels_are_in_both_languages() -> None:
    for language, unit, qualifier in (("zh", "人次", "推算"), ("en", "person-times", "Derived")):
        with unconnected_app().test_request_context(), speaking(language):
            assert str(Unit.PERSON_TIMES.label) == unit
            assert str(Q.DERIVED.label) == qualifier
    assert set(WORDS) == set(Unit)
    assert all(one.label for one in Qualifier)


@given(
    st.one_of(
        st.integers(0, TOO_LARGE - 1),
        st.decimals(0, 10**6, places=4),
        st.builds(lambda digits, power: digits * 10**power, st.integers(1, 999), st.integers(0, 8)),
    ),
    st.sampled_from([None, *Unit]),
    st.sampled_from(Qualifier),
    st.sampled_from(["zh", "en"]),
)
@example(24365, None, Q.EXACT, "zh")
@example(500_000, Unit.YUAN, Q.ROUNDED, "zh")
@example(1, Unit.TEN_THOUSAND_YUAN, Q.AT_LEAST, "en")
@example(2023, Unit.YEARS, Q.EXACT, "zh")
def test_what_is_printed_reads_back(value: Number, unit: Unit | None, qualifier: Qualifier, language: str) -> None:
    read = read_figure(show_figure(value, unit, qualifier, language), unit)
    assert (read.value, read.qualifier, read.unit) == (value, qualifier, unit)
