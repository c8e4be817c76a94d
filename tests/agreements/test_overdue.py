"""What the next higher sees of late steps: whose, from which day, how late; and that nobody's rights grow."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.inputs import AbsenceNotice, Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.agreements.inputs import Opinion
from registry.agreements.models import Agreement, Clearance, LegalResult
from registry.agreements.overdue import OverdueStep, Waits, list_overdue
from registry.agreements.services import clearance, projection
from registry.agreements.todo import count_waiting
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Forbidden
from registry.organisations.models import OrganisationKind, Oversight, WorkdayKind, WorkdayOverride, WorkdayYear
from registry.organisations.workdays import calendar
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import counted
from tests.factories import make_organisation, make_user

DAY = timedelta(days=1)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def overseer(scene: Scene) -> User:
    """The province's, over the bureau."""
    with transaction():
        province = make_organisation("测试省厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=province.id, organisation_id=scene.bureau.organisation.id))
        return make_user(Role.OVERSEER, organisation=province)


def in_review(scene: Scene) -> Agreement:
    with transaction():
        return scene.review()


def due(agreement: Agreement, name: str, day: date) -> None:
    with transaction():
        rows = select(Clearance).where(Clearance.agreement_id == agreement.id, Clearance.step == name)
        for row in db.session.scalars(rows):
            row.due_on = day


def seen(user: User, day: date | None = None) -> list[tuple[str, str]]:
    return [(row.public_id, row.task) for row in list_overdue(user, day or today())]


def only(user: User) -> OverdueStep:
    (row,) = list_overdue(user, today())
    return row


def away(user: User) -> None:
    with transaction():
        delegations.tell_absence(user, AbsenceNotice(today(), today() + 4 * DAY))


# Whose is shown to whom


def test_the_last_day_is_not_late_the_next_is(scene: Scene) -> None:
    agreement = in_review(scene)
    due(agreement, "section", today())
    assert seen(scene.bureau.leader) == []
    assert seen(scene.bureau.leader, today() + DAY) == [(agreement.public_id, "section")]


def test_only_the_next_higher_of_the_same_organisation_sees_it(scene: Scene, overseer: User) -> None:
    due(in_review(scene), "section", today() - DAY)
    people = {**scene.bureau.people, Role.OVERSEER: overseer}
    assert [role for role, person in people.items() if seen(person)] == [Role.LEADER]
    assert [person for person in scene.university.people.values() if seen(person)] == []


def test_a_legal_officers_step_goes_to_the_leader_too(scene: Scene) -> None:
    agreement = in_review(scene)
    due(agreement, "legal", today() - DAY)
    assert seen(scene.bureau.leader) == []  # it is not its turn yet
    with transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    due(agreement, "legal", today() - DAY)  # its days began to count when its turn came
    assert seen(scene.bureau.leader) == [(agreement.public_id, "legal")]


def test_a_leaders_step_goes_to_who_oversees(scene: Scene, overseer: User) -> None:
    agreement = in_review(scene)
    with transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
        clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer)
    due(agreement, "leader", today() - DAY)
    assert seen(overseer) == [(agreement.public_id, "leader")]
    assert seen(scene.bureau.leader) == []  # it stands in their own list
    with transaction():
        viewer = make_user(Role.VIEWER, organisation=overseer.organisation)
        stranger = make_user(Role.OVERSEER, organisation=make_organisation(kind=OrganisationKind.HR_DEPARTMENT))
    assert seen(viewer) == seen(stranger) == []


def test_what_the_reader_may_not_see_is_not_shown(scene: Scene, overseer: User) -> None:
    """Oversight without visibility: the second is what scope is made of."""
    agreement = in_review(scene)
    with transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
        clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer)
    due(agreement, "leader", today() - DAY)
    with transaction():
        for row in list(agreement.visibility):
            if row.organisation_id == overseer.organisation_id:
                agreement.visibility.remove(row)
    assert seen(overseer) == []
    with transaction():
        projection.refresh(agreement)
    assert seen(overseer) != []


def test_judged_or_returned_it_is_gone(scene: Scene) -> None:
    agreement = in_review(scene)
    due(agreement, "section", today() - DAY)
    with transaction():
        clearance.send_back(agreement, "退回", scene.bureau.section_head)
    assert seen(scene.bureau.leader) == []


def test_the_other_sides_late_step_is_its_own_leaders(scene: Scene) -> None:
    with transaction():
        agreement = scene.negotiation()
    due(agreement, "section", today() - DAY)
    assert seen(scene.university.leader) == [(agreement.public_id, "section")]
    assert seen(scene.bureau.leader) == []


