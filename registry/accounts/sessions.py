"""Signed-in browsers: a random token in a cookie, its SHA-256 in a table, limits on idleness and age. 会话.

OWASP ASVS 5.0, 7.2–7.4: tokens of 256 bits, new at every sign-in, ended on the server.
"""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select, update

from ..core.dates import now
from ..core.db import db
from ..core.request import origin
from .models import User, UserSession

COOKIE = "__Host-session"
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
ADMINISTRATOR_IDLE, ADMINISTRATOR_ABSOLUTE = timedelta(minutes=15), timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(user: User, agent: str = "", *, second_factor: bool = False) -> str:
    """Begin a session in the present transaction; returns the token for the cookie."""
    token, moment = token_urlsafe(32), now()
    row = UserSession(
        token_hash=token_hash(token),
        user_id=user.id,
        security_epoch=user.security_epoch,
        started_at=moment,
        seen_at=moment,
        second_factor_at=moment if second_factor else None,
        address=origin().address,
        agent=agent[:200],
    )
    db.session.add(row)
    db.session.flush()
    return token


def find(token: str, moment: datetime | None = None) -> UserSession | None:
    """The live session of a token; None when unknown, ended, too old, idle too long, or its user changed."""
    row = db.session.scalar(select(UserSession).where(UserSession.token_hash == token_hash(token)))
    return row if row and is_live(row, moment or now()) else None


def owner_id(token: str) -> int | None:
    """Whose session a token was, whether it has ended or not; None for a token that never was."""
    return db.session.scalar(select(UserSession.user_id).where(UserSession.token_hash == token_hash(token)))


def is_live(row: UserSession, moment: datetime) -> bool:
    """Whether a session still counts at this moment."""
    user = row.user
    idle = ADMINISTRATOR_IDLE if user.is_administrator else IDLE
    absolute = ADMINISTRATOR_ABSOLUTE if user.is_administrator else ABSOLUTE
    return (
        row.ended_at is None
        and row.security_epoch == user.security_epoch
        and moment - row.seen_at < idle
        and moment - row.started_at < absolute
    )


def is_due_for_touch(row: UserSession, moment: datetime) -> bool:
    """Whether its use was last noted a minute ago or more."""
    return moment - row.seen_at >= TOUCH_EVERY


def touch(session_id: int, moment: datetime) -> None:
    """Note its use, in the present transaction."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=moment))
