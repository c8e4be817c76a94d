"""Who is there today, who is away until when, and who stands in for whom. Reads only. 在岗、请假与代理."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from ..core.access.roles import Role
from ..core.db import db
from ..core.errors import NotFound
from .delegations import Absence, Delegation
from .models import User, UserRole, UserStatus

LISTED = 50
ONLY_THE_NAME = (lazyload(User.role_grants), lazyload(User.organisation))
PEOPLE = (
    joinedload(Delegation.giver).options(*ONLY_THE_NAME),
    joinedload(Delegation.receiver).options(*ONLY_THE_NAME),
)


@dataclass(frozen=True)
class Holder:
    """Somebody whose step waits: until when they are away (None: not away), and who stands in (empty: nobody)."""

    name: str
    away_until: date | None
    stand_in: str


def holders(organisation_ids: Collection[int], day: date) -> dict[tuple[int, Role], list[Holder]]:
    """Active people of organisations by (organisation, role), in one statement."""
    away_until = (
        select(func.max(Absence.until_on)).where(*_away(User.id, day)).correlate(User).scalar_subquery().label("away")
    )
    receiver = aliased(User)
    stand_in = (
        _stand_ins(User, UserRole.role, day, receiver)
        .with_only_columns(func.min(receiver.name))
        .correlate(User, UserRole)
        .scalar_subquery()
        .label("stand_in")
    )
    statement = (
        select(User.organisation_id, UserRole.role, User.name, away_until, stand_in)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.organisation_id.in_(organisation_ids), User.status == UserStatus.ACTIVE)
        .order_by(User.name, User.id)
    )
    found: dict[tuple[int, Role], list[Holder]] = {}
    for organisation_id, role, name, away, other in db.session.execute(statement):
        found.setdefault((organisation_id, role), []).append(Holder(name, away, other or ""))
    return found


def somebody_there(organisation_id: ColumnElement[int] | Any, role: Role, day: date) -> ColumnElement[bool]:
    """Whether an organisation has anybody for a role on a day: a holder who is not away, or a stand-in who is not."""
    holder, receiver = aliased(User), aliased(User)
    stand_in = _stand_ins(holder, role, day, receiver).where(~_is_away(receiver.id, day))
    return (
        select(holder.id)
        .join(UserRole, UserRole.user_id == holder.id)
        .where(
            holder.organisation_id == organisation_id,
            holder.status == UserStatus.ACTIVE,
            UserRole.role == role,
            or_(~_is_away(holder.id, day), stand_in.correlate(holder).exists()),
        )
        .exists()
    )


def _stand_ins(holder: Any, role: Any, day: date, receiver: Any) -> Select[Any]:
    """Whoever may act for the holder on the day (`Delegation.counts_on`, as a statement)."""
    return (
        select(receiver.id)
        .join(Delegation, Delegation.receiver_id == receiver.id)
        .where(
            Delegation.giver_id == holder.id,
            Delegation.role == role,
            Delegation.organisation_id == holder.organisation_id,
            Delegation.organisation_id == receiver.organisation_id,
            Delegation.revoked_at.is_(None),
            Delegation.from_on <= day,
            Delegation.until_on >= day,
            receiver.status == UserStatus.ACTIVE,
            receiver.separated.is_(False),
        )
    )


def _away(user_id: Any, day: date) -> tuple[ColumnElement[bool], ...]:
    return Absence.user_id == user_id, Absence.ended_at.is_(None), Absence.from_on <= day, Absence.until_on >= day


def _is_away(user_id: Any, day: date) -> ColumnElement[bool]:
    absence = aliased(Absence)
    conditions = (absence.user_id == user_id, absence.ended_at.is_(None), absence.from_on <= day)
    return select(absence.id).where(*conditions, absence.until_on >= day).exists()


def colleagues(user: User) -> Sequence[User]:
    """Active people of the same organisation who may stand in: neither the person nor an administrator."""
    statement = select(User).where(
        User.organisation_id == user.organisation_id,
        User.status == UserStatus.ACTIVE,
        User.separated.is_(False),
        User.id != user.id,
    )
    return db.session.scalars(statement.order_by(User.name, User.id)).all()


def list_given(user: User) -> Sequence[Delegation]:
    """What the person handed over, the newest first."""
    return _delegations(Delegation.giver_id == user.id)


def list_received(user: User, day: date) -> Sequence[Delegation]:
    """For whom the person stands in, on the day or later."""
    return _delegations(Delegation.receiver_id == user.id, *_not_over(day))


def list_of_organisation(organisation_id: int, day: date) -> Sequence[Delegation]:
    """Who stands in for whom in an organisation, on the day or later."""
    return _delegations(Delegation.organisation_id == organisation_id, *_not_over(day))


def _not_over(day: date) -> tuple[ColumnElement[bool], ...]:
    return Delegation.revoked_at.is_(None), Delegation.until_on >= day


def _delegations(*conditions: ColumnElement[bool]) -> Sequence[Delegation]:
    order = (Delegation.from_on.desc(), Delegation.id.desc())
    statement = select(Delegation).where(*conditions).order_by(*order).limit(LISTED).options(*PEOPLE)
    return db.session.scalars(statement).all()


def list_own_absences(user: User) -> Sequence[Absence]:
    """The person's absences, the newest first."""
    statement = select(Absence).where(Absence.user_id == user.id).order_by(Absence.from_on.desc(), Absence.id.desc())
    return db.session.scalars(statement.limit(LISTED)).all()


def list_absences(organisation_id: int, day: date) -> Sequence[Absence]:
    """Who of an organisation is away on the day or later, the next first."""
    statement = (
        select(Absence)
        .join(User, User.id == Absence.user_id)
        .where(User.organisation_id == organisation_id, Absence.ended_at.is_(None), Absence.until_on >= day)
        .order_by(Absence.from_on, Absence.id)
        .limit(LISTED)
        .options(joinedload(Absence.user).options(*ONLY_THE_NAME))
    )
    return db.session.scalars(statement).all()


def get_given(public_id: str, user: User) -> Delegation:
    """One of the person's own delegations; raises NotFound for everybody else's."""
    found = db.session.scalar(
        select(Delegation).where(Delegation.public_id == public_id, Delegation.giver_id == user.id)
    )
    if found is None:
        raise NotFound
    return found


def get_absence(public_id: str, user: User) -> Absence:
    """One of the person's own absences; raises NotFound for everybody else's."""
    found = db.session.scalar(select(Absence).where(Absence.public_id == public_id, Absence.user_id == user.id))
    if found is None:
        raise NotFound
    return found
