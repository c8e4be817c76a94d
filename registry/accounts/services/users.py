"""What system administrators do: make accounts, keep names and organisations right, shut and open, reset passwords.

They give no role and read no agreement (三员分立).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from ...audit.services import record
from ...core.access.decision import Actor
from ...core.access.roles import ADMINISTRATORS
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, Stale
from ...core.i18n import msg
from ...organisations.models import Organisation, OrganisationStatus
from .. import policy, queries, tokens
from ..events import AccountEvent
from ..inputs import NewUser, UserDetails
from ..models import TokenPurpose, User


def create(actor: Actor, new: NewUser) -> tuple[User, str]:
    """Make an account without roles; returns it and the token of its invitation.

    Raises Invalid for an account that exists or an organisation that does not.
    """
    policy.may_create(actor).enforce()
    return add(actor, new)


def add(actor: Actor | None, new: NewUser) -> tuple[User, str]:
    """The same without asking: for the command line, which whoever runs the server may use."""
    organisation = _organisation(new.organisation)
    if db.session.scalar(select(User.id).where(User.account == new.account)):
        raise Invalid({"account": [msg("This account exists already")]})
    user = User(account=new.account, name=new.name, organisation=organisation)
    db.session.add(user)
    db.session.flush()
    details: Mapping[str, tuple[Any, Any]] = {"name": ("", new.name), "organisation": ("", organisation.name_zh)}
    record(actor, AccountEvent.CREATED, user, details)
    return user, tokens.issue(user, TokenPurpose.INVITATION, now())


def edit(actor: Actor, user: User, details: UserDetails, row_version: int) -> None:
    """Correct name and organisation. Who moves loses the business roles: they were granted for the other organisation.

    Raises Stale, Invalid.
    """
    policy.may_change(actor, user).enforce()
    if row_version != user.row_version:
        raise Stale
    organisation = _organisation(details.organisation)
    changes: dict[str, tuple[Any, Any]] = {}
    if user.name != details.name:
        changes["name"] = (user.name, details.name)
        user.name = details.name
    if user.organisation_id != organisation.id:
        changes["organisation"] = (user.organisation.name_zh, organisation.name_zh)
        _move(actor, user, organisation)
    if changes:
        record(actor, AccountEvent.EDITED, user, changes)
    db.session.flush()


def disable(actor: Actor, user: User, reason: str) -> None:
    """Shut an account; its sessions and links end.

    Raises Conflict for one that is shut, or an administrator who cannot be spared.
    """
    policy.may_change(actor, user).enforce()
    for role in user.roles & ADMINISTRATORS:
        wrong = policy.too_few_left(role, queries.count_active(role))
        if wrong:
            raise Conflict(wrong)
    before = user.status
    user.disable()
    record(actor, AccountEvent.DISABLED, user, {"status": (before, user.status)}, reason=reason)
    db.session.flush()


def enable(actor: Actor, user: User) -> None:
    """Open an account again, with the roles that it has.

    Raises Conflict for one that is open.
    """
    policy.may_change(actor, user).enforce()
    before = user.status
    user.enable()
    record(actor, AccountEvent.ENABLED, user, {"status": (before, user.status)})
    db.session.flush()


def reset_password(actor: Actor, user: User) -> str:
    """End the password and every session; returns the token of a one-time link, to be shown once.

    The second factor stays: whoever resets cannot sign in as somebody who has one. Raises Conflict when disabled.
    """
    policy.may_change(actor, user).enforce()
    return renew_link(actor, user)


def renew_link(actor: Actor | None, user: User) -> str:
    """The same without asking, for the command line; an account that never had a password gets an invitation."""
    if not policy.may_sign_in_again(user):
        raise Conflict(msg("This account is disabled"))
    purpose = TokenPurpose.RESET if user.password_changed_at else TokenPurpose.INVITATION
    user.password_hash = ""
    user.raise_epoch()
    record(actor, AccountEvent.PASSWORD_RESET, user, reason=str(purpose))
    db.session.flush()
    return tokens.issue(user, purpose, now())


def _move(actor: Actor, user: User, organisation: Organisation) -> None:
    user.organisation = organisation
    for grant in [grant for grant in user.role_grants if grant.role not in ADMINISTRATORS]:
        user.role_grants.remove(grant)
        record(actor, AccountEvent.ROLE_REVOKED, user, {"role": (grant.role, "")}, reason="organisation")
    user.settle_status()


def _organisation(public_id: str) -> Organisation:
    found = db.session.scalar(
        select(Organisation).where(
            Organisation.public_id == public_id, Organisation.status == OrganisationStatus.ACTIVE
        )
    )
    if found is None:
        raise Invalid({"organisation": [msg("Choose one of the listed organisations")]})
    return found
