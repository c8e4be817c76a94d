"""The secret in the address: 256 bits, stored hashed, shown once, bound to person and security epoch. 日历地址.

OWASP ASVS 5.0, 7.2. One for each person: a new one ends the former.
"""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select, update

from ...accounts.events import AccountEvent
from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import NotFound
from ...core.instance import settings
from .models import CalendarFeed

BYTES = 32
LENGTH = len(token_urlsafe(BYTES))
NOTE_EVERY = timedelta(hours=1)


def make(user: User) -> str:
    """A new address, to be shown once; the former one ends.

    Raises Forbidden.
    """
    decide(user, Action.CALENDAR_MANAGE_OWN).enforce()
    token, row = token_urlsafe(BYTES), of(user, lock=True)
    event = AccountEvent.CALENDAR_RENEWED if row else AccountEvent.CALENDAR_MADE
    if row is None:
        row = CalendarFeed(user_id=user.id)
        db.session.add(row)
    row.token_hash, row.security_epoch = _hash(token), user.security_epoch
    row.made_at, row.fetched_at = now(), None
    record(user, event, user)
    db.session.flush()
    return token


def revoke(user: User) -> None:
    """End the address.

    Raises Forbidden, and NotFound when there is none.
    """
    decide(user, Action.CALENDAR_MANAGE_OWN).enforce()
    row = of(user, lock=True)
    if row is None:
        raise NotFound
    db.session.delete(row)
    record(user, AccountEvent.CALENDAR_REVOKED, user)
    db.session.flush()


def of(user: User, *, lock: bool = False) -> CalendarFeed | None:
    """A person's address, as far as the registry knows it."""
    statement = select(CalendarFeed).where(CalendarFeed.user_id == user.id)
    return db.session.scalars(statement.with_for_update(of=CalendarFeed) if lock else statement).one_or_none()


def find(token: str) -> CalendarFeed | None:
    """Whose address it is; None when unknown, renewed, revoked, or the person or their rights changed since."""
    if len(token) != LENGTH:
        return None
    row = db.session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token)))
    if row is None or not row.counts or (row.user.is_demo and not settings().demo):
        return None
    return row if decide(row.user, Action.CALENDAR_MANAGE_OWN) else None


def is_due_for_note(row: CalendarFeed, moment: datetime) -> bool:
    """Whether its use was last noted an hour ago or more."""
    return row.fetched_at is None or moment - row.fetched_at >= NOTE_EVERY


def note(user_id: int, moment: datetime) -> None:
    """Note its use, in the present transaction: its owner sees when it was fetched last."""
    db.session.execute(update(CalendarFeed).where(CalendarFeed.user_id == user_id).values(fetched_at=moment))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
