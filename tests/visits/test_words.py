"""Words of ledgers, offices and days: pure rules."""

from datetime import date, timedelta

import pytest

from registry.core.errors import Invalid
from registry.core.figures.checks import share
from registry.core.figures.kinds import Qualifier
from registry.organisations.workday_layers import LIBRARIES
from registry.organisations.workdays import Calendar
from registry.visits.enums import Direction, FigureCode, Intention, LeadLevel
from registry.visits.schemas import plan_from, task_from, visit_from
from registry.visits.spread import spread
from registry.visits.words import level_of_office, parts_of, yes_or_no

LEDGER_ROW = {"kind": "enterprise_expansion", "day": "20220510", "visited_name": "示例装备制造有限公司"}


@pytest.mark.parametrize(
    ("office", "level"),
    [
        ("党委书记", LeadLevel.HEAD),
        ("校长", LeadLevel.HEAD),
        ("副校长", LeadLevel.LEADERSHIP),
        ("党委副书记", LeadLevel.LEADERSHIP),
        ("机械学院党委书记", LeadLevel.FACULTY),
        ("材料学院副院长", LeadLevel.FACULTY),
        ("就业指导中心主任", None),
        ("", None),
    ],
)
def test_the_office_suggests_the_level(office: str, level: LeadLevel | None) -> None:
    assert level_of_office(office) is level


@pytest.mark.parametrize(
    ("text", "answer"), [("√", True), ("是", True), ("否", False), ("×", False), ("", None), ("待定", None)]
)
def test_ticks_of_ledgers(text: str, answer: bool | None) -> None:
    assert yes_or_no(text) is answer


def test_several_values_in_a_cell() -> None:
    assert parts_of("校园招聘、实习基地/订单班，") == ["校园招聘", "实习基地", "订单班"]


@pytest.mark.parametrize(("text", "day"), [("20220510", 10), ("2022.5.11", 11), ("2022年5月12日", 12)])
def test_days_of_ledgers(text: str, day: int) -> None:
    assert visit_from(LEDGER_ROW | {"day": text}).day == date(2022, 5, day)


def test_words_of_a_ledger_row() -> None:
    row = {"direction": "线上", "posts": "约15", "base_built": "√", "lead_level": "书记校长"}
    given = visit_from(LEDGER_ROW | row | {"intentions": "订单班/科研合作/无人机"})
    assert given.direction is Direction.ONLINE
    assert (given.figures[FigureCode.POSTS].value, given.figures[FigureCode.POSTS].qualifier) == (15, Qualifier.APPROX)
    assert FigureCode.INTERNSHIPS not in given.figures
    assert (given.base_built, given.tracked, given.lead_level) == (True, None, LeadLevel.HEAD)
    assert given.intentions == (Intention.ORDERED_TRAINING, Intention.RESEARCH, Intention.OTHER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("posts", "-3"),
        ("posts", "很多岗"),
        ("direction", "坐车"),
        ("is_first", "也许"),
        ("kind", "party"),
        ("day", "2022-02-30"),
        ("follow_up_days", "0"),
        ("source_url", "javascript:1"),
        ("problems", "问" * 501),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        visit_from(LEDGER_ROW | {name: value})
    assert set(refused.value.fields) == {name}


def test_findings_to_deal_with_are_lines() -> None:
    assert visit_from(LEDGER_ROW | {"problems": " 未按期征集岗位\n\n 联络人空缺 "}).problems == (
        "未按期征集岗位",
        "联络人空缺",
    )


def test_the_subject_is_a_kind_and_an_id() -> None:
    given = visit_from(LEDGER_ROW | {"subject": "agreement:01ARZ3NDEKTSV4RRFFQ69G5FAV"})
    assert (given.subject_kind, given.subject_public_id) == ("agreement", "01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_task_needs_its_lead_and_its_days() -> None:
    with pytest.raises(Invalid) as refused:
        task_from({"lead": "", "days": ""})
    assert set(refused.value.fields) == {"lead", "days"}


def test_an_accepted_suggestion_has_a_day() -> None:
    with pytest.raises(Invalid) as refused:
        plan_from(["A", "B"], {"day-A": "2026-10-08", "day-B": "bald"})
    assert set(refused.value.fields) == {"day-B"}


def test_shares_are_computed() -> None:
    """A province printed 74.36 % for 4,557 of 6,751 visits."""
    assert str(share(4557, 6751)) == "67.5"


# Days

CALENDAR = Calendar(LIBRARIES)
GOLDEN_WEEK = {date(2026, 10, day) for day in range(1, 8)}


@pytest.mark.parametrize("count", [0, 1, 5, 7, 23])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_days_are_working_days_in_order_and_not_too_many(count: int, most: int) -> None:
    days = spread(count, date(2026, 9, 28), 10, most, CALENDAR.first_from)
    assert len(days) == count
    assert days == sorted(days)
    assert not set(days) & GOLDEN_WEEK
    assert all(CALENDAR.works_on(day) for day in days)
    assert all(days.count(day) <= most for day in days)


def test_few_visits_are_spread_over_the_span() -> None:
    days = spread(2, date(2026, 11, 2), 10, 1, CALENDAR.first_from)
    assert days == [date(2026, 11, 2), date(2026, 11, 9)]


def test_more_days_are_taken_where_a_day_is_full() -> None:
    days = spread(6, date(2026, 11, 2), 2, 1, CALENDAR.first_from)
    assert days[-1] - days[0] == timedelta(days=7)


@pytest.mark.parametrize(("span", "most"), [(0, 1), (1, 0)])
def test_a_plan_needs_room(span: int, most: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        spread(1, date(2026, 11, 2), span, most, CALENDAR.first_from)
