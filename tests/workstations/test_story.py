"""A workstation's year: what was expected and done, 91 silent days, what the registry says of it, and who decides."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from registry.jobs.reasons import read
from registry.tasks.models import Task
from registry.workstations import queries
from registry.workstations.enums import RUNNING, Grade, WorkstationState
from registry.workstations.inputs import Verdict
from registry.workstations.marks import Mark
from registry.workstations.models import Workstation
from registry.workstations.queries import LISTING
from registry.workstations.services import activities, reminders, yearly
from tests.agreements.scene import Scene, make_scene

from .stations import FAIR, days_ago, expect, held, operating, record

LAST = days_ago(91)
MOST = 100


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def station(scene: Scene) -> Workstation:
    """Two talks and one fair expected; one talk by the bureau and one fair by the university, both 91 days ago."""
    with transaction():
        made = operating(scene)
        expect(scene, made, LAST.year, talks=2, fairs=1)
        activities.add(made, held(LAST), scene.bureau.handler)
        activities.add(made, held(LAST, FAIR), scene.university.handler)
        return made


def rate(scene: Scene) -> tuple[int, int]:
    """Active ones of the running ones, as the list tells its reader."""
    states = LISTING.count_by_state(scene.bureau.leader, WorkstationState, MOST)
    return queries.count_marks(scene.bureau.leader, today(), MOST)[Mark.ACTIVE], sum(
        states.get(str(one), 0) for one in RUNNING
    )


def test_the_rate_of_activity_drops_and_rises_again(scene: Scene, station: Workstation) -> None:
    with transaction():
        record(scene, operating(scene, title_zh="另一工作站"), days_ago(90))
    assert rate(scene) == (1, 2)
    with transaction():
        record(scene, station, today())
    assert rate(scene) == (2, 2)


def test_both_sides_are_reminded_of_91_days(scene: Scene, station: Workstation) -> None:
    reminders.remind_silent(today())
    sides = {scene.bureau.organisation, scene.university.organisation}
    tasks = db.session.scalars(select(Task)).all()
    assert {task.lead for task in tasks} == sides
    assert [task.title_zh for task in tasks] == [f"工作站已91天没有活动：{station.title_zh}"] * 2
    assert all("联络员" in task.goal for task in tasks)


def test_qualified_is_suggested_with_reasons_and_a_person_decides(scene: Scene, station: Workstation) -> None:
    said = [reason.english for reason in yearly.suggestion(station, LAST.year).reasons]
    assert said[:3] == ["Careers talks: 1 of 2", "Dedicated fairs: 1 of 1", "Targets reached on average: 75 %"]
    if LAST.year == today().year:  # else the silence falls into the next year
        assert "91 days without a sign of life: not excellent" in said
    assert queries.standing(station, LAST.year) is None  # nothing is decided by itself
    with transaction():
        decided = yearly.decide_grade(station, Verdict(LAST.year, Grade.QUALIFIED), scene.bureau.section_head)
    assert (decided.suggested, decided.grade, decided.reason) == (Grade.QUALIFIED, Grade.QUALIFIED, "")
    assert [getattr(read(kept), "english", "") for kept in decided.reasons] == said
    assert decided.decided_by is scene.bureau.section_head


def test_whoever_decides_otherwise_says_why(scene: Scene, station: Workstation) -> None:
    better = Verdict(LAST.year, Grade.EXCELLENT)
    with pytest.raises(Invalid), transaction():
        yearly.decide_grade(station, better, scene.bureau.leader)
    with transaction():
        decided = yearly.decide_grade(station, replace(better, reason="另有线上宣讲两场"), scene.bureau.leader)
    assert (decided.suggested, decided.grade) == (Grade.QUALIFIED, Grade.EXCELLENT)
