"""Handing the clearance steps of a role to a colleague for a time, and saying that one is away. 代理与请假."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from ...audit.services import record
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Invalid, Stale
from ...core.i18n import Message, msg
from .. import policy, standing
from ..delegations import Absence, Delegation
from ..events import AccountEvent
from ..inputs import AbsenceNotice, Handover
from ..models import User

LONGEST_DELEGATION = 90
LONGEST_ABSENCE = 366
Problems = dict[str, Sequence[Message | str]]


def hand_over(actor: User, given: Handover) -> Delegation:
    """Let a colleague take the clearance steps of one of one's own roles, from a day through a day.

    Raises Forbidden for a role that is not one's own, Invalid by field: a colleague who may not stand in, a span that
    lies in the past, is turned round or has more than 90 days, days for which the role is handed over already, and a
    chain, in either direction.
    """
    policy.may_hand_over(actor, given.role).enforce()
    receiver = _colleague(actor, given.to)
    _one_at_a_time(actor, receiver)
    problems = _wrong_span(given.from_on, given.until_on, LONGEST_DELEGATION) or _in_the_way(actor, receiver, given)
    if problems:
        raise Invalid(problems)
    made = Delegation(
        organisation_id=actor.organisation_id,
        giver=actor,
        receiver=receiver,
        role=given.role,
        from_on=given.from_on,
        until_on=given.until_on,
        reason=given.reason,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(receiver, ["received"])
    changes = {"role": ("", given.role), "from_on": (None, given.from_on), "until_on": (None, given.until_on)}
    record(actor, AccountEvent.DELEGATED, made, changes, reason=given.reason)
    if given.is_away and not _overlapping_absence(actor, given.from_on, given.until_on):
        _note_absence(actor, AbsenceNotice(given.from_on, given.until_on, given.reason))
    return made


def revoke(actor: User, delegation: Delegation, row_version: int) -> None:
    """End a delegation at once.

    Raises Forbidden for somebody else's, Stale, Conflict for one that is ended.
    """
    policy.may_revoke_delegation(actor, delegation).enforce()
    if row_version != delegation.row_version:
        raise Stale
    delegation.revoke(now())
    record(actor, AccountEvent.DELEGATION_REVOKED, delegation)
    db.session.flush()


def tell_absence(actor: User, notice: AbsenceNotice) -> Absence:
    """Say that one is away from a day through a day.

    Raises Forbidden, Invalid by field for a span that lies in the past, is turned round, is longer than a year, or
    meets another absence.
    """
    policy.may_be_away(actor).enforce()
    _one_at_a_time(actor)
    problems = _wrong_span(notice.from_on, notice.until_on, LONGEST_ABSENCE)
    if not problems and _overlapping_absence(actor, notice.from_on, notice.until_on):
        problems = {"from_on": [msg("You have said already that you are away on some of these days")]}
    if problems:
        raise Invalid(problems)
    return _note_absence(actor, notice)


def end_absence(actor: User, absence: Absence, row_version: int) -> None:
    """Be back, or not leave at all. A delegation goes on: it is revoked apart.

    Raises Forbidden for somebody else's, Stale, Conflict for one that is ended.
    """
    policy.may_end_absence(actor, absence).enforce()
    if row_version != absence.row_version:
        raise Stale
    absence.end(now())
    record(actor, AccountEvent.ABSENCE_ENDED, absence)
    db.session.flush()


def _note_absence(actor: User, notice: AbsenceNotice) -> Absence:
    made = Absence(user=actor, from_on=notice.from_on, until_on=notice.until_on, reason=notice.reason)
    db.session.add(made)
    db.session.flush()
    changes: Mapping[str, tuple[Any, Any]] = {"from_on": (None, made.from_on), "until_on": (None, made.until_on)}
    record(actor, AccountEvent.ABSENCE_TOLD, made, changes, reason=notice.reason)
    return made


def _colleague(actor: User, public_id: str) -> User:
    found = next((one for one in standing.colleagues(actor) if one.public_id == public_id), None)
    if found is None:
        raise Invalid({"to": [msg("Choose an active colleague of your organisation; administrators cannot stand in")]})
    return found


def _one_at_a_time(*people: User) -> None:
    """Whoever hands over to or from these people waits: overlaps and chains are looked for and written in one go."""
    ids = [one.id for one in people]
    db.session.execute(select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update(key_share=True)).all()


def _wrong_span(from_on: date, until_on: date, longest: int) -> Problems:
    if from_on < today():
        return {"from_on": [msg("This day is over; begin today or later")]}
    if until_on < from_on:
        return {"until_on": [msg("The last day lies before the first")]}
    if (until_on - from_on).days + 1 > longest:
        return {"until_on": [msg("At most %(count)s days", count=longest)]}
    return {}


def _in_the_way(actor: User, receiver: User, given: Handover) -> Problems:
    """Delegations of the same role on some of the same days that exclude this one."""
    mine = _find(given, Delegation.giver_id == actor.id)
    if mine:
        return {"from_on": [msg("On some of these days %(name)s has this role already", name=mine.receiver.name)]}
    borrowed = _find(given, Delegation.receiver_id == actor.id)
    if borrowed:
        return {"role": [msg("You stand in for %(name)s in this role: it cannot go on", name=borrowed.giver.name)]}
    if _find(given, Delegation.giver_id == receiver.id):
        return {"to": [msg("This colleague has handed this role to somebody else on some of these days")]}
    return {}


def _find(given: Handover, *conditions: ColumnElement[bool]) -> Delegation | None:
    meets = (Delegation.from_on <= given.until_on, Delegation.until_on >= given.from_on)
    alike = (Delegation.role == given.role, Delegation.revoked_at.is_(None))
    return db.session.scalars(select(Delegation).where(*meets, *alike, *conditions).limit(1)).first()


def _overlapping_absence(user: User, from_on: date, until_on: date) -> bool:
    meets = (Absence.from_on <= until_on, Absence.until_on >= from_on, Absence.ended_at.is_(None))
    return db.session.scalar(select(Absence.id).where(Absence.user_id == user.id, *meets).limit(1)) is not None
