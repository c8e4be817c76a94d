"""What system administrators do."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import sessions, tokens
from registry.accounts.inputs import NewUser, UserDetails
from registry.accounts.models import TokenPurpose, User, UserSession, UserStatus
from registry.accounts.services import own, roles, users
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Stale
from registry.organisations.models import Organisation, OrganisationStatus
from tests.accounts.people import PASSWORD_HASH, make_person
from tests.factories import make_organisation

T = TypeVar("T")


@pytest.fixture
def system(app: Flask) -> User:
    return make_person(Role.SYSTEM_ADMIN)


@pytest.fixture
def bureau(app: Flask) -> Organisation:
    with transaction():
        return make_organisation("测试局")


def act(what: Callable[[], T]) -> T:
    with transaction():
        return what()


def last_event() -> AuditEvent:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def is_signed_in(user: User) -> bool:
    rows = db.session.scalars(select(UserSession).where(UserSession.user_id == user.id))
    return any(sessions.is_live(row, now()) for row in rows)


def test_a_new_account_can_do_nothing(system: User, bureau: Organisation) -> None:
    user, token = act(lambda: users.create(system, NewUser("li.si", "李四", bureau.public_id)))
    assert user.status is UserStatus.PENDING
    assert user.roles == frozenset()
    assert tokens.find(token, now()) == (user, TokenPurpose.INVITATION)
    event = last_event()
    assert (event.action, event.actor_id, event.object_id) == ("account:created", system.id, user.public_id)
    assert event.changes["organisation"] == ["", "测试局"]


def test_an_invitation_outlives_the_first_role(system: User, bureau: Organisation) -> None:
    user, token = act(lambda: users.create(system, NewUser("li.si", "李四", bureau.public_id)))
    security = make_person(Role.SECURITY_ADMIN)
    act(lambda: roles.grant(security, user, Role.HANDLER))
    act(lambda: own.redeem(token, PASSWORD_HASH))
    assert user.roles == {Role.HANDLER}


def test_accounts_are_unique(system: User, bureau: Organisation) -> None:
    act(lambda: users.create(system, NewUser("li.si", "李四", bureau.public_id)))
    with pytest.raises(Invalid) as caught:
        act(lambda: users.create(system, NewUser("li.si", "另一人", bureau.public_id)))
    assert set(caught.value.fields) == {"account"}


@pytest.mark.parametrize("public_id", ["", "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_unknown_organisations_are_refused(system: User, public_id: str) -> None:
    with pytest.raises(Invalid):
        act(lambda: users.create(system, NewUser("li.si", "李四", public_id)))


def test_closed_organisations_take_nobody(system: User, bureau: Organisation) -> None:
    with transaction():
        bureau.status = OrganisationStatus.CLOSED
    with pytest.raises(Invalid):
        act(lambda: users.create(system, NewUser("li.si", "李四", bureau.public_id)))


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR, Role.HANDLER, Role.OVERSEER])
def test_nobody_else_makes_accounts(app: Flask, bureau: Organisation, role: Role) -> None:
    actor = make_person(role)
    with pytest.raises(Forbidden):
        act(lambda: users.create(actor, NewUser("li.si", "李四", bureau.public_id)))


def test_edit_records_before_and_after(system: User) -> None:
    user = make_person()
    before = user.name
    details = UserDetails("新名", user.organisation.public_id)
    act(lambda: users.edit(system, user, details, user.row_version))
    assert user.name == "新名"
    assert user.roles == {Role.HANDLER}
    assert last_event().changes == {"name": [before, "新名"]}


def test_edit_without_change_is_no_event(system: User) -> None:
    user = make_person()
    act(lambda: users.edit(system, user, UserDetails(user.name, user.organisation.public_id), user.row_version))
    assert db.session.scalars(select(AuditEvent)).all() == []


def test_who_moves_loses_business_roles_and_sessions(system: User, bureau: Organisation) -> None:
    user = make_person(Role.HANDLER, Role.SIGNATORY)
    act(lambda: sessions.open_session(user))
    act(lambda: users.edit(system, user, UserDetails(user.name, bureau.public_id), user.row_version))
    assert user.organisation_id == bureau.id
    assert user.roles == frozenset()
    assert user.status is UserStatus.PENDING
    assert not is_signed_in(user)
    taken = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "account:role_revoked")).all()
    assert len(taken) == 2


def test_stale_edits_are_refused(system: User) -> None:
    user = make_person()
    with pytest.raises(Stale):
        act(lambda: users.edit(system, user, UserDetails("x", user.organisation.public_id), user.row_version - 1))


def test_disabled_people_are_out_at_once(system: User) -> None:
    user = make_person()
    act(lambda: sessions.open_session(user))
    act(lambda: users.disable(system, user, "调离"))
    assert user.roles == frozenset()
    assert not is_signed_in(user)
    assert (last_event().reason, last_event().changes) == ("调离", {"status": ["active", "disabled"]})


def test_enabled_people_have_their_roles_again(system: User) -> None:
    user = make_person(Role.LEADER)
    act(lambda: users.disable(system, user, "误"))
    act(lambda: users.enable(system, user))
    assert user.status is UserStatus.ACTIVE
    assert user.roles == {Role.LEADER}


def test_disabling_and_enabling_twice(system: User) -> None:
    user = make_person()
    with pytest.raises(Conflict):
        act(lambda: users.enable(system, user))
    act(lambda: users.disable(system, user, "x"))
    with pytest.raises(Conflict):
        act(lambda: users.disable(system, user, "x"))


def test_the_last_administrators_cannot_be_disabled(system: User) -> None:
    first, second, third = (make_person(Role.SECURITY_ADMIN) for _ in range(3))
    act(lambda: users.disable(system, first, "x"))
    with pytest.raises(Conflict):
        act(lambda: users.disable(system, second, "x"))
    assert third.roles == {Role.SECURITY_ADMIN}


def test_nobody_disables_or_resets_themselves(system: User) -> None:
    make_person(Role.SYSTEM_ADMIN)
    for what in (lambda: users.disable(system, system, "x"), lambda: users.reset_password(system, system)):
        with pytest.raises(Forbidden):
            act(what)


def test_reset_ends_password_and_sessions(system: User) -> None:
    user = make_person()
    act(lambda: sessions.open_session(user))
    token = act(lambda: users.reset_password(system, user))
    assert user.password_hash == ""
    assert not is_signed_in(user)
    assert tokens.find(token, now()) == (user, TokenPurpose.RESET)
    assert last_event().action == "account:password_reset"


def test_reset_keeps_the_second_factor(system: User) -> None:
    user = make_person(Role.AUDITOR, totp_secret_encrypted=b"sealed")
    act(lambda: users.reset_password(system, user))
    assert user.has_second_factor


def test_disabled_accounts_get_no_link(system: User) -> None:
    user = make_person()
    act(lambda: users.disable(system, user, "x"))
    with pytest.raises(Conflict):
        act(lambda: users.reset_password(system, user))
