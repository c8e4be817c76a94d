"""The first administrators, made on the server itself before anybody can sign in. 首批管理员."""

from sqlalchemy import select

from ...core.access.roles import Role
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from .. import tokens
from ..inputs import NewUser
from ..models import TokenPurpose, User, UserRole
from . import roles, users

FIRST = (
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN),
    ("secadmin1", "安全管理员一", Role.SECURITY_ADMIN),
    ("secadmin2", "安全管理员二", Role.SECURITY_ADMIN),
    ("auditor", "审计管理员", Role.AUDITOR),
)


def make_administrators(organisation: str) -> list[tuple[User, str]]:
    """One system administrator, two security administrators, one auditor, each with the token of an invitation.

    `organisation` is a public id. Raises Conflict when there is an administrator already.
    """
    if db.session.scalar(select(UserRole.id).where(UserRole.separated).limit(1)):
        raise Conflict(msg("There are administrators already; new ones are made by them"))
    return [_make(account, name, role, organisation) for account, name, role in FIRST]


def _make(account: str, name: str, role: Role, organisation: str) -> tuple[User, str]:
    user, _token = users.add(None, NewUser(account, name, organisation))
    roles.give(None, user, role)
    return user, tokens.issue(user, TokenPurpose.INVITATION, now())
