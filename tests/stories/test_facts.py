"""The walk over all 59 facts: each is found again as what it is, and nothing else was entered.

A fact is a figure, words of the notes, a programme's name, the activity's day, or a ratio that the registry computes.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from registry.core.figures.reading import BadFigure, read_figure

from .conftest import Figure, Told
from .lines import CITATIONS, EVENTS, FACTS, SERIES, Line, home
from .told import TOLD

# Which code of the registry counts the same; everything else bears the source's own label.
CODES = {
    "recruitment_activities": "activities",
    "campus_recruitment_planned": "activities",
    "employers": "employers",
    "enterprises": "employers",
    "jobs": "positions",
    "jobs_wage_over_10k": "positions_over_10k",
    "participants": "participants",
    "jobseekers_on_site": "on_site",
    "livestream_viewers": "online_viewers",
    "universities": "universities",
    "universities_attending": "universities",
    "cities_attending": "cities",
    "industries": "industries",
    "cooperation_intentions": "cooperation_intentions",
    "online_recruitment_events": "online_activities",
    "recruitment_agencies": "organisations",
}
# Shares and averages are computed, never typed. A series counts its employers at every stop, so per 家次; where a
# number is rounded, its ratio is about.
RATIOS = {
    (SERIES, "employers_per_activity"): ("163.7", "163.7家次/场"),
    (SERIES, "jobs_per_employer"): ("38.1", "约38.1个/家次"),
    ("LN-FAIR-20230318", "share_wage_over_10k"): ("17.4", "17.4%"),
    ("LN-FAIR-20230318", "jobs_per_employer"): ("27.0", "27.0个/家"),
}
WORDS = {
    "xian_students_trend": "西安四场参加学生数：较以往活动明显增加，报道未给数字",
    "xian_resumes_trend": "西安四场现场收取简历：较以往活动明显增加，报道未给数字",
    "xian_intentions_trend": "西安四场达成就业意向：较以往活动明显增加，报道未给数字",
    "graduating_class": "毕业届别：{value}届",
    "moe_project_phase": "供需对接就业育人项目期次：第3期",
    "career_competition_edition": "省大学生职业规划大赛届次：第1届",
    "grassroots_award_round": "全国高校毕业生基层就业卓越奖届次：第2届",
}
NAMES = {
    "P-BXQQ": "百校千企",
    "P-LLLL": "百万学子留辽来辽",
    "service_name_24365": "24365服务",
    "programme_bcqq": "百城千企",
    "programme_wqjxy": "万企进校园",
}
NO_FIGURE = ("name", "qualitative", "class", "ordinal", "date")


def is_ratio(fact: Line) -> bool:
    """Whether the registry computes it."""
    return (fact["event_key"], fact["metric"]) in RATIOS


def is_figure(fact: Line) -> bool:
    """Whether it is to be found as a figure."""
    return fact["kind"] not in NO_FIGURE and not is_ratio(fact)


FIGURES = [fact for fact in FACTS if is_figure(fact)]
COMPUTED = [fact for fact in FACTS if is_ratio(fact)]


def matching(fact: Line, figures: tuple[Figure, ...]) -> list[Figure]:
    """The figures that this fact may be: by code, else by the source's own label."""
    code = CODES.get(fact["metric"])
    planned = fact["qualifier"] == "planned"
    if code is None:
        return [one for one in figures if (one.code, one.label) == ("other", fact["metric_zh"])]
    return [one for one in figures if one.code == code and one.is_planned is planned]


def by(kinds: tuple[str, ...]) -> list[Line]:
    """Facts of some kinds."""
    return [fact for fact in FACTS if fact["kind"] in kinds]


def named(fact: Line) -> str:
    """How a case is called."""
    return f"{FACTS.index(fact) + 1}-{fact['metric']}"


@pytest.mark.parametrize("fact", FIGURES, ids=named)
def test_a_figure_has_value_unit_qualifier_and_source(fact: Line, told: dict[str, Told]) -> None:
    activity = told[home(fact)]
    (one,) = matching(fact, activity.figures)
    assert one.value == Decimal(fact["value"])
    assert (one.unit, one.qualifier) == (fact["unit"], fact["qualifier"])
    assert (one.as_reported, one.source) == (fact["as_reported"], CITATIONS[fact["source_file"]])
    assert one.is_planned is (fact["qualifier"] == "planned")
    for shown in (one.label, one.shown, one.source):
        assert shown in activity.page


