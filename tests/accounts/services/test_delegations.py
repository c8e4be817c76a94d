"""Handing over clearance steps and being away: every rule, every refusal, both edges of the days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import models, standing
from registry.accounts.delegations import Absence, Delegation
from registry.accounts.inputs import AbsenceNotice, Handover
from registry.accounts.models import User, UserStatus
from registry.accounts.services import delegations
from registry.audit.models import AuditEvent
from registry.core.access.actions import Action
from registry.core.access.decision import StandIn, decide
from registry.core.access.roles import APPROVING, Role
from registry.core.access.table import TABLE
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.factories import make_organisation, make_user

DAY = timedelta(days=1)


@dataclass(frozen=True)
class House:
    """One organisation's people."""

    head: User
    leader: User
    viewer: User
    other: User
    auditor: User


@pytest.fixture
def house(app: Flask) -> House:
    with transaction():
        place = make_organisation()
        roles = (Role.SECTION_HEAD, Role.LEADER, Role.VIEWER, Role.HANDLER, Role.AUDITOR)
        return House(*(make_user(role, organisation=place) for role in roles))


def given(colleague: User, **changes: object) -> Handover:
    plain = Handover(Role.SECTION_HEAD, colleague.public_id, today(), today() + 4 * DAY, "出差")
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field


def hand_over(house: House, **changes: object) -> Delegation:
    with transaction():
        return delegations.hand_over(house.head, given(house.viewer, **changes))


