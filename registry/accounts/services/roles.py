"""What security administrators do: grant and revoke roles; administrators' roles take two of them. 授权."""

from sqlalchemy import select

from ...audit.services import record
from ...core.access.decision import Actor
from ...core.access.roles import ADMINISTRATORS, Role
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from .. import policy, queries
from ..events import AccountEvent
from ..models import RecoveryCode, RoleProposal, User, UserRole


def grant(actor: Actor, user: User, role: Role) -> None:
    """Give a business role; the person's sessions end, so that nobody works with half-known rights."""
    policy.may_grant(actor, user, role).enforce()
    give(actor, user, role)


def revoke(actor: Actor, user: User, role: Role) -> None:
    """Take a business role."""
    policy.may_revoke(actor, user, role).enforce()
    _take(actor, user, role)


def propose(actor: Actor, user: User, role: Role, *, grant: bool) -> RoleProposal:
    """Propose to give or take an administrator's role.

    Raises Conflict when the same lies open, or when too few would be left.
    """
    policy.may_propose(actor, user, role, grant).enforce()
    _refuse_too_few(role, grant)
    open_ones = (RoleProposal.user_id == user.id, RoleProposal.role == role, RoleProposal.decided_at.is_(None))
    if db.session.scalar(select(RoleProposal.id).where(*open_ones)):
        raise Conflict(msg("The same proposal lies open already"))
    proposal = RoleProposal(user=user, role=role, grant=grant, proposed_by_id=actor.id, proposed_at=now())
    db.session.add(proposal)
    db.session.flush()
    record(actor, AccountEvent.ROLE_PROPOSED, proposal, {"role": _change(role, grant)})
    return proposal


def confirm(actor: Actor, proposal: RoleProposal) -> None:
    """Bring a proposal about, as the second security administrator; everything is judged anew.

    Raises Conflict when it was decided, or when too few would be left.
    """
    policy.may_confirm(actor, proposal).enforce()
    _refuse_too_few(proposal.role, proposal.grant)
    allowed = policy.may_propose(actor, proposal.user, proposal.role, proposal.grant)
    if not allowed:
        raise Conflict(allowed.reason)
    _decide(actor, proposal, accepted=True)
    (give if proposal.grant else _take)(actor, proposal.user, proposal.role)


def reject(actor: Actor, proposal: RoleProposal) -> None:
    """Close a proposal without bringing it about."""
    policy.may_reject(actor, proposal).enforce()
    _decide(actor, proposal, accepted=False)
    record(actor, AccountEvent.PROPOSAL_REJECTED, proposal)
    db.session.flush()


def reset_second_factor(actor: Actor, user: User, reason: str) -> None:
    """Forget a lost second factor and its recovery codes; an administrator enrols a new one at the next sign-in.

    A security administrator does this and the system administrator resets passwords: neither alone gets in.
    Raises Conflict when there is none.
    """
    policy.may_administer_roles(actor, user).enforce()
    if not user.has_second_factor:
        raise Conflict(msg("This person has no second factor"))
    user.drop_second_factor()
    for code in db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)):
        db.session.delete(code)
    record(actor, AccountEvent.SECOND_FACTOR_RESET, user, reason=reason)
    db.session.flush()


def give(actor: Actor | None, user: User, role: Role) -> None:
    """The act itself, without asking: for confirmed proposals and for the first administrators."""
    user.separated = role in ADMINISTRATORS
    db.session.flush()  # the database lets no role in before the account is of its kind
    user.role_grants.append(UserRole(role=role, granted_by_id=actor.id if actor else None, granted_at=now()))
    user.settle_status()
    record(actor, AccountEvent.ROLE_GRANTED, user, {"role": _change(role, True)})
    db.session.flush()


def _take(actor: Actor, user: User, role: Role) -> None:
    for held in [grant for grant in user.role_grants if grant.role is role]:
        user.role_grants.remove(held)
    user.settle_status()
    db.session.flush()
    user.separated = user.separated and bool(user.role_grants)
    record(actor, AccountEvent.ROLE_REVOKED, user, {"role": _change(role, False)})
    db.session.flush()


def _decide(actor: Actor, proposal: RoleProposal, *, accepted: bool) -> None:
    proposal.decided_by_id, proposal.decided_at, proposal.accepted = actor.id, now(), accepted


def _refuse_too_few(role: Role, grant: bool) -> None:
    wrong = None if grant else policy.too_few_left(role, queries.count_active(role))
    if wrong:
        raise Conflict(wrong)


def _change(role: Role, grant: bool) -> tuple[str, str]:
    return ("", str(role.value)) if grant else (str(role.value), "")
