"""Who may do what to whose account. Pure. 账户规则.

Nobody acts on their own account here, and nobody decides their own proposal (GB/T 22239-2019, 8.1.4.2).
"""

from ..core.access.actions import Action
from ..core.access.decision import YES, Actor, Decision, decide, no
from ..core.access.roles import ADMINISTRATORS, APPROVING, BUSINESS, Role, conflict
from ..core.i18n import Message, msg
from ..organisations.models import OrganisationKind
from .delegations import Absence, Delegation
from .models import RoleProposal, User, UserStatus

NOT_YOURSELF = msg("Nobody may do this to their own account")
# Overseeing is a province's business; every other role exists in every kind of organisation.
ONLY_IN: dict[Role, frozenset[OrganisationKind]] = {Role.OVERSEER: frozenset({OrganisationKind.HR_DEPARTMENT})}
# So many active people each of these roles must keep: two security administrators confirm each other's proposals.
LEAST = {Role.SYSTEM_ADMIN: 1, Role.SECURITY_ADMIN: 2, Role.AUDITOR: 1}


def may_create(actor: Actor) -> Decision:
    """A system administrator makes accounts; they begin without any role."""
    return decide(actor, Action.ACCOUNT_CREATE)


def may_change(actor: Actor, user: User) -> Decision:
    """A system administrator edits, disables, enables and resets accounts of others."""
    return _others(actor, user, Action.ACCOUNT_CHANGE)


def may_sign_in_again(user: User) -> bool:
    """Whether a link to set a password makes sense."""
    return user.status is not UserStatus.DISABLED


def may_administer_roles(actor: Actor, user: User) -> Decision:
    """A security administrator decides on roles and second factors of others."""
    return _others(actor, user, Action.ACCOUNT_GRANT)


def may_hold(user: User, role: Role) -> Decision:
    """Whether this person could be given this role: not held, fitting their organisation, and 三员分立."""
    held = frozenset(grant.role for grant in user.role_grants)
    if user.status is UserStatus.DISABLED:
        return no(msg("This account is disabled"))
    if role in held:
        return no(msg("This person has this role already"))
    if role in ONLY_IN and user.organisation.kind not in ONLY_IN[role]:
        return no(msg("This role exists only in a provincial HR department"))
    if conflict(held | {role}):
        return no(msg("An administrator has exactly one role; administrators and business are kept apart"))
    return YES


def may_grant(actor: Actor, user: User, role: Role) -> Decision:
    """A business role, by one security administrator."""
    allowed = may_administer_roles(actor, user)
    if allowed and role in ADMINISTRATORS:
        return no(msg("An administrator's role needs two security administrators"))
    return may_hold(user, role) if allowed else allowed


def may_revoke(actor: Actor, user: User, role: Role) -> Decision:
    """A business role, by one security administrator."""
    allowed = may_administer_roles(actor, user)
    if allowed and role in ADMINISTRATORS:
        return no(msg("An administrator's role needs two security administrators"))
    return _has(user, role) if allowed else allowed


def may_propose(actor: Actor, user: User, role: Role, grant: bool) -> Decision:
    """The first of two security administrators."""
    allowed = may_administer_roles(actor, user)
    if not allowed:
        return allowed
    if role not in ADMINISTRATORS:
        return no(msg("Only administrators' roles are proposed"))
    return may_hold(user, role) if grant else _has(user, role)


def may_confirm(actor: Actor, proposal: RoleProposal) -> Decision:
    """The second security administrator: neither who proposed nor who is concerned."""
    if actor.id == proposal.proposed_by_id:
        return no(msg("Another security administrator has to confirm what you proposed"))
    return may_reject(actor, proposal)


def may_reject(actor: Actor, proposal: RoleProposal) -> Decision:
    """Any security administrator but the one concerned; who proposed may take it back."""
    allowed = may_administer_roles(actor, proposal.user)
    if allowed and proposal.decided_at is not None:
        return Decision(False, msg("This proposal was decided already"), wrong_state=True)
    return allowed


def grantable(user: User) -> list[Role]:
    """Business roles that this person could be given."""
    return [role for role in Role if role in BUSINESS and may_hold(user, role)]


def proposable(user: User) -> list[Role]:
    """Administrators' roles that could be proposed for this person."""
    return [role for role in Role if role in ADMINISTRATORS and may_hold(user, role)]


def too_few_left(role: Role, active: int) -> Message | None:
    """Why this role may not lose one of its `active` people; None when it may."""
    if role in LEAST and active <= LEAST[role]:
        return msg("At least %(count)s active: %(role)s", count=LEAST[role], role=role.label)
    return None


def may_be_away(actor: Actor) -> Decision:
    """Everybody with a business role says for themselves when they are away."""
    return decide(actor, Action.ABSENCE_MANAGE_OWN)


def may_hand_over(actor: Actor, role: Role) -> Decision:
    """The clearance steps of a role that the actor holds; one that they only stand in for is not theirs to give."""
    if role not in APPROVING:
        return no(msg("Only the clearance steps of a role that judges agreements can be handed over"))
    allowed = decide(actor, Action.DELEGATION_GIVE)
    if allowed and role not in actor.roles:
        return no(msg("You can hand over only a role of your own"))
    return allowed


def may_revoke_delegation(actor: Actor, delegation: Delegation) -> Decision:
    """Whoever gave it takes it back, with the role or without it."""
    return _own(actor, delegation.giver_id)


def may_end_absence(actor: Actor, absence: Absence) -> Decision:
    """Only the person who is away."""
    return _own(actor, absence.user_id)


def _own(actor: Actor, owner_id: int) -> Decision:
    if owner_id != actor.id:
        return no(msg("Only the person concerned can do this"))
    return decide(actor, Action.ABSENCE_MANAGE_OWN)


def _has(user: User, role: Role) -> Decision:
    held = any(grant.role is role for grant in user.role_grants)
    return YES if held else no(msg("This person does not have this role"))


def _others(actor: Actor, user: User, action: Action) -> Decision:
    allowed = decide(actor, action)
    return no(NOT_YOURSELF) if allowed and actor.id == user.id else allowed
