"""Who may do what to whose account. No database."""

import pytest

from registry.accounts import policy
from registry.accounts.models import RoleProposal, User, UserRole, UserStatus
from registry.core.access.roles import ADMINISTRATORS, BUSINESS, Role
from registry.core.dates import now
from registry.organisations.models import Organisation, OrganisationKind


def somebody(
    number: int,
    *roles: Role,
    kind: OrganisationKind = OrganisationKind.HR_BUREAU,
    status: UserStatus = UserStatus.ACTIVE,
) -> User:
    user = User(id=number, account=f"u{number}", name="x", organisation=Organisation(kind=kind), status=status)
    user.role_grants = [UserRole(role=role) for role in roles]
    return user


SYSTEM, SECURITY, SECOND = (
    somebody(1, Role.SYSTEM_ADMIN),
    somebody(2, Role.SECURITY_ADMIN),
    somebody(3, Role.SECURITY_ADMIN),
)
AUDITOR, HANDLER, NEWCOMER = (
    somebody(4, Role.AUDITOR),
    somebody(5, Role.HANDLER),
    somebody(6, status=UserStatus.PENDING),
)


@pytest.mark.parametrize("actor", [SECURITY, AUDITOR, HANDLER, NEWCOMER])
def test_only_system_administrators_make_and_change_accounts(actor: User) -> None:
    assert policy.may_create(SYSTEM)
    assert policy.may_change(SYSTEM, HANDLER)
    assert not policy.may_create(actor)
    assert not policy.may_change(actor, HANDLER)


@pytest.mark.parametrize("actor", [SYSTEM, AUDITOR, HANDLER, NEWCOMER])
def test_only_security_administrators_decide_on_roles(actor: User) -> None:
    assert policy.may_grant(SECURITY, NEWCOMER, Role.HANDLER)
    assert not policy.may_grant(actor, NEWCOMER, Role.HANDLER)
    assert not policy.may_revoke(actor, HANDLER, Role.HANDLER)
    assert not policy.may_propose(actor, NEWCOMER, Role.AUDITOR, True)


def test_nobody_acts_on_their_own_account() -> None:
    assert not policy.may_change(SYSTEM, SYSTEM)
    assert not policy.may_grant(SECURITY, SECURITY, Role.HANDLER)
    assert not policy.may_propose(SECURITY, SECURITY, Role.SECURITY_ADMIN, False)


@pytest.mark.parametrize("kind", list(OrganisationKind))
def test_overseers_only_in_the_province(kind: OrganisationKind) -> None:
    allowed = policy.may_grant(SECURITY, somebody(9, kind=kind), Role.OVERSEER)
    assert bool(allowed) is (kind is OrganisationKind.HR_DEPARTMENT)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_and_business_are_kept_apart(role: Role) -> None:
    assert not policy.may_propose(SECURITY, HANDLER, role, True)
    assert not policy.may_grant(SECURITY, somebody(9, role), Role.HANDLER)
    assert policy.may_propose(SECURITY, NEWCOMER, role, True)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_two_administrators_roles_exclude_each_other(role: Role) -> None:
    for other in ADMINISTRATORS - {role}:
        assert not policy.may_propose(SECURITY, somebody(9, role), other, True)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_one_security_administrator_alone_moves_no_administrators_role(role: Role) -> None:
    assert not policy.may_grant(SECURITY, NEWCOMER, role)
    assert not policy.may_revoke(SECURITY, somebody(9, role), role)


@pytest.mark.parametrize("role", sorted(BUSINESS))
def test_business_roles_are_not_proposed(role: Role) -> None:
    assert not policy.may_propose(SECURITY, NEWCOMER, role, True)


def test_several_business_roles_are_fine() -> None:
    assert policy.may_grant(SECURITY, HANDLER, Role.SIGNATORY)


def test_a_role_is_held_once_and_taken_where_it_is() -> None:
    assert not policy.may_grant(SECURITY, HANDLER, Role.HANDLER)
    assert policy.may_revoke(SECURITY, HANDLER, Role.HANDLER)
    assert not policy.may_revoke(SECURITY, HANDLER, Role.LEADER)


def test_disabled_people_get_nothing() -> None:
    assert not policy.may_grant(SECURITY, somebody(9, status=UserStatus.DISABLED), Role.HANDLER)


def proposal(user: User, by: User = SECURITY) -> RoleProposal:
    return RoleProposal(user=user, role=Role.AUDITOR, grant=True, proposed_by_id=by.id)


def test_another_security_administrator_confirms() -> None:
    assert policy.may_confirm(SECOND, proposal(NEWCOMER))
    assert not policy.may_confirm(SECURITY, proposal(NEWCOMER))
    assert not policy.may_confirm(SYSTEM, proposal(NEWCOMER))


def test_nobody_decides_on_what_concerns_them() -> None:
    assert not policy.may_confirm(SECOND, proposal(SECOND))
    assert not policy.may_reject(SECOND, proposal(SECOND))


def test_who_proposed_may_take_it_back() -> None:
    assert policy.may_reject(SECURITY, proposal(NEWCOMER))


def test_a_decided_proposal_stays() -> None:
    decided = proposal(NEWCOMER)
    decided.decided_at = now()
    decision = policy.may_confirm(SECOND, decided)
    assert not decision
    assert decision.wrong_state


def test_what_can_be_offered() -> None:
    assert set(policy.grantable(NEWCOMER)) == BUSINESS - {Role.OVERSEER}
    assert set(policy.proposable(NEWCOMER)) == ADMINISTRATORS
    assert policy.proposable(HANDLER) == []
    assert policy.grantable(SYSTEM) == []


@pytest.mark.parametrize(
    ("role", "active", "refused"),
    [
        (Role.SECURITY_ADMIN, 2, True),
        (Role.SECURITY_ADMIN, 3, False),
        (Role.AUDITOR, 1, True),
        (Role.HANDLER, 1, False),
    ],
)
def test_who_cannot_be_spared(role: Role, active: int, refused: bool) -> None:
    assert bool(policy.too_few_left(role, active)) is refused