@pytest.mark.parametrize("fact", COMPUTED, ids=named)
def test_a_ratio_is_computed_and_not_typed(fact: Line, told: dict[str, Told]) -> None:
    activity = told[home(fact)]
    value, shown = RATIOS[fact["event_key"], fact["metric"]]
    assert value == fact["value"]
    assert shown in activity.ratios
    assert shown in activity.page
    assert all(one.value != Decimal(value) for one in activity.figures if "." in str(one.value))


@pytest.mark.parametrize("fact", by(("date",)), ids=named)
def test_a_day_is_the_activitys_day(fact: Line, told: dict[str, Told]) -> None:
    assert told[home(fact)].held_on == date.fromisoformat(fact["value"])


@pytest.mark.parametrize("fact", by(("qualitative", "class", "ordinal")), ids=named)
def test_what_is_no_number_is_told_in_words(fact: Line, told: dict[str, Told]) -> None:
    activity = told[home(fact)]
    words = WORDS[fact["metric"]].format(**fact)
    assert any(line.startswith(words) for line in activity.notes.splitlines())
    assert words in activity.page
    assert not matching(fact, activity.figures)


@pytest.mark.parametrize("fact", by(("name",)), ids=named)
def test_a_programmes_name_is_no_number(fact: Line, told: dict[str, Told]) -> None:
    activity = told[home(fact)]
    name = NAMES.get(fact["event_key"]) or NAMES[fact["metric"]]
    assert name in activity.programme.split("、")
    assert name in activity.page
    assert not [one for one in activity.figures if name in one.label or one.value == 24365]


def test_the_data_are_what_the_stories_tell() -> None:
    columns = ("metric", "value", "qualifier", "unit")
    found = [" ".join([str(no), *(fact[name] or "-" for name in columns)]) for no, fact in enumerate(FACTS, start=1)]
    assert found == TOLD


def test_every_fact_is_one_of_these() -> None:
    found = [*FIGURES, *COMPUTED, *by(NO_FIGURE)]
    assert sorted(map(FACTS.index, found)) == list(range(59))


def test_nothing_else_was_entered(told: dict[str, Told]) -> None:
    expected = Counter(home(fact) for fact in FIGURES)
    assert {name: len(one.figures) for name, one in told.items() if one.figures} == dict(expected)
    names = {home(fact) for fact in by(("name",))}
    assert {name for name, one in told.items() if one.programme} == names
    noted = {home(fact) for fact in by(("qualitative", "class", "ordinal"))}
    remarks = {line["name_zh"] for line in EVENTS.values() if line["remark_zh"]}
    plan = "省内人社部门与清华大学、北京大学等重点高校人才对接（下一步）"
    assert {name for name, one in told.items() if one.notes} == noted | remarks | {plan}


def test_the_damaged_number_keeps_its_text_and_waits_for_a_person(told: dict[str, Told]) -> None:
    activity = told[EVENTS[SERIES]["name_zh"]]
    (one,) = [figure for figure in activity.figures if figure.code == "participants"]
    assert (one.as_reported, one.value, one.needs_check) == ("more than 65,438+10,000", 100_000, True)
    assert one.shown == "100,000余人次（待核）"
    assert "75,438" not in activity.page
    every = [figure for activity in told.values() for figure in activity.figures]
    assert [figure for figure in every if figure.needs_check] == [one]
    assert not [figure for figure in every if figure.value == 75_438]


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact["as_reported"]], ids=named)
def test_the_printed_number_says_the_value_or_is_in_doubt(fact: Line) -> None:
    try:
        said = read_figure(fact["as_reported"]).value
    except BadFigure:
        said = None
    assert (said == Decimal(fact["value"])) is (fact["metric"] != "participants")


def test_a_plan_is_never_counted_as_held(told: dict[str, Told]) -> None:
    week = told[EVENTS["MOE-WEEK-20230526"]["name_zh"]]
    (plan,) = [one for one in week.figures if one.code == "activities"]
    assert (plan.is_planned, plan.shown) == (True, "15,000场（计划）")
    (planned,) = [one for one in told.values() if one.state == "planned"]
    assert (planned.held_on, planned.figures, planned.outcomes) == (None, (), ())
    assert "日期与地点未定" in planned.notes


def test_a_series_has_its_ten_fairs_without_days_or_figures(told: dict[str, Told]) -> None:
    fairs = [one for name, one in told.items() if name.startswith("“百校千企”进校园招聘（")]
    assert len(fairs) == told[EVENTS[SERIES]["name_zh"]].parts == 10
    assert {one.host for one in fairs} == {line["host"] for line in EVENTS.values() if line["host"]}
    assert {(one.held_on, one.figures, one.state) for one in fairs} == {(None, (), "held")}
    assert len(told) == len(EVENTS) + 1  # and the planned one
