"""Follow-up of agreements from the suggestion to the slip: planned, visited, a finding, its task, its light."""

from datetime import date

import pytest
from flask import Flask

from registry.agreements.models import Agreement
from registry.core.db import transaction
from registry.tasks import closing, supervision
from registry.tasks.enums import Light, SlipColour
from registry.tasks.inputs import Report, SlipDetails
from registry.tasks.models import Task
from registry.tasks.queries import horizon_now
from registry.visits.enums import Aftermath, VisitKind, VisitState
from registry.visits.inputs import FindingTask, PlannedDay, VisitDetails
from registry.visits.queries.aftermath import aftermath_of
from registry.visits.services import entry, findings, planning
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, make_scene

SIGNED, NATIONAL_DAY_EVE = date(2025, 9, 1), date(2026, 9, 30)
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(SIGNED), monkeypatch)


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreements(scene: Scene, clock: Clock) -> list[Agreement]:
    """Three in force for more than a year that nobody visited."""
    with transaction():
        made = [
            scene.brought_in_force(scene.own_text(title_zh=f"合作协议之{number}"), scene.university)
            for number in "一二三"
        ]
    clock.pass_days((NATIONAL_DAY_EVE - SIGNED).days)
    return made


def plan_all(scene: Scene) -> list[date]:
    """Take over what is suggested: one visit a day."""
    with transaction():
        suggested = planning.suggest(scene.bureau.handler, None, 1, 1)
        lines = [PlannedDay(one.agreement.public_id, one.day) for one in suggested]
        visits = planning.accept(lines, scene.bureau.handler)
    return sorted(visit.planned_on for visit in visits)


def light(task: Task) -> Light:
    return horizon_now().light(task.starts_on, task.due_on, task.percent)


def test_visits_are_planned_on_working_days_only(scene: Scene, agreements: list[Agreement]) -> None:
    days = plan_all(scene)
    assert days == [date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]  # a Saturday that is worked
    assert not HOLIDAYS & set(days)
    assert planning.suggest(scene.bureau.handler, None, 1, 1) == []  # all of them are planned


@pytest.fixture
def task(scene: Scene, agreements: list[Agreement], clock: Clock) -> Task:
    """The clerk logs a problem on 8 October; the task is due in ten working days, on 21 October."""
    plan_all(scene)
    clock.pass_days(8)
    given = VisitDetails(
        kind=VisitKind.FOLLOW_UP,
        day=clock.today,
        took_place=True,
        visited=scene.university.organisation.public_id,
        findings="总体正常，岗位征集滞后",
        problems=("岗位征集未按期完成",),
        subject_kind="agreement",
        subject_public_id=agreements[0].public_id,
    )
    with transaction():
        visit = entry.enter(given, scene.bureau.handler)
    with transaction():
        lead = scene.bureau.organisation.public_id
        wanted = FindingTask(lead=lead, days=10, assignee=scene.bureau.handler.public_id)
        made = findings.assign(visit, visit.problems[0], wanted, scene.bureau.handler)
    assert (visit.state, aftermath_of(visit)) == (VisitState.HELD, Aftermath.RECTIFYING)
    return made


def test_a_problem_becomes_a_task_with_owner_and_deadline(scene: Scene, task: Task) -> None:
    assert (task.title_zh, task.assignee, task.due_on) == (
        "岗位征集未按期完成", scene.bureau.handler, date(2026, 10, 21),
    )  # fmt: skip
    assert task.subject_kind == "visit"


def test_it_turns_yellow_and_red_and_slips_are_numbered(scene: Scene, task: Task, clock: Clock) -> None:
    clock.pass_days(5)
    with transaction():
        closing.report(task, Report("已征集大部分", 90), scene.bureau.handler)
    assert (clock.today, light(task)) == (date(2026, 10, 13), Light.BLUE)  # six working days left
    clock.pass_days(1)
    assert light(task) is Light.YELLOW
    clock.pass_days(7)
    assert (clock.today, light(task)) == (task.due_on, Light.YELLOW)
    clock.pass_days(1)
    assert light(task) is Light.RED
    numbers = []
    for colour in (SlipColour.YELLOW, SlipColour.RED):
        with transaction():
            numbers.append(supervision.issue(task, SlipDetails(colour, "请尽快办结"), scene.bureau.section_head).number)
    assert [number.rpartition("〔2026〕")[2] for number in numbers] == ["1号", "2号"]
