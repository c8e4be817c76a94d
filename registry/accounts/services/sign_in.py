"""Signing in and out. The order matters: the try is noted, then the password judged, then the session opened.

The password is hashed between the two transactions, so that nobody waits for a slow hash behind the write lock.
"""

from dataclasses import dataclass

from sqlalchemy import select

from ...audit.services import record
from ...core.access.roles import Role
from ...core.dates import now
from ...core.db import db
from ...core.i18n import Message, msg
from ...core.request import origin
from .. import second_factor, throttle
from ..events import AccountEvent
from ..inputs import Credentials
from ..models import SignInAttempt, User, UserSession, UserStatus
from ..passwords import hash_password, is_outdated, is_right
from ..sessions import open_session

WRONG = msg("The account or the password is wrong")
WRONG_CODE = msg("This code is wrong or was used already")
PENDING = msg("Your account has no role yet; the security administrator of your registry grants it")
DISABLED = msg("This account is disabled; ask the system administrator of your registry")


@dataclass(frozen=True)
class PasswordCheck:
    """What the slow part found out; `seen_hash` tells whether the password changed meanwhile."""

    user_id: int | None
    is_right: bool
    seen_hash: str = ""
    fresh_hash: str = ""


@dataclass(frozen=True)
class Outcome:
    """A session's token and the roles of whoever it is, or who has to show a second factor, or a refusal."""

    token: str = ""
    roles: frozenset[Role] = frozenset()
    second_step_for: User | None = None
    refusal: Message | None = None


def begin(account: str, network: str) -> int:
    """Note the try; returns its number.

    Raises TooMany while locked.
    """
    return throttle.begin_attempt(account, network, now()).id


def check_password(credentials: Credentials) -> PasswordCheck:
    """Judge the password, outside any write transaction; unknown accounts take the same time."""
    found = db.session.execute(
        select(User.id, User.password_hash).where(User.account == credentials.account.casefold())
    ).one_or_none()
    user_id, stored = found or (None, "")
    if not is_right(credentials.password, stored):
        return PasswordCheck(user_id, False)
    fresh = hash_password(credentials.password) if is_outdated(stored) else ""
    return PasswordCheck(user_id, True, stored, fresh)


def finish(attempt_id: int, check: PasswordCheck, agent: str, *, demo: bool) -> Outcome:
    """Open the session, ask for the second factor, or note the failure. Refusals are returned: the note must stay."""
    attempt = db.session.get_one(SignInAttempt, attempt_id)
    user = db.session.get(User, check.user_id) if check.user_id else None
    if user is None or not check.is_right or user.password_hash != check.seen_hash or (user.is_demo and not demo):
        return _fail(attempt, user, "wrong_password" if user else "unknown_account", WRONG)
    if user.status is not UserStatus.ACTIVE:
        is_pending = user.status is UserStatus.PENDING
        return _fail(attempt, user, str(user.status), PENDING if is_pending else DISABLED)
    attempt.succeeded = True
    if check.fresh_hash:
        user.password_hash = check.fresh_hash
    if user.has_second_factor:
        return Outcome(second_step_for=user)
    return Outcome(_open(user, agent, second_factor=False), user.roles)


def check_second_factor(user: User, code: str, agent: str) -> Outcome:
    """Judge a code of the app, or a recovery code, and open the session.

    Raises TooMany while locked: tries are counted by account alone, since whoever gets here knows the password.
    """
    attempt = throttle.begin_attempt(user.account, throttle.SECOND_STEP, now())
    if not use_any_code(user, code):
        return _fail(attempt, user, "wrong_code", WRONG_CODE)
    attempt.succeeded = True
    return Outcome(_open(user, agent, second_factor=True), user.roles)


def use_any_code(user: User, code: str) -> bool:
    """Whether it is a code of the app or a recovery code; it is used up."""
    if second_factor.use_code(user, code, now()):
        return True
    if not second_factor.use_recovery_code(user, code, now()):
        return False
    record(user, AccountEvent.RECOVERY_CODE_USED, user)
    return True


def sign_out(row: UserSession) -> None:
    """End the session on the server."""
    row.end(now())
    record(row.user, AccountEvent.SIGNED_OUT, row)
    db.session.flush()


def _open(user: User, agent: str, *, second_factor: bool) -> str:
    record(user, AccountEvent.SIGNED_IN, user)
    return open_session(user, agent, second_factor=second_factor)


def _fail(attempt: SignInAttempt, user: User | None, reason: str, refusal: Message) -> Outcome:
    """Note it without what was typed: people type passwords into the wrong field."""
    record(None, AccountEvent.SIGN_IN_FAILED, user, reason=reason, succeeded=False)
    failed_at = throttle.failures(attempt.account, attempt.network, now())
    if throttle.locked_until(failed_at, now()):
        record(None, AccountEvent.LOCKED, user, reason=origin().address, succeeded=False)
    return Outcome(refusal=refusal)
