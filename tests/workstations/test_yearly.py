"""Targets, the grade that a person decides, silence, and the withdrawal that is proposed."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.organisations.models import OrganisationKind, OrganisationStatus
from registry.records.queries import history
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.models import Task
from registry.workstations import queries
from registry.workstations.enums import Grade, WorkstationState
from registry.workstations.inputs import Targets, Verdict
from registry.workstations.models import Workstation, WorkstationAssessment
from registry.workstations.services import activities, entry, moves, reminders, yearly
from tests.agreements.scene import Scene, make_scene, make_side

from .stations import FAIR, TALK, days_ago, expect, operating, record, station_input

YEAR = today().year
G = Grade


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def decide(
    scene: Scene, station: Workstation, grade: Grade, year: int = YEAR, reason: str = ""
) -> WorkstationAssessment:
    with transaction():
        return yearly.decide_grade(station, Verdict(year, grade, reason), scene.bureau.section_head)


def tasks() -> list[Task]:
    return list(db.session.scalars(select(Task).order_by(Task.id)))


def unfinished() -> list[str]:
    return [task.lead.name_zh for task in tasks() if task.state is TaskState.OPEN]


# Targets


def test_founders_set_targets_until_the_grade_is_decided(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        expect(scene, station, YEAR, talks=2)
    with transaction():
        yearly.set_targets(station, Targets(YEAR, {TALK: 4}), scene.bureau.section_head)
        yearly.set_targets(station, Targets(YEAR + 1, {FAIR: 9}), scene.bureau.handler)
    assert queries.targets_in([station.id], YEAR)[station.id] == {TALK: 4}
    assert history(station)[1].changes["target_talk"] == [2, 4]
    for person in (scene.university.handler, scene.bureau.leader):
        with pytest.raises(Forbidden), transaction():
            yearly.set_targets(station, Targets(YEAR), person)
    decide(scene, station, G.UNQUALIFIED)
    with pytest.raises(Conflict), transaction():
        yearly.set_targets(station, Targets(YEAR, {}), scene.bureau.handler)
    assert queries.targets_in([station.id], YEAR)[station.id] == {TALK: 4}


# The grade


def test_another_grade_needs_a_reason_and_a_decided_one_is_replaced(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        record(scene, station, today())
    with pytest.raises(Invalid) as refused:
        decide(scene, station, G.BASIC)
    assert list(refused.value.fields) == ["why"]
    first = decide(scene, station, G.BASIC, reason="活动质量一般")
    with pytest.raises(Invalid):
        decide(scene, station, G.QUALIFIED)
    second = decide(scene, station, G.QUALIFIED, reason="补充佐证材料")
    assert (first.grade, first.reason, first.superseded_reason) == (G.BASIC, "活动质量一般", "补充佐证材料")
    assert queries.standing(station, YEAR) is second
    assert queries.grades_in([station.id], YEAR) == {station.id: G.QUALIFIED}
    assert [one.grade for one in queries.assessments_of(station)] == [G.QUALIFIED, G.BASIC]


def test_what_was_decided_keeps_what_was_suggested_then(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    decided = decide(scene, station, G.UNQUALIFIED)
    with transaction():
        record(scene, station, today())
    assert yearly.suggestion(station, YEAR).grade is G.QUALIFIED
    assert decided.suggested is G.UNQUALIFIED


@pytest.mark.parametrize("year", [YEAR + 1, YEAR - 9])
def test_only_a_year_of_operation_is_judged(scene: Scene, year: int) -> None:
    with transaction():
        station = operating(scene)
    with pytest.raises(Invalid):
        decide(scene, station, G.UNQUALIFIED, year)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEGAL_OFFICER])
def test_section_heads_and_leaders_of_founders_judge(scene: Scene, role: Role) -> None:
    with transaction():
        station = operating(scene)
    for person in (scene.bureau.people[role], scene.university.leader):
        with pytest.raises(Forbidden), transaction():
            yearly.decide_grade(station, Verdict(YEAR, G.UNQUALIFIED), person)


# Silence


def test_both_sides_are_reminded_once_and_an_activity_settles_it(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        record(scene, station, days_ago(91))
    for _ in range(2):
        reminders.remind_silent(today())
    opened = tasks()
    assert sorted(unfinished()) == sorted([scene.bureau.organisation.name_zh, scene.university.organisation.name_zh])
    assert {task.origin for task in opened} == {TaskSource.REMINDER}
    assert {task.subject_public_id for task in opened} == {station.public_id}
    assert all("91" in task.title_zh for task in opened)
    with transaction():
        record(scene, station, days_ago(95))  # no news
    assert len(unfinished()) == 2
    with transaction():
        record(scene, station, today())
    assert unfinished() == []
    reminders.remind_silent(today())
    assert len(tasks()) == 2


@pytest.mark.parametrize("silent", [90, 91])
def test_ninety_days_are_not_yet_too_many(scene: Scene, silent: int) -> None:
    with transaction():
        station = operating(scene)
        record(scene, station, days_ago(silent))
    reminders.remind_silent(today())
    assert len(tasks()) == (2 if silent == 91 else 0)


def test_a_reminder_that_was_closed_is_not_opened_again_for_the_same_silence(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    reminders.remind_silent(today())
    with transaction():
        for task in tasks():
            task.close("已联系", today(), None)
    reminders.remind_silent(today())
    assert len(tasks()) == 2
    with transaction():
        (mistake,) = record(scene, station, days_ago(92))
    reminders.remind_silent(today())
    assert len(tasks()) == 4  # another silence
    assert mistake.counts


def test_stopping_settles_the_reminder(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    reminders.remind_silent(today())
    with transaction():
        moves.suspend(station, "停办", scene.bureau.leader)
    assert unfinished() == []
    reminders.remind_silent(today())
    assert len(tasks()) == 2


def test_a_side_that_leaves_is_reminded_no_more(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        other = make_side("东北大学", OrganisationKind.UNIVERSITY)
    reminders.remind_silent(today())
    with transaction():
        entry.edit(station, station_input(scene, host=other.organisation.public_id), scene.bureau.handler)
    assert unfinished() == [scene.bureau.organisation.name_zh]


# Two bad years


def founded(scene: Scene) -> Workstation:
    return operating(scene, unveiled_on=date(YEAR - 4, 5, 1))


def proposed(station: Workstation) -> int | None:
    return station.proposed_after


def test_two_idle_years_propose_a_withdrawal_and_a_person_decides(scene: Scene) -> None:
    with transaction():
        station = founded(scene)
        record(scene, station, date(YEAR - 3, 6, 1), today())
    for _ in range(2):
        reminders.propose_withdrawals(today())
    assert proposed(station) == YEAR - 1
    (task,) = tasks()
    assert (task.lead, task.subject_public_id) == (scene.bureau.organisation, station.public_id)
    with pytest.raises(Forbidden), transaction():
        moves.keep(station, "理由", scene.bureau.section_head)
    with pytest.raises(Invalid), transaction():
        moves.keep(station, "", scene.bureau.leader)
    with transaction():
        moves.keep(station, "今年已恢复活动", scene.bureau.leader)
    assert (proposed(station), unfinished()) == (None, [])
    reminders.propose_withdrawals(today())
    assert proposed(station) is None
    with pytest.raises(Conflict), transaction():
        moves.keep(station, "理由", scene.bureau.leader)


def test_a_proposed_station_in_operation_is_withdrawn_at_once(scene: Scene) -> None:
    with transaction():
        station = founded(scene)
    reminders.propose_withdrawals(today())
    assert len(unfinished()) == 1
    with transaction():
        moves.withdraw(station, "两年未开展活动", scene.bureau.leader)
    assert (station.state, unfinished()) == (WorkstationState.WITHDRAWN, [])


@pytest.mark.parametrize(
    ("active", "grades", "expected"),
    [
        ((), {}, True),
        ((YEAR - 1,), {}, False),
        ((YEAR - 2,), {}, False),
        ((YEAR - 1, YEAR - 2), {YEAR - 1: G.UNQUALIFIED, YEAR - 2: G.UNQUALIFIED}, True),
        ((YEAR - 2,), {YEAR - 2: G.UNQUALIFIED}, True),  # one failed, one idle
        ((), {YEAR - 1: G.BASIC}, False),  # what a person decided counts before the figures
    ],
)
def test_idle_and_failing_years_add_up(
    scene: Scene, active: tuple[int, ...], grades: dict[int, Grade], expected: bool
) -> None:
    with transaction():
        station = founded(scene)
        record(scene, station, *(date(year, 6, 1) for year in active))
    for year, grade in grades.items():
        decide(scene, station, grade, year, "经核实")
    reminders.propose_withdrawals(today())
    assert (proposed(station) == YEAR - 1) is expected


def test_a_young_station_had_no_idle_years(scene: Scene) -> None:
    with transaction():
        station = operating(scene, unveiled_on=date(YEAR - 2, 3, 1))
    reminders.propose_withdrawals(today())
    assert proposed(station) is None


def test_a_second_failing_grade_proposes_at_once_and_a_better_one_takes_it_back(scene: Scene) -> None:
    with transaction():
        station = founded(scene)
        record(scene, station, date(YEAR - 2, 6, 1), date(YEAR - 1, 6, 1), today())
    decide(scene, station, G.UNQUALIFIED, YEAR - 1, "弄虚作假")
    assert proposed(station) is None
    decide(scene, station, G.UNQUALIFIED, YEAR, "未整改")
    assert proposed(station) == YEAR
    decide(scene, station, G.BASIC, YEAR - 1, "复核后更正")
    assert (proposed(station), unfinished()) == (None, [])
    assert history(station)[0].action == reminders.LIFTED


def test_an_activity_entered_late_takes_a_proposal_back(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    reminders.propose_withdrawals(today())
    assert proposed(station) == YEAR - 1
    with transaction():
        (late,) = record(scene, station, date(YEAR - 1, 5, 5))
    assert (proposed(station), unfinished()) == (None, [])
    with transaction():
        activities.strike(station, late, "重复登记", scene.bureau.handler)
    assert proposed(station) is None  # only the daily task and a grade propose
    reminders.propose_withdrawals(today())
    assert proposed(station) == YEAR - 1


# Sides that were closed


def test_a_closed_side_is_reminded_of_nothing_and_the_others_still_are(scene: Scene) -> None:
    with transaction():
        operating(scene)
        scene.university.organisation.status = OrganisationStatus.CLOSED
    reminders.remind_silent(today())
    assert unfinished() == [scene.bureau.organisation.name_zh]


def test_a_station_whose_founders_are_all_closed_is_marked_and_nobody_is_asked(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        scene.bureau.organisation.status = OrganisationStatus.CLOSED
    reminders.propose_withdrawals(today())
    assert (proposed(station), unfinished()) == (YEAR - 1, [])


def test_a_side_closed_after_it_was_reminded_has_its_reminder_settled(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    reminders.remind_silent(today())
    assert len(unfinished()) == 2
    with transaction():
        scene.university.organisation.status = OrganisationStatus.CLOSED
        record(scene, station, today())
    assert unfinished() == []
