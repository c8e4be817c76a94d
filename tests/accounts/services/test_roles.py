"""What security administrators do, and what the database itself refuses."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.accounts import second_factor, sessions
from registry.accounts.models import RecoveryCode, RoleProposal, User, UserRole, UserSession, UserStatus
from registry.accounts.services import roles
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden
from tests.accounts.people import make_person, with_second_factor

T = TypeVar("T")


@pytest.fixture
def first(app: Flask) -> User:
    return make_person(Role.SECURITY_ADMIN)


@pytest.fixture
def second(app: Flask) -> User:
    return make_person(Role.SECURITY_ADMIN)


def act(what: Callable[[], T]) -> T:
    with transaction():
        return what()


def newcomer() -> User:
    user = make_person(Role.HANDLER)
    with transaction():
        user.role_grants.clear()
        user.status = UserStatus.PENDING
    return user


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_the_first_role_makes_active(first: User) -> None:
    user = newcomer()
    act(lambda: roles.grant(first, user, Role.HANDLER))
    assert user.status is UserStatus.ACTIVE
    assert user.roles == {Role.HANDLER}
    assert [grant.granted_by_id for grant in user.role_grants] == [first.id]
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.action, event.changes, event.object_id) == (
        "account:role_granted",
        {"role": ["", "handler"]},
        user.public_id,
    )


def test_a_new_role_ends_sessions(first: User) -> None:
    user = make_person()
    act(lambda: sessions.open_session(user))
    act(lambda: roles.grant(first, user, Role.LEADER))
    row = db.session.scalars(select(UserSession)).one()
    assert not sessions.is_live(row, now())


def test_without_roles_nothing_can_be_done(first: User) -> None:
    user = make_person(Role.HANDLER)
    act(lambda: roles.revoke(first, user, Role.HANDLER))
    assert user.status is UserStatus.PENDING
    assert user.roles == frozenset()
    assert actions() == ["account:role_revoked"]


def test_one_of_two_roles_is_taken(first: User) -> None:
    user = make_person(Role.HANDLER, Role.SIGNATORY)
    act(lambda: roles.revoke(first, user, Role.HANDLER))
    assert user.roles == {Role.SIGNATORY}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR, Role.LEADER])
def test_nobody_else_grants(app: Flask, role: Role) -> None:
    actor, user = make_person(role), newcomer()
    with pytest.raises(Forbidden):
        act(lambda: roles.grant(actor, user, Role.HANDLER))


def test_an_administrators_role_takes_two(first: User, second: User) -> None:
    user = newcomer()
    with pytest.raises(Forbidden):
        act(lambda: roles.grant(first, user, Role.AUDITOR))
    proposal = act(lambda: roles.propose(first, user, Role.AUDITOR, grant=True))
    assert user.roles == frozenset()
    with pytest.raises(Forbidden):
        act(lambda: roles.confirm(first, proposal))
    act(lambda: roles.confirm(second, proposal))
    assert user.roles == {Role.AUDITOR}
    assert user.separated
    assert (proposal.accepted, proposal.decided_by_id) == (True, second.id)
    assert actions() == ["account:role_proposed", "account:role_granted"]


def test_taking_an_administrators_role_takes_two(first: User, second: User) -> None:
    user = make_person(Role.SECURITY_ADMIN)
    proposal = act(lambda: roles.propose(first, user, Role.SECURITY_ADMIN, grant=False))
    act(lambda: roles.confirm(second, proposal))
    assert user.status is UserStatus.PENDING
    assert not user.separated
    act(lambda: roles.grant(first, user, Role.HANDLER))
    assert user.roles == {Role.HANDLER}


def test_two_security_administrators_stay(first: User, second: User) -> None:
    with pytest.raises(Conflict):
        act(lambda: roles.propose(first, second, Role.SECURITY_ADMIN, grant=False))


def test_the_count_is_judged_again_at_the_confirmation(first: User, second: User) -> None:
    third = make_person(Role.SECURITY_ADMIN)
    proposal = act(lambda: roles.propose(first, third, Role.SECURITY_ADMIN, grant=False))
    with transaction():
        first.disable()
    with pytest.raises(Conflict):
        act(lambda: roles.confirm(second, proposal))
    assert third.roles == {Role.SECURITY_ADMIN}


def test_a_role_that_does_not_fit_any_more_is_not_confirmed(first: User, second: User) -> None:
    user = newcomer()
    proposal = act(lambda: roles.propose(first, user, Role.AUDITOR, grant=True))
    act(lambda: roles.grant(first, user, Role.HANDLER))
    with pytest.raises(Conflict):
        act(lambda: roles.confirm(second, proposal))
    assert user.roles == {Role.HANDLER}


def test_the_same_is_proposed_once(first: User, second: User) -> None:
    user = newcomer()
    proposal = act(lambda: roles.propose(first, user, Role.AUDITOR, grant=True))
    with pytest.raises(Conflict):
        act(lambda: roles.propose(second, user, Role.AUDITOR, grant=True))
    act(lambda: roles.reject(second, proposal))
    assert act(lambda: roles.propose(second, user, Role.AUDITOR, grant=True)).decided_at is None
    assert "account:proposal_rejected" in actions()


def test_a_decided_proposal_is_decided(first: User, second: User) -> None:
    proposal = act(lambda: roles.propose(first, newcomer_in(), Role.AUDITOR, grant=True))
    act(lambda: roles.reject(second, proposal))
    with pytest.raises(Conflict):
        act(lambda: roles.confirm(second, proposal))


def newcomer_in() -> User:
    """Inside an open transaction."""
    user = db.session.scalars(select(User).order_by(User.id)).first()
    assert user is not None
    made = User(account="new.comer", name="新人", organisation=user.organisation)
    db.session.add(made)
    db.session.flush()
    return made


def test_a_lost_second_factor_is_reset(first: User) -> None:
    user = with_second_factor(make_person(Role.AUDITOR))
    act(lambda: second_factor.renew_recovery_codes(user))
    act(lambda: roles.reset_second_factor(first, user, "手机遗失"))
    assert not user.has_second_factor
    assert db.session.scalars(select(RecoveryCode)).all() == []
    with pytest.raises(Conflict):
        act(lambda: roles.reset_second_factor(first, user, "x"))


def test_system_administrators_reset_no_second_factor(app: Flask) -> None:
    system, user = make_person(Role.SYSTEM_ADMIN), with_second_factor(make_person(Role.AUDITOR))
    with pytest.raises(Forbidden):
        act(lambda: roles.reset_second_factor(system, user, "x"))


# The database has the last word.


def insert(user: User, role: Role, separated: bool) -> None:
    with transaction():
        db.session.add(UserRole(user_id=user.id, role=role, separated=separated, granted_at=now()))


@pytest.mark.parametrize("separated", [True, False])
def test_database_refuses_a_business_role_for_an_administrator(app: Flask, separated: bool) -> None:
    user = make_person(Role.AUDITOR)
    with pytest.raises(IntegrityError):
        insert(user, Role.HANDLER, separated)


@pytest.mark.parametrize("separated", [True, False])
def test_database_refuses_an_administrators_role_for_others(app: Flask, separated: bool) -> None:
    user = make_person(Role.HANDLER)
    with pytest.raises(IntegrityError):
        insert(user, Role.AUDITOR, separated)


def test_database_refuses_two_administrators_roles(app: Flask) -> None:
    user = make_person(Role.AUDITOR)
    with pytest.raises(IntegrityError):
        insert(user, Role.SYSTEM_ADMIN, True)


def test_database_refuses_to_turn_an_account_with_roles(app: Flask) -> None:
    user = make_person(Role.HANDLER)
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(User, user.id).separated = True


def test_proposals_name_person_and_role(first: User) -> None:
    user = newcomer()
    proposal: RoleProposal = act(lambda: roles.propose(first, user, Role.AUDITOR, grant=True))
    assert proposal.audit_label == f"{user.audit_label}: auditor"