def refused(giver: User, handover: Handover) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as error, transaction():
        delegations.hand_over(giver, handover)
    assert db.session.scalars(select(Delegation).where(Delegation.giver_id == giver.id)).all() == []
    return {name: [str(one) for one in told] for name, told in error.value.fields.items()}


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be another day for whoever asks for whom they stand in."""
    monkeypatch.setattr(models, "today", lambda: day)


# Handing over


def test_the_colleague_stands_in_from_then_on(house: House) -> None:
    assert not house.viewer.standing_in
    hand_over(house)
    assert list(house.viewer.standing_in) == [StandIn(Role.SECTION_HEAD, house.head.id, house.head.name)]
    assert house.viewer.roles == {Role.VIEWER}
    assert house.head.roles == {Role.SECTION_HEAD}
    assert house.other.standing_in == ()


def test_nothing_but_clearance_comes_with_it(house: House) -> None:
    before = {action for action in Action if decide(house.viewer, action)}
    hand_over(house)
    gained = {action for action in Action if decide(house.viewer, action)} - before
    assert gained == {Action.AGREEMENT_CLEAR, Action.AGREEMENT_RETURN}


def test_it_is_told_to_the_audit(house: House) -> None:
    made = hand_over(house)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.object_id == made.public_id)).one()
    assert (event.action, event.actor_id, event.reason) == ("account:delegated", house.head.id, "出差")
    assert house.viewer.name in event.object_label
    assert event.changes["until_on"] == [None, str(today() + 4 * DAY)]


@pytest.mark.parametrize(
    ("offset", "counts"), [(-1, False), (0, True), (1, True), (3, True), (4, False)], ids=str
)  # first day 0, last day 3
def test_the_first_and_the_last_day_count_and_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, offset: int, counts: bool
) -> None:
    first = today() + 10 * DAY
    hand_over(house, from_on=first, until_on=first + 3 * DAY)
    on(monkeypatch, first + offset * DAY)
    assert bool(house.viewer.standing_in) is counts
    assert bool(decide(house.viewer, Action.AGREEMENT_CLEAR)) is counts


def test_what_was_over_long_ago_is_not_even_read(house: House) -> None:
    with transaction():
        made = delegations.hand_over(house.head, given(house.viewer))
        made.from_on, made.until_on = today() - 9 * DAY, today() - 5 * DAY
    assert house.viewer.received == []


@pytest.mark.parametrize("length", [1, 90])
def test_one_to_ninety_days(house: House, length: int) -> None:
    made = hand_over(house, until_on=today() + (length - 1) * DAY)
    assert (made.until_on - made.from_on).days + 1 == length


def test_ninety_one_days_are_too_many(house: House) -> None:
    assert "until_on" in refused(house.head, given(house.viewer, until_on=today() + 90 * DAY))


def test_no_day_that_is_over(house: House) -> None:
    assert "from_on" in refused(house.head, given(house.viewer, from_on=today() - DAY))


def test_the_last_day_is_not_before_the_first(house: House) -> None:
    assert "until_on" in refused(house.head, given(house.viewer, from_on=today() + DAY, until_on=today()))


@pytest.mark.parametrize("role", sorted(set(Role) - APPROVING))
def test_only_roles_that_judge_agreements(house: House, role: Role) -> None:
    with transaction():
        many = make_user(role, organisation=house.head.organisation)
    with pytest.raises(Forbidden), transaction():
        delegations.hand_over(many, given(house.viewer, role=role))


def test_nobody_gives_what_they_do_not_have(house: House) -> None:
    with pytest.raises(Forbidden), transaction():
        delegations.hand_over(house.leader, given(house.viewer))


def test_who_stands_in_has_nothing_to_give(house: House) -> None:
    hand_over(house)
    with pytest.raises(Forbidden), transaction():
        delegations.hand_over(house.viewer, given(house.other))


def test_a_holder_who_stands_in_gives_nothing_on(house: House) -> None:
    with transaction():
        second = make_user(Role.SECTION_HEAD, organisation=house.head.organisation)
        delegations.hand_over(house.head, given(second))
    assert "role" in refused(second, given(house.viewer))
    with transaction():
        delegations.hand_over(second, given(house.viewer, from_on=today() + 5 * DAY, until_on=today() + 6 * DAY))


def test_nor_does_anybody_get_it_who_gave_theirs_away(house: House) -> None:
    with transaction():
        second = make_user(Role.SECTION_HEAD, organisation=house.head.organisation)
        delegations.hand_over(second, given(house.viewer))
    assert "to" in refused(house.head, given(second))


@pytest.mark.parametrize("who", ["head", "auditor", "stranger", "disabled", "pending", "nobody"])
def test_who_may_not_stand_in(house: House, who: str) -> None:
    with transaction():
        stranger = make_user(Role.VIEWER)
        disabled = make_user(Role.VIEWER, organisation=house.head.organisation)
        disabled.disable()
        pending = make_user(Role.VIEWER, organisation=house.head.organisation)
        pending.status = UserStatus.PENDING
    people = {"stranger": stranger, "disabled": disabled, "pending": pending}
    person = people.get(who) or getattr(house, who, None)
    handover = given(house.viewer, to=person.public_id if person else "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert list(refused(house.head, handover)) == ["to"]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (4, 4), (2, 3), (0, 10)])
def test_one_role_is_not_handed_to_two_on_the_same_day(house: House, first: int, last: int) -> None:
    hand_over(house)
    twice = given(house.other, from_on=today() + first * DAY, until_on=today() + last * DAY)
    with pytest.raises(Invalid) as error, transaction():
        delegations.hand_over(house.head, twice)
    assert house.viewer.name in str(error.value.fields["from_on"][0])


def test_the_days_after_may_be_another_colleagues(house: House) -> None:
    hand_over(house)
    with transaction():
        later = given(house.other, from_on=today() + 5 * DAY, until_on=today() + 6 * DAY)
        delegations.hand_over(house.head, later)
    assert len(standing.list_given(house.head)) == 2


def test_two_roles_may_go_to_two_people(house: House) -> None:
    with transaction():
        both = make_user(Role.SECTION_HEAD, Role.LEADER, organisation=house.head.organisation)
        delegations.hand_over(both, given(house.viewer))
        delegations.hand_over(both, given(house.other, role=Role.LEADER))
    assert [one.role for one in house.other.standing_in] == [Role.LEADER]


# What ends it


def test_revoking_takes_effect_at_once(house: House) -> None:
    made = hand_over(house)
    with transaction():
        delegations.revoke(house.head, made, made.row_version)
        assert house.viewer.standing_in == ()
    assert house.viewer.standing_in == ()
    assert not decide(house.viewer, Action.AGREEMENT_CLEAR)
    actions = select(AuditEvent.action).where(AuditEvent.object_id == made.public_id).order_by(AuditEvent.seq)
    assert db.session.scalars(actions).all() == ["account:delegated", "account:delegation_revoked"]


def test_after_revoking_another_may_have_it(house: House) -> None:
    made = hand_over(house)
    with transaction():
        delegations.revoke(house.head, made, made.row_version)
        delegations.hand_over(house.head, given(house.other))
    assert house.other.standing_in


def test_revoked_once_only_by_its_giver_and_on_its_newest_version(house: House) -> None:
    made = hand_over(house)
    with pytest.raises(Forbidden), transaction():
        delegations.revoke(house.leader, made, made.row_version)
    with pytest.raises(Stale), transaction():
        delegations.revoke(house.head, made, made.row_version + 1)
    with transaction():
        delegations.revoke(house.head, made, made.row_version)
    with pytest.raises(Conflict), transaction():
        delegations.revoke(house.head, made, made.row_version)


def test_it_ends_with_the_givers_role(house: House) -> None:
    hand_over(house)
    with transaction():
        house.head.role_grants.clear()
        house.head.settle_status()
    assert house.viewer.standing_in == ()


def test_it_ends_when_the_giver_is_disabled(house: House) -> None:
    hand_over(house)
    with transaction():
        house.head.disable()
    assert house.viewer.standing_in == ()


@pytest.mark.parametrize("who", ["head", "viewer"])
def test_it_ends_when_one_of_the_two_moves(house: House, who: str) -> None:
    hand_over(house)
    with transaction():
        getattr(house, who).organisation = make_organisation()
    assert house.viewer.standing_in == ()


def test_nobody_stands_in_as_an_administrator_or_without_an_account(house: House) -> None:
    hand_over(house)
    with transaction():
        house.viewer.role_grants.clear()
        db.session.flush()
        house.viewer.separated = True
        db.session.flush()
        house.viewer.role_grants.append(models.UserRole(role=Role.AUDITOR, granted_at=house.viewer.created_at))
    assert house.viewer.roles == {Role.AUDITOR}
    assert house.viewer.standing_in == ()
    with transaction():
        house.viewer.disable()
    assert house.viewer.standing_in == ()


# Absence


def away(user: User, first: int = 0, last: int = 2) -> Absence:
    with transaction():
        return delegations.tell_absence(user, AbsenceNotice(today() + first * DAY, today() + last * DAY, "培训"))


def test_an_absence_is_noted_and_told_to_the_audit(house: House) -> None:
    made = away(house.viewer)
    assert [one.id for one in standing.list_own_absences(house.viewer)] == [made.id]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.object_id == made.public_id)).one()
    assert (event.action, event.reason) == ("account:absence_told", "培训")


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 2, "from_on"), (2, 1, "until_on"), (0, 366, "until_on")])
def test_days_of_an_absence(house: House, first: int, last: int, field: str) -> None:
    with pytest.raises(Invalid) as error:
        away(house.viewer, first, last)
    assert list(error.value.fields) == [field]


def test_absences_do_not_meet(house: House) -> None:
    away(house.viewer, 0, 2)
    with pytest.raises(Invalid) as error:
        away(house.viewer, 2, 5)
    assert list(error.value.fields) == ["from_on"]
    away(house.viewer, 3, 5)
    away(house.head, 0, 2)


def test_an_absence_ends_once_by_the_person_alone(house: House) -> None:
    made = away(house.viewer)
    with pytest.raises(Forbidden), transaction():
        delegations.end_absence(house.head, made, made.row_version)
    with pytest.raises(Stale), transaction():
        delegations.end_absence(house.viewer, made, made.row_version + 1)
    with transaction():
        delegations.end_absence(house.viewer, made, made.row_version)
    with pytest.raises(Conflict), transaction():
        delegations.end_absence(house.viewer, made, made.row_version)
    assert standing.list_absences(house.viewer.organisation_id, today()) == []


def test_administrators_are_not_part_of_this(house: House) -> None:
    with pytest.raises(Forbidden):
        away(house.auditor)


def test_handing_over_may_tell_the_absence_too_but_not_twice(house: House) -> None:
    with transaction():
        both = make_user(Role.SECTION_HEAD, Role.LEADER, organisation=house.head.organisation)
        delegations.hand_over(both, given(house.viewer, is_away=True))
        delegations.hand_over(both, given(house.other, role=Role.LEADER, is_away=True))
    (absence,) = standing.list_own_absences(both)
    assert (absence.from_on, absence.until_on, absence.reason) == (today(), today() + 4 * DAY, "出差")


# Who is there


def test_holders_with_absence_and_stand_in(house: House) -> None:
    place = house.head.organisation_id
    assert standing.holders([place], today())[place, Role.SECTION_HEAD] == [standing.Holder(house.head.name, None, "")]
    hand_over(house, is_away=True)
    (found,) = standing.holders([place], today())[place, Role.SECTION_HEAD]
    assert found == standing.Holder(house.head.name, today() + 4 * DAY, house.viewer.name)
    (later,) = standing.holders([place], today() + 5 * DAY)[place, Role.SECTION_HEAD]
    assert later == standing.Holder(house.head.name, None, "")


def is_attended(house: House, role: Role = Role.SECTION_HEAD, after: int = 0) -> bool:
    statement = select(standing.somebody_there(house.head.organisation_id, role, today() + after * DAY))
    return bool(db.session.scalar(statement))


def test_somebody_is_there_unless_all_are_away_without_a_stand_in_who_is(house: House) -> None:
    assert is_attended(house)
    away(house.head, 0, 2)
    assert not is_attended(house)
    assert is_attended(house, after=3)
    hand_over(house)
    assert is_attended(house)
    assert is_attended(house, after=2)
    away(house.viewer, 1, 1)
    assert not is_attended(house, after=1)


def test_a_second_holder_is_enough(house: House) -> None:
    away(house.head)
    with transaction():
        make_user(Role.SECTION_HEAD, organisation=house.head.organisation)
    assert is_attended(house)


def test_a_role_that_nobody_has_is_not_attended(house: House) -> None:
    assert not is_attended(house, Role.LEGAL_OFFICER)


def test_others_rows_do_not_exist_for_one(house: House) -> None:
    made, absence = hand_over(house), away(house.viewer)
    assert standing.get_given(made.public_id, house.head) is made
    with pytest.raises(NotFound):
        standing.get_given(made.public_id, house.viewer)
    with pytest.raises(NotFound):
        standing.get_absence(absence.public_id, house.head)


def test_every_approving_role_clears_and_may_hand_over() -> None:
    assert TABLE[Action.AGREEMENT_CLEAR].roles == TABLE[Action.DELEGATION_GIVE].roles == APPROVING
