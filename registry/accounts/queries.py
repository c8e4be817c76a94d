"""Reading users, their sessions and proposals.

Administrators see every account: accounts are not records of one organisation. Sessions are seen by their owner only.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import joinedload

from ..core.access.roles import Role
from ..core.dates import now
from ..core.db import db
from ..core.errors import NotFound
from ..organisations.models import Organisation
from . import tokens
from .inputs import UserFilter
from .models import RoleProposal, User, UserRole, UserSession, UserStatus
from .sessions import is_live

COUNT_LIMIT = 1_000
COLUMNS: tuple[Any, ...] = (
    User.id,
    User.public_id,
    User.account,
    User.name,
    User.status,
    User.is_demo,
    User.totp_secret_encrypted.is_not(None).label("has_second_factor"),
    Organisation.name_zh,
    Organisation.name_en,
)


def find_for_second_step(public_id: str, epoch: int) -> User | None:
    """The person who gave the right password a moment ago, unless something changed since."""
    user = db.session.scalar(select(User).where(User.public_id == public_id, User.security_epoch == epoch))
    return user if user and user.status is UserStatus.ACTIVE and user.has_second_factor else None


def find_by_token(token: str) -> User | None:
    """Whose one-time link this is, while it is good."""
    found = tokens.find(token, now())
    return found[0] if found else None


def get_user(public_id: str) -> User:
    """One account; raises NotFound."""
    user = db.session.scalar(select(User).where(User.public_id == public_id))
    if user is None:
        raise NotFound
    return user


def find_by_account(account: str) -> User | None:
    """One account by its name, whatever the case."""
    return db.session.scalar(select(User).where(User.account == account.casefold()))


def list_users(wanted: UserFilter, offset: int = 0, limit: int = 25) -> tuple[Sequence[Row[Any]], int]:
    """A page of accounts by organisation and name, and how many there are; above COUNT_LIMIT means many more."""
    conditions = list(_conditions(wanted))
    joined = select(*COLUMNS).join(Organisation, Organisation.id == User.organisation_id).where(*conditions)
    page = joined.order_by(Organisation.name_zh, User.account).offset(offset).limit(limit)
    counted = joined.with_only_columns(User.id).limit(COUNT_LIMIT + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return db.session.execute(page).all(), total


def roles_of(user_ids: Sequence[int]) -> dict[int, list[Role]]:
    """The granted roles of several people at once, in the order of `Role`."""
    found: dict[int, list[Role]] = {}
    rows = db.session.execute(select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(user_ids)))
    for user_id, role in sorted(rows, key=lambda row: list(Role).index(row.role)):
        found.setdefault(user_id, []).append(role)
    return found


def count_active(role: Role) -> int:
    """How many active people have a role."""
    holders = select(func.count(UserRole.id)).join(User, User.id == UserRole.user_id)
    return db.session.scalar(holders.where(UserRole.role == role, User.status == UserStatus.ACTIVE)) or 0


def list_sessions(user: User) -> list[UserSession]:
    """The person's live sessions, the last used first."""
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc())
    )
    return [row for row in rows if is_live(row, now())]


def get_session(user: User, public_id: str) -> UserSession:
    """One of the person's own sessions; raises NotFound for everybody else's."""
    row = db.session.scalar(
        select(UserSession).where(UserSession.public_id == public_id, UserSession.user_id == user.id)
    )
    if row is None:
        raise NotFound
    return row


def list_open_proposals() -> Sequence[RoleProposal]:
    """What waits for a second security administrator, oldest first."""
    people = (joinedload(RoleProposal.user), joinedload(RoleProposal.proposed_by))
    waiting = select(RoleProposal).where(RoleProposal.decided_at.is_(None)).options(*people)
    return db.session.scalars(waiting.order_by(RoleProposal.id)).all()


def get_proposal(public_id: str) -> RoleProposal:
    """One proposal; raises NotFound. Locked where the database can, so that it is decided once."""
    found = db.session.scalar(select(RoleProposal).where(RoleProposal.public_id == public_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def is_demo_inhabited() -> bool:
    """Whether people of the demonstration exist."""
    return db.session.scalar(select(User.id).where(User.is_demo).limit(1)) is not None


def _conditions(wanted: UserFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        columns = (User.account, User.name, Organisation.name_zh, Organisation.name_en)
        yield or_(*(column.icontains(wanted.text, autoescape=True) for column in columns))
    if wanted.organisation:
        yield Organisation.public_id == wanted.organisation
    if wanted.role in set(Role):
        yield User.id.in_(select(UserRole.user_id).where(UserRole.role == Role(wanted.role)))
    if wanted.status in set(UserStatus):
        yield User.status == UserStatus(wanted.status)
