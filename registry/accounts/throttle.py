"""How often somebody may try: counted by account and network, in the database, before any hashing. 登录限速.

Never for everybody at once: a stranger who guesses from elsewhere must not lock the owner of an account out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from ..core.db import db
from ..core.errors import TooMany
from ..core.i18n import msg
from .models import SignInAttempt

FAILURES = 5
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=30)
SECOND_STEP = "second step"
LONGEST_ACCOUNT = 60


def begin_attempt(account: str, network: str, moment: datetime) -> SignInAttempt:
    """Note a try as failed before it is judged, so that parallel guesses are counted too.

    Raises TooMany while locked; a refused try is not noted and does not lengthen the lock.
    """
    name = account[:LONGEST_ACCOUNT].casefold()
    _one_at_a_time(f"{name} {network}")
    until = locked_until(failures(name, network, moment), moment)
    if until:
        minutes = -(-int((until - moment).total_seconds()) // 60)
        text = msg("Too many failed attempts; sign-in is locked for %(minutes)s more minutes", minutes=minutes)
        raise TooMany(text, retry_after=minutes * 60)
    attempt = SignInAttempt(account=name, network=network, tried_at=moment)
    db.session.add(attempt)
    db.session.flush()
    return attempt


def succeed(attempt_id: int) -> None:
    """The try was right after all; it wipes the failures before it."""
    db.session.get_one(SignInAttempt, attempt_id).succeeded = True


def _one_at_a_time(key: str) -> None:
    """SQLite's write lock keeps parallel guesses apart; PostgreSQL needs one of our own until the commit."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def failures(account: str, network: str, moment: datetime) -> Sequence[datetime]:
    """When tries failed that can still matter, oldest first; a success wipes what came before it."""
    since = moment - WINDOW - LOCKED_FOR
    rows = db.session.execute(
        select(SignInAttempt.tried_at, SignInAttempt.succeeded)
        .where(SignInAttempt.account == account, SignInAttempt.network == network, SignInAttempt.tried_at > since)
        .order_by(SignInAttempt.id)
    )
    found: list[datetime] = []
    for tried_at, succeeded in rows:
        if succeeded:
            found.clear()
        else:
            found.append(tried_at)
    return found


def locked_until(failed_at: Sequence[datetime], moment: datetime) -> datetime | None:
    """The end of the lock that five failures within fifteen minutes brought on; None when there is none now."""
    for first, last in zip(failed_at, failed_at[FAILURES - 1 :], strict=False):
        if last - first <= WINDOW and last + LOCKED_FOR > moment:
            return last + LOCKED_FOR
    return None