# Absence


def test_nobody_there_shows_it_from_the_first_day(scene: Scene) -> None:
    agreement = in_review(scene)
    away(scene.bureau.section_head)
    assert seen(scene.bureau.leader) == [(agreement.public_id, "section")]
    row = only(scene.bureau.leader)
    assert (row.unattended, row.days_late) == (True, 0)
    (holder,) = row.holders
    assert (holder.name, holder.away_until) == (scene.bureau.section_head.name, today() + 4 * DAY)


def test_with_a_stand_in_it_is_not_shown_unless_late(scene: Scene) -> None:
    agreement = in_review(scene)
    with transaction():
        viewer = make_user(Role.VIEWER, organisation=scene.bureau.organisation)
        given = Handover(Role.SECTION_HEAD, viewer.public_id, today(), today() + DAY, "出差", is_away=True)
        delegations.hand_over(scene.bureau.section_head, given)
    assert seen(scene.bureau.leader) == []
    due(agreement, "section", today() - DAY)
    row = only(scene.bureau.leader)
    assert not row.unattended
    assert row.holders[0].stand_in == viewer.name


def test_a_second_holder_keeps_it_off_the_list(scene: Scene) -> None:
    in_review(scene)
    away(scene.bureau.section_head)
    with transaction():
        make_user(Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    assert seen(scene.bureau.leader) == []


# How late


def test_late_by_working_days(scene: Scene) -> None:
    """Friday 2026-11-20: late on Monday by one, on the weekend by none; a moved working day counts."""
    friday = date(2026, 11, 20)
    assert [calendar().count(friday, friday + number * DAY) for number in (-1, 0, 1, 2, 3, 4)] == [0, 0, 0, 0, 1, 2]
    agreement = in_review(scene)
    due(agreement, "section", friday)
    (row,) = list_overdue(scene.bureau.leader, friday + 5 * DAY)
    assert row.days_late == 3
    with transaction():
        db.session.add(WorkdayYear(year=friday.year, source="测试"))
        db.session.add(WorkdayOverride(day=friday + 2 * DAY, kind=WorkdayKind.WORKDAY))
    (row,) = list_overdue(scene.bureau.leader, friday + 5 * DAY)
    assert row.days_late == 4


def test_the_longest_overdue_comes_first(scene: Scene) -> None:
    days = (3, 9, 5)
    with transaction():
        made = [scene.draft(title_zh=f"协议{number}") for number in days]
        for agreement in made:
            clearance.submit(agreement, scene.bureau.handler, duplicates_known=True)
    for agreement, number in zip(made, days, strict=True):
        due(agreement, "section", today() - number * DAY)
    assert [row.title_zh for row in list_overdue(scene.bureau.leader, today())] == ["协议9", "协议5", "协议3"]


def test_it_asks_the_same_few_questions_however_many_there_are(scene: Scene) -> None:
    asked = []
    for number in (1, 6):
        with transaction():
            for _ in range(number):
                agreement = scene.draft()
                clearance.submit(agreement, scene.bureau.handler, duplicates_known=True)
        for row in db.session.scalars(select(Agreement)).all():
            due(row, "section", today() - 3 * DAY)
        db.session.rollback()
        leader = scene.bureau.leader
        assert leader.roles
        with counted() as statements:
            assert list_overdue(leader, today())
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 4


# Nobody's rights grow, and nobody's number


def test_seeing_it_is_all(scene: Scene) -> None:
    agreement = in_review(scene)
    due(agreement, "section", today() - 9 * DAY)
    assert count_waiting(scene.bureau.leader) == 0
    with pytest.raises(Forbidden), transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.leader)


# On the agreement's page


def test_the_page_knows_who_is_asked_and_how_late(scene: Scene) -> None:
    agreement = in_review(scene)
    due(agreement, "section", today() - 14 * DAY)
    rows = db.session.scalars(select(Clearance).where(Clearance.agreement_id == agreement.id)).all()
    section, legal = (next(row for row in rows if row.step == step) for step in ("section", "legal"))
    waits = Waits(rows)
    assert [one.name for one in waits.holders(legal)] == [scene.bureau.legal_officer.name]
    assert waits.days_late(section) == calendar().count(today() - 14 * DAY, today()) > 0
    assert waits.days_late(legal) is None
    assert (Waits([]).holders(section), Waits([]).days_late(section)) == ([], None)
