"""Clearance by a stand-in: what is allowed in a colleague's name, and every conflict of either person."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import models
from registry.accounts.delegations import Delegation
from registry.accounts.inputs import Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.agreements.inputs import Opinion
from registry.agreements.models import Agreement, AgreementStatus, Clearance, ClearanceResult, LegalResult
from registry.agreements.services import clearance
from registry.agreements.todo import count_waiting, list_waiting
from registry.agreements.views.known import Known
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Forbidden, RegistryError
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user

DAY = timedelta(days=1)
AGREED = Opinion("同意")
LEGAL = Opinion("合法", legal_result=LegalResult.LEGAL)
MINUTES = Opinion("同意", minutes_number="党组会纪要〔2026〕7号")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def viewer(scene: Scene) -> User:
    """Somebody of the bureau who judges nothing by themselves."""
    with transaction():
        return make_user(Role.VIEWER, organisation=scene.bureau.organisation)


def hand_over(giver: User, receiver: User, role: Role = Role.SECTION_HEAD, first: int = 0) -> Delegation:
    given = Handover(role, receiver.public_id, today() + first * DAY, today() + 6 * DAY, "出差")
    with transaction():
        return delegations.hand_over(giver, given)


def in_review(scene: Scene) -> Agreement:
    with transaction():
        return scene.review()


def step(agreement: Agreement, name: str) -> Clearance:
    found = select(Clearance).where(Clearance.agreement_id == agreement.id, Clearance.step == name)
    return db.session.scalars(found.order_by(Clearance.id.desc())).all()[0]


def clear(agreement: Agreement, actor: User, opinion: Opinion = AGREED) -> None:
    with transaction():
        clearance.clear(agreement, opinion, actor)


def refuses(agreement: Agreement, actor: User, opinion: Opinion = AGREED) -> str:
    """Neither passed nor returned, no button, nothing in the to-do list."""
    with pytest.raises(Forbidden) as error, transaction():
        clearance.clear(agreement, opinion, actor)
    with pytest.raises(Forbidden), transaction():
        clearance.send_back(agreement, "退回", actor)
    assert Known(agreement, actor).step is None
    assert [row.task for row in list_waiting(actor) if row.public_id == agreement.public_id] == []
    return str(error.value.message)


# In a colleague's name


def test_a_stand_in_passes_the_step_in_the_colleagues_name(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    known = Known(agreement, viewer)
    assert known.step is step(agreement, "section")
    assert known.step_for
    assert known.step_for.for_id == scene.bureau.section_head.id
    clear(agreement, viewer)
    row = step(agreement, "section")
    assert (row.result, row.decided_by, row.on_behalf_of) == (
        ClearanceResult.PASSED, viewer, scene.bureau.section_head,
    )  # fmt: skip


def test_the_audit_names_both(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    clear(agreement, viewer)
    last = select(AuditEvent).where(AuditEvent.object_id == agreement.public_id).order_by(AuditEvent.seq.desc())
    event = db.session.scalars(last).all()[0]
    assert (event.action, event.actor_id) == ("agreement:clear", viewer.id)
    assert event.changes["on_behalf_of"] == [None, scene.bureau.section_head.name]


def test_returning_in_the_colleagues_name(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    with transaction():
        clearance.send_back(agreement, "条款不全", viewer)
    assert agreement.status is AgreementStatus.DRAFT
    row = step(agreement, "section")
    assert (row.result, row.on_behalf_of) == (ClearanceResult.RETURNED, scene.bureau.section_head)
    last = select(AuditEvent.changes).where(AuditEvent.action == "agreement:return")
    assert db.session.scalars(last).one()["on_behalf_of"] == [None, scene.bureau.section_head.name]


def test_ones_own_step_is_nobody_elses(scene: Scene) -> None:
    agreement = in_review(scene)
    clear(agreement, scene.bureau.section_head)
    assert step(agreement, "section").on_behalf_of is None


def test_a_leaders_stand_in_speaks_for_the_party(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.leader, viewer, Role.LEADER)
    clear(agreement, scene.bureau.section_head)
    clear(agreement, scene.bureau.legal_officer, LEGAL)
    clear(agreement, viewer, MINUTES)
    assert agreement.status is AgreementStatus.NEGOTIATION
    assert step(agreement, "leader").on_behalf_of is None  # the newest is the university's
    ours = select(Clearance).where(Clearance.on_behalf_of_id == scene.bureau.leader.id)
    assert db.session.scalars(ours).one().decided_by is viewer


def test_who_has_the_role_too_acts_in_their_own_name(scene: Scene) -> None:
    with transaction():
        second = make_user(Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, second)
    assert [row.on_behalf_of for row in list_waiting(second)] == [""]
    clear(agreement, second)
    assert step(agreement, "section").on_behalf_of is None


def test_the_colleague_may_still_act(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    clear(agreement, scene.bureau.section_head)
    assert step(agreement, "section").on_behalf_of is None
    refuses(agreement, viewer)


# Only this role, only these days


def test_without_a_delegation_nothing(scene: Scene, viewer: User) -> None:
    refuses(in_review(scene), viewer)


def test_another_role_does_not_help(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.leader, viewer, Role.LEADER)
    refuses(agreement, viewer)


def test_another_organisations_steps_stay_theirs(scene: Scene) -> None:
    with transaction():
        theirs = make_user(Role.VIEWER, organisation=scene.university.organisation)
    agreement = in_review(scene)
    hand_over(scene.university.section_head, theirs)
    with pytest.raises(RegistryError), transaction():
        clearance.clear(agreement, AGREED, theirs)
    assert list_waiting(theirs) == []


@pytest.mark.parametrize(("day", "counts"), [(1, False), (2, True), (6, True), (7, False)])
def test_the_first_and_the_last_day(
    scene: Scene, viewer: User, monkeypatch: pytest.MonkeyPatch, day: int, counts: bool
) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer, first=2)
    then = today() + day * DAY
    monkeypatch.setattr(models, "today", lambda: then)
    assert count_waiting(viewer) == int(counts)
    if counts:
        clear(agreement, viewer)
    else:
        refuses(agreement, viewer)


def test_revoking_takes_the_step_away_at_once(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    made = hand_over(scene.bureau.section_head, viewer)
    assert Known(agreement, viewer).step
    with transaction():
        delegations.revoke(scene.bureau.section_head, made, made.row_version)
    refuses(agreement, viewer)


# Separation of duties, by person


@pytest.mark.parametrize("field", ["handler_id", "edited_by_id", "submitted_by_id"])
def test_a_stand_in_does_not_judge_their_own_work(scene: Scene, viewer: User, field: str) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    _worked_by(agreement, field, viewer)
    refuses(agreement, viewer)


@pytest.mark.parametrize("field", ["handler_id", "edited_by_id", "submitted_by_id"])
def test_nor_the_work_of_the_colleague(scene: Scene, viewer: User, field: str) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    _worked_by(agreement, field, scene.bureau.section_head)
    refuses(agreement, viewer)


def _worked_by(agreement: Agreement, field: str, person: User) -> None:
    with transaction():
        revision = agreement.open_revision
        setattr(revision if field == "submitted_by_id" else agreement, field, person.id)


def test_a_handler_does_not_pass_their_own_submission_through_a_delegation(scene: Scene) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, scene.bureau.handler)
    refuses(agreement, scene.bureau.handler)


def test_who_judged_an_earlier_step_does_not_judge_the_next_for_another(scene: Scene) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.legal_officer, scene.bureau.section_head, Role.LEGAL_OFFICER)
    clear(agreement, scene.bureau.section_head)
    refuses(agreement, scene.bureau.section_head, LEGAL)


def test_two_steps_are_not_judged_by_one_stand_in(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    hand_over(scene.bureau.legal_officer, viewer, Role.LEGAL_OFFICER)
    clear(agreement, viewer)
    refuses(agreement, viewer, LEGAL)


def test_a_colleague_in_whose_name_a_step_was_judged_judges_no_other(scene: Scene, viewer: User) -> None:
    with transaction():
        both = make_user(Role.SECTION_HEAD, Role.LEGAL_OFFICER, organisation=scene.bureau.organisation)
    agreement = in_review(scene)
    hand_over(both, viewer)
    clear(agreement, viewer)
    refuses(agreement, both, LEGAL)


def test_nor_is_another_judged_in_the_name_of_who_judged_before(scene: Scene, viewer: User) -> None:
    with transaction():
        both = make_user(Role.SECTION_HEAD, Role.LEGAL_OFFICER, organisation=scene.bureau.organisation)
    agreement = in_review(scene)
    hand_over(both, viewer, Role.LEGAL_OFFICER)
    clear(agreement, both)
    refuses(agreement, viewer, LEGAL)


def test_of_two_colleagues_the_one_without_a_conflict_counts(scene: Scene, viewer: User) -> None:
    with transaction():
        second = make_user(Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    hand_over(second, viewer)
    _worked_by(agreement, "edited_by_id", scene.bureau.section_head)
    (row,) = list_waiting(viewer)
    assert row.on_behalf_of == second.name
    clear(agreement, viewer)
    assert step(agreement, "section").on_behalf_of is second


# To-do


def test_the_step_waits_for_both_marked_for_the_stand_in_and_counted(scene: Scene, viewer: User) -> None:
    agreement = in_review(scene)
    hand_over(scene.bureau.section_head, viewer)
    for person, name in ((scene.bureau.section_head, ""), (viewer, scene.bureau.section_head.name)):
        (row,) = list_waiting(person)
        assert (row.public_id, row.task, row.on_behalf_of) == (agreement.public_id, "section", name)
        assert count_waiting(person) == 1
    clear(agreement, viewer)
    assert count_waiting(viewer) == count_waiting(scene.bureau.section_head) == 0


def test_two_colleagues_of_one_role_make_one_row(scene: Scene, viewer: User) -> None:
    in_review(scene)
    with transaction():
        second = make_user(Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    hand_over(scene.bureau.section_head, viewer)
    hand_over(second, viewer)
    assert [row.on_behalf_of for row in list_waiting(viewer)] == [scene.bureau.section_head.name]
    assert count_waiting(viewer) == 1


def test_confirming_and_starting_to_sign_are_not_handed_over(scene: Scene, viewer: User) -> None:
    hand_over(scene.bureau.leader, viewer, Role.LEADER)
    with transaction():
        agreement = scene.approved()
    assert [row.task for row in list_waiting(scene.bureau.leader)] == ["start"]
    assert list_waiting(viewer) == []
    assert agreement.status is AgreementStatus.NEGOTIATION
