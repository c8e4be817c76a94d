"""What stands in whose calendar."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event

from registry.accounts.models import User, UserStatus
from registry.agreements.models import Agreement, AgreementVisibility, RenewalDecision
from registry.agreements.services import lifecycle, renewal
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.reminders.feed import entries
from registry.reminders.feed.entries import Entry, entries_of
from registry.reminders.sources import base
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user
from tests.states import Begin

ONE_DAY = timedelta(days=1)


def in_force() -> tuple[Scene, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


@pytest.fixture
def signed(begin_with: Begin) -> tuple[Scene, Agreement]:
    return begin_with(in_force)


@pytest.fixture
def scene(signed: tuple[Scene, Agreement]) -> Scene:
    return signed[0]


@pytest.fixture
def agreement(signed: tuple[Scene, Agreement]) -> Agreement:
    return signed[1]


def near_the_end(agreement: Agreement) -> date:
    """A day from which its last day is in sight."""
    assert agreement.expires_on
    return agreement.expires_on - 100 * ONE_DAY


def titled(found: Sequence[Entry], part: str) -> list[Entry]:
    return [one for one in found if part in one.title_zh]


def task(scene: Scene, title: str, assignee: str = "") -> None:
    with transaction():
        lead, due = scene.bureau.organisation.public_id, today() + 5 * ONE_DAY
        new = NewTask(title, TaskSource.INSTRUCTION, lead, due_on=due, assignee=assignee)
        tasks.assign(new, scene.bureau.people[Role.LEADER])


def test_the_end_of_an_agreement_and_that_its_renewal_is_undecided(scene: Scene, agreement: Agreement) -> None:
    day = near_the_end(agreement)
    (owners,) = titled(entries_of(scene.bureau.handler, day), agreement.title_zh)
    (partners,) = titled(entries_of(scene.university.handler, day), agreement.title_zh)
    assert owners.day == partners.day == agreement.expires_on
    assert owners.title_zh.startswith("续签待决定，协议到期：")
    assert partners.title_zh.startswith("协议到期：")
    assert owners.address.endswith(f"/messages/to/agreement/{agreement.public_id}")
    with transaction():
        renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "合作已完成", scene.bureau.handler)
    (decided,) = titled(entries_of(scene.bureau.handler, day), agreement.title_zh)
    assert (decided.uid, decided.title_en.split(":")[0]) == (owners.uid, "Agreement expires")


def test_what_is_suspended_says_so(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        lifecycle.suspend(agreement, "调整", scene.bureau.leader)
    (found,) = titled(entries_of(scene.bureau.handler, near_the_end(agreement)), agreement.title_zh)
    assert found.title_zh.endswith("（协议中止）")


@pytest.mark.parametrize(("days", "is_in"), [(-31, False), (-30, True), (400, True), (401, False)])
def test_from_a_month_ago_to_thirteen_months_ahead(scene: Scene, agreement: Agreement, days: int, is_in: bool) -> None:
    assert agreement.expires_on
    found = entries_of(scene.bureau.handler, agreement.expires_on - days * ONE_DAY)
    assert bool(titled(found, agreement.title_zh)) is is_in


def test_a_lost_scope_takes_the_entry_away(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        gone = AgreementVisibility.organisation_id == scene.university.organisation.id
        db.session.execute(delete(AgreementVisibility).where(gone))
    day = near_the_end(agreement)
    assert titled(entries_of(scene.university.handler, day), agreement.title_zh) == []
    assert titled(entries_of(scene.bureau.handler, day), agreement.title_zh) != []


def test_a_task_is_its_assignees_and_the_units_when_they_are_gone(scene: Scene) -> None:
    with transaction():
        colleague = make_user(Role.HANDLER, organisation=scene.bureau.organisation)
    task(scene, "指定的任务", colleague.public_id)
    task(scene, "全单位的任务")
    assert len(titled(entries_of(colleague, today()), "任务到期：")) == 2
    assert len(titled(entries_of(scene.bureau.handler, today()), "任务到期：")) == 1
    with transaction():
        colleague.status = UserStatus.DISABLED
    assert len(titled(entries_of(scene.bureau.handler, today()), "任务到期：")) == 2


@pytest.mark.parametrize(("role", "is_in"), [(Role.VIEWER, True), (Role.SEAL_KEEPER, False)])
def test_only_for_whom_the_rule_is(scene: Scene, role: Role, is_in: bool) -> None:
    task(scene, "全单位的任务")
    with transaction():
        person = make_user(role, organisation=scene.bureau.organisation)
    assert bool(titled(entries_of(person, today()), "任务到期：")) is is_in


def test_a_planned_visit_moves_and_stays_the_same_entry(scene: Scene) -> None:
    with transaction():
        details = VisitDetails(
            VisitKind.FOLLOW_UP, today() + 3 * ONE_DAY, visited=scene.university.organisation.public_id
        )
        visit = visits.enter(details, scene.bureau.handler)
    (found,) = titled(entries_of(scene.bureau.handler, today()), "走访：")
    assert found.day == today() + 3 * ONE_DAY
    with transaction():
        visit.planned_on = today() + 9 * ONE_DAY
    (moved,) = titled(entries_of(scene.bureau.handler, today()), "走访：")
    assert (moved.uid, moved.day) == (found.uid, today() + 9 * ONE_DAY)


def test_it_costs_the_same_however_much_there_is(app: Flask, scene: Scene) -> None:
    task(scene, "任务0")
    few = statements(scene.bureau.handler)
    for number in range(1, 8):
        task(scene, f"任务{number}")
    assert statements(scene.bureau.handler) == few <= 25


def statements(person: User) -> int:
    """How many it takes to read a calendar, the person being known."""
    assert person.roles
    sent: list[str] = []

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        entries_of(person, today())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def test_of_very_much_the_nearest(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        task(scene, f"任务{number}")
    monkeypatch.setattr(entries, "MOST", 2)
    assert len(entries_of(scene.bureau.handler, today())) == 3  # one more shows that there are more
    monkeypatch.setattr(base, "LONGEST", 1)
    assert len(titled(entries_of(scene.bureau.handler, today()), "任务到期：")) == 1
