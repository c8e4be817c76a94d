"""What falls due: each thing appears for those concerned, stops when it is done, waits while it is suspended."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from registry.accounts.models import User
from registry.agreements import queries as agreements
from registry.agreements.inputs import Opinion
from registry.agreements.models import Agreement, AgreementVisibility, ArchiveEntry, RenewalDecision
from registry.agreements.services import clearance, lifecycle, renewal, signing
from registry.commitments.models import Commitment, CommitmentPeriod
from registry.commitments.services import reporting, verifying
from registry.core.access.roles import Role
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.mechanisms import services as mechanisms
from registry.organisations.workdays import add_workdays
from registry.relationships import services as relationships
from registry.relationships.models import Relationship
from registry.reminders.rules import Rule
from registry.reminders.sources import catalogue
from registry.reminders.sources.base import BATCH, Due
from registry.tasks import closing
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from registry.workstations.services import activities, moves
from tests.agreements.scene import Scene, make_scene
from tests.mechanisms.meetings import make_mechanism, meeting
from tests.states import Begin
from tests.workstations.stations import held, operating

EVER = (date(2000, 1, 1), date(2100, 1, 1))
ONE_DAY = timedelta(days=1)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def in_force() -> tuple[Scene, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


def due(rule: Rule) -> list[Due]:
    return [one for source in catalogue.SOURCES[rule] for one in source.due_between(*EVER)]


def days(rule: Rule) -> list[date]:
    return [one.due_on for one in due(rule)]


def organisations(rule: Rule) -> set[int]:
    return {one.organisation_id for one in due(rule)}


def both(scene: Scene) -> set[int]:
    return {scene.bureau.organisation.id, scene.university.organisation.id}


@pytest.mark.parametrize("rule", catalogue.SOURCES)
def test_nothing_is_due_in_an_empty_registry(app: Flask, rule: Rule) -> None:
    for source in catalogue.SOURCES[rule]:
        assert source.due_between(*EVER) == source.still(["x"]) == source.of_organisation(1, *EVER) == []


# Agreements


def test_the_last_day_concerns_all_who_are_bound(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    assert set(days(Rule.EXPIRY)) == {agreement.expires_on}
    assert organisations(Rule.EXPIRY) == both(scene)
    assert {one.agreement_id for one in due(Rule.EXPIRY)} == {agreement.id}
    with transaction():
        lifecycle.expire(add_months(today(), 37))
    assert due(Rule.EXPIRY) == []


def test_a_suspended_agreement_is_marked_so(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    with transaction():
        lifecycle.suspend(agreement, "调整", scene.bureau.leader)
    assert [one.suspended for one in due(Rule.EXPIRY)] == [True, True]
    (source,) = catalogue.SOURCES[Rule.EXPIRY]
    assert source.still([agreement.public_id]) == []
    with transaction():
        lifecycle.resume(agreement, "恢复", scene.bureau.leader)
    assert [one.suspended for one in due(Rule.EXPIRY)] == [False, False]


def test_the_owner_is_asked_for_a_decision_until_there_is_one(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    assert organisations(Rule.RENEWAL) == {scene.bureau.organisation.id}
    with transaction():
        renewal.decide_renewal(agreement, RenewalDecision.UNDECIDED, "", scene.bureau.handler)
    assert days(Rule.RENEWAL) == [agreement.expires_on]
    with transaction():
        renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "合作已完成", scene.bureau.handler)
    assert due(Rule.RENEWAL) == []
    assert organisations(Rule.EXPIRY) == both(scene)  # it still ends


def test_a_renewal_that_was_begun_is_a_decision(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    with transaction():
        renewal.renew(agreement, (), scene.bureau.handler)
    assert due(Rule.RENEWAL) == []


def test_who_no_longer_sees_it_is_told_of_nothing(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    seen = AgreementVisibility
    with transaction():
        theirs = (seen.agreement_id == agreement.id, seen.organisation_id == scene.university.organisation.id)
        db.session.execute(delete(seen).where(*theirs))
    assert organisations(Rule.EXPIRY) == {scene.bureau.organisation.id}


def test_signing_waits_for_whoever_has_not_signed_and_for_the_owner(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
    assert organisations(Rule.UNSIGNED) == both(scene)
    assert set(days(Rule.UNSIGNED)) == {today()}
    with transaction():
        scene.sign(agreement, scene.university, today())
    assert organisations(Rule.UNSIGNED) == {scene.bureau.organisation.id}
    with transaction():
        scene.sign(agreement, scene.bureau, today())
    assert organisations(Rule.UNSIGNED) == {scene.bureau.organisation.id}  # somebody has to complete it
    with transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert due(Rule.UNSIGNED) == []


def test_a_review_step_waits_for_its_own_role_in_its_turn(scene: Scene) -> None:
    with transaction():
        agreement = scene.review()
    first = due(Rule.REVIEW)
    assert [(one.roles, one.due_on) for one in first] == [
        (frozenset({Role.SECTION_HEAD}), add_workdays(today(), 2).day)
    ]
    with transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    assert [one.roles for one in due(Rule.REVIEW)] == [frozenset({Role.LEGAL_OFFICER})]
    with transaction():
        clearance.send_back(agreement, "退回修改", scene.bureau.legal_officer)
    assert due(Rule.REVIEW) == []


def test_a_signed_paper_waits_to_be_filed_with_its_owner(begin_with: Begin) -> None:
    scene, _agreement = begin_with(in_force)
    assert [(one.organisation_id, one.due_on) for one in due(Rule.ARCHIVE)] == [
        (scene.bureau.organisation.id, add_workdays(today(), 10).day)
    ]
    with transaction():
        db.session.execute(delete(ArchiveEntry))
    assert due(Rule.ARCHIVE) == []


# Visits


def visit(scene: Scene, agreement: Agreement | None, day: date, by: User | None = None, **changes: object) -> None:
    about = {"subject_kind": "agreement", "subject_public_id": agreement.public_id} if agreement else {}
    given: dict[str, object] = {
        "kind": VisitKind.FOLLOW_UP,
        "day": day,
        "took_place": True,
        "visited": scene.university.organisation.public_id,
        "findings": "进展顺利",
        **about,
        **changes,
    }
    visits.enter(VisitDetails(**given), by or scene.bureau.handler)  # type: ignore[arg-type]  # any field


def test_an_agreement_nobody_visited_is_due_a_year_after_it_began(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    assert [(one.kind, one.due_on, one.organisation_id) for one in due(Rule.VISIT)] == [
        ("agreement", add_months(today(), 12), scene.bureau.organisation.id)
    ]
    with transaction():
        visit(scene, agreement, today())
    assert days(Rule.VISIT) == [add_months(today(), 12)]
    with transaction():
        visit(scene, agreement, today() + ONE_DAY, took_place=False, findings="")
    assert due(Rule.VISIT) == []  # one is planned


def test_only_the_last_visit_counts(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    with transaction():
        visit(scene, agreement, today())
        visit(scene, agreement, today())
    assert len(due(Rule.VISIT)) == 1


def test_a_follow_up_is_due_until_it_is_planned(scene: Scene) -> None:
    then = add_workdays(today(), 9).day  # a free day would be moved on
    with transaction():
        visit(scene, None, today(), follow_up="再访", next_on=then)
    assert [(one.kind, one.due_on, one.organisation_id) for one in due(Rule.VISIT)] == [
        ("visit", then, scene.bureau.organisation.id)
    ]
    with transaction():
        visit(scene, None, today() + ONE_DAY, took_place=False, findings="")
    assert due(Rule.VISIT) == []


# Mechanisms, workstations, relationships


def test_the_next_meeting_concerns_all_sides(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        mechanisms.record_meeting(mechanism, meeting(today()), scene.bureau.handler)
    assert organisations(Rule.MEETING) == both(scene)
    assert set(days(Rule.MEETING)) == {mechanism.next_meeting_on}
    with transaction():
        mechanisms.end(mechanism, "合作结束", scene.bureau.leader)
    assert due(Rule.MEETING) == []


def test_a_station_is_silent_90_days_after_its_last_sign(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        activities.add(station, held(today() - 91 * ONE_DAY), scene.bureau.handler)
    assert organisations(Rule.SILENCE) == both(scene)
    assert set(days(Rule.SILENCE)) == {today() - ONE_DAY}
    with transaction():
        activities.add(station, held(today()), scene.university.handler)
    assert set(days(Rule.SILENCE)) == {today() + 90 * ONE_DAY}
    with transaction():
        moves.suspend(station, "调整", scene.bureau.leader)
    assert due(Rule.SILENCE) == []


def test_a_relationship_is_dormant_180_days_after_its_last_event_or_reason(scene: Scene) -> None:
    past = today() - 200 * ONE_DAY
    with transaction():
        mechanism = make_mechanism(scene)
        mechanisms.record_meeting(mechanism, meeting(past), scene.bureau.handler)
    assert set(days(Rule.DORMANCY)) == {past + 180 * ONE_DAY}
    assert organisations(Rule.DORMANCY) == both(scene)
    with transaction():
        found = db.session.query(Relationship).one()
        relationships.explain(found, "双方正在换届", scene.bureau.handler)
    assert set(days(Rule.DORMANCY)) == {today() + 180 * ONE_DAY}


# Tasks


def task(scene: Scene, **changes: object) -> NewTask:
    given: dict[str, object] = {
        "title_zh": "落实专场招聘会筹备",
        "source": TaskSource.JOINT_MEETING,
        "lead": scene.university.organisation.public_id,
        "due_on": today() + 9 * ONE_DAY,
    }
    return NewTask(**(given | changes))  # type: ignore[arg-type]  # any field


def test_a_task_concerns_its_assignee_until_the_close_out_is_asked_for(scene: Scene) -> None:
    with transaction():
        made = tasks.assign(task(scene, assignee=scene.university.handler.public_id), scene.bureau.handler)
    assert [(one.organisation_id, one.person_id, one.due_on) for one in due(Rule.TASK)] == [
        (scene.university.organisation.id, scene.university.handler.id, today() + 9 * ONE_DAY)
    ]
    with transaction():
        closing.request_close(made, "已举办2场", scene.university.handler)
    assert due(Rule.TASK) == []


@pytest.mark.parametrize("key", ["workstation-silent:A:B", "relationship-silent:A", "visit:A:follow_up"])
def test_what_another_rule_tells_of_is_not_told_as_a_task(scene: Scene, key: str) -> None:
    with transaction():
        tasks.assign(task(scene, source=TaskSource.REMINDER, key=key), None)
    assert due(Rule.TASK) == []
    with transaction():
        tasks.assign(task(scene, source=TaskSource.REMINDER, key="visit:A:record"), None)
    assert len(due(Rule.TASK)) == 1


def test_a_relationship_without_any_known_day_is_told_as_the_task_that_it_is(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
        found = db.session.query(Relationship).one()
        found.last_active_on = None
        key = f"relationship-silent:{found.public_id}"
        about = {"subject_kind": "relationship", "subject_public_id": found.public_id}
        tasks.assign(task(scene, source=TaskSource.REMINDER, key=key, **about), None)
    assert due(Rule.DORMANCY) == []
    assert len(due(Rule.TASK)) == 1


# Reading


def test_ranges_and_batches_find_each_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        for number in range(5):
            tasks.assign(
                task(scene, due_on=today() + number % 2 * ONE_DAY, title_zh=f"任务{number}"), scene.bureau.handler
            )
    (source,) = catalogue.SOURCES[Rule.TASK]
    assert len(source.due_between(today(), today())) == 3
    assert source.due_between(today() + 2 * ONE_DAY, today() + 9 * ONE_DAY) == []
    monkeypatch.setattr("registry.reminders.sources.base.BATCH", 2)
    found: list[Due] = []
    while batch := source.due_between(*EVER, found[-1] if found else None):
        found += batch
    assert sorted(one.title_zh for one in found) == [f"任务{number}" for number in range(5)]
    assert BATCH > 2


def test_a_calendar_has_each_last_day_once(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    found = catalogue.of_organisation(scene.university.organisation.id, *EVER)
    assert [(one.rule, one.due_on) for one in found if one.kind == "agreement"] == [(Rule.EXPIRY, agreement.expires_on)]
    own = catalogue.of_organisation(scene.bureau.organisation.id, *EVER)
    assert [one.rule for one in own if one.kind == "agreement" and one.due_on == agreement.expires_on] == [Rule.EXPIRY]
    assert [one.due_on for one in own] == sorted(one.due_on for one in own)
    assert agreements.get_visible(agreement.public_id, scene.university.handler) is agreement


# Commitments


def period_of(code: str) -> CommitmentPeriod:
    statement = select(CommitmentPeriod).join(Commitment).where(Commitment.code == code)
    found = db.session.scalars(statement.order_by(CommitmentPeriod.no)).first()
    assert found
    return found


def first_period(rule: Rule, period: CommitmentPeriod) -> set[int]:
    """The organisations that are told of one period."""
    public_id, last = period.commitment.public_id, period.due_on
    dues = [one for one in due(rule) if one.public_id == public_id]
    return {one.organisation_id for one in dues if rule is Rule.CONFIRMATION or one.due_on == last}


def test_a_promise_is_due_with_who_gave_it_and_waits_with_who_confirms_it(begin_with: Begin) -> None:
    scene, _agreement = begin_with(in_force)
    bureau, university = scene.bureau, scene.university
    fairs = period_of("T1")
    assert first_period(Rule.COMMITMENT, fairs) == {bureau.organisation.id}
    assert first_period(Rule.CONFIRMATION, fairs) == set()
    with transaction():
        reporting.report(fairs, 1, "照片见台账", [], bureau.handler)
    assert first_period(Rule.COMMITMENT, fairs) == set()
    assert first_period(Rule.CONFIRMATION, fairs) == {university.organisation.id}
    with transaction():
        verifying.send_back(fairs, "缺少签到表", university.handler)
    assert first_period(Rule.COMMITMENT, fairs) == {bureau.organisation.id}
    with transaction():
        reporting.report(fairs, 2, "照片见台账", [], bureau.handler)
        verifying.dispute(fairs, 1, "只见到1场", university.handler)
    assert first_period(Rule.CONFIRMATION, fairs) == {bureau.organisation.id}
    with transaction():
        verifying.settle_dispute(fairs, "已核对", university.handler)
    assert first_period(Rule.COMMITMENT, fairs) == first_period(Rule.CONFIRMATION, fairs) - {university.organisation.id}


def test_promises_wait_with_their_agreement_and_end_with_it(begin_with: Begin) -> None:
    scene, agreement = begin_with(in_force)
    with transaction():
        lifecycle.suspend(agreement, "调整", scene.bureau.leader)
    assert {one.suspended for one in due(Rule.COMMITMENT)} == {True}
    with transaction():
        lifecycle.resume(agreement, "恢复", scene.bureau.leader)
    assert {one.suspended for one in due(Rule.COMMITMENT)} == {False}
    with transaction():
        lifecycle.expire(add_months(today(), 37))
    assert due(Rule.COMMITMENT) == []
