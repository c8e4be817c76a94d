"""What people do with their own account: password, second factor, sessions.

Whatever changes a credential raises the security epoch: every browser is signed out, the present one goes on with a
new token. Slow judgements (`judge_…`) come before the write transaction.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select

from ...audit.services import record
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from .. import password_rules, second_factor, throttle, tokens
from ..events import AccountEvent
from ..inputs import FactorSetup
from ..models import PastPassword, User, UserSession
from ..passwords import hash_password, is_right
from ..sessions import open_session
from .sign_in import WRONG_CODE, use_any_code

OWN_PASSWORD = "own password"  # noqa: S105 - the name of a throttle's key
OWN_CODE = "own code"
WRONG_PASSWORD = msg("The present password is wrong")
WRONG_SETUP_CODE = msg("This code does not fit; check the clock of your phone and try the next code")
DEAD_LINK = msg("This link was used already or is too old; ask your system administrator for a new one")


def note_own_password(user: User) -> int:
    """Note a try at one's own password, so that a stolen session cannot guess it.

    Raises TooMany while locked.
    """
    return throttle.begin_attempt(user.account, OWN_PASSWORD, now()).id


def note_own_code(user: User) -> int:
    """Note a try at a code of one's present second factor, by account alone; nothing but a right code wipes these.

    Raises TooMany while locked.
    """
    return throttle.begin_attempt(user.account, OWN_CODE, now()).id


def accept_own_password(attempt_id: int) -> None:
    """The password was right; a code is still to come, and counted apart."""
    throttle.succeed(attempt_id)


def judge_own_password(user: User, password: str) -> None:
    """Slow. Raises Invalid at `current_password`."""
    if not is_right(password, user.password_hash):
        raise Invalid({"current_password": [WRONG_PASSWORD]})


def judge_new_password(user: User, password: str, repeated: str, profile: str) -> str:
    """Slow: the new password's hash. Raises Invalid at `new_password` with every rule that is unmet."""
    wrong = password_rules.unmet(password, user.account, profile)
    if password_rules.was_used(password, _former_hashes(user), profile):
        wrong.append(msg("Do not use one of your last %(count)s passwords", count=password_rules.REMEMBERED))
    fields = {"new_password": wrong} if wrong else {}
    if password != repeated:
        fields["repeat_password"] = [msg("The two passwords differ")]
    if fields:
        raise Invalid(fields)
    return hash_password(password)


def change_password(user: User, password_hash: str, session: UserSession, attempt_id: int) -> str:
    """Set the new password; returns the present browser's new token."""
    throttle.succeed(attempt_id)
    _replace_password(user, password_hash)
    record(user, AccountEvent.PASSWORD_CHANGED, user)
    return _go_on(user, session, second_factor=session.second_factor_at is not None)


def redeem(token: str, password_hash: str) -> User:
    """Set a password with a one-time link.

    Raises Conflict when the link is not good any more.
    """
    found = tokens.find(token, now())
    if found is None or not tokens.use(token, now()):
        raise Conflict(DEAD_LINK)
    user, purpose = found
    _replace_password(user, password_hash)
    record(user, AccountEvent.TOKEN_REDEEMED, user, reason=str(purpose))
    db.session.flush()
    return user


def enrol_second_factor(user: User, setup: FactorSetup, session: UserSession, attempt_id: int) -> tuple[str, list[str]]:
    """Take a second factor that a code proves; returns the present browser's new token and ten recovery codes.

    The former factor, if any, has to agree: a thief of the password must not put another in its place.

    Raises Invalid at `otp_code` or `present_otp_code`.
    """
    step = second_factor.matching_step(setup.secret, setup.code, now(), after=0)
    if step is None:
        raise Invalid({"otp_code": [WRONG_SETUP_CODE]})
    if user.has_second_factor:
        _use_present_code(user, setup.present_code)
    throttle.succeed(attempt_id)
    user.enrol_second_factor(second_factor.seal(setup.secret), step)
    codes = second_factor.renew_recovery_codes(user)
    record(user, AccountEvent.SECOND_FACTOR_ENROLLED, user)
    return _go_on(user, session, second_factor=True), codes


def renew_recovery_codes(user: User, present_code: str, attempt_id: int) -> list[str]:
    """Ten new recovery codes; the former ones end.

    Raises Conflict without a second factor, Invalid at `present_otp_code`.
    """
    if not user.has_second_factor:
        raise Conflict(msg("Set up a second factor first"))
    _use_present_code(user, present_code)
    throttle.succeed(attempt_id)
    record(user, AccountEvent.RECOVERY_CODES_MADE, user)
    return second_factor.renew_recovery_codes(user)


def confirm_identity(user: User, code: str, attempt_id: int) -> None:
    """Take a code of the second factor after the password was judged, for an act that binds an organisation.

    Raises Conflict without a second factor, Invalid at `otp_code` for one that is wrong or used.
    """
    if not user.has_second_factor:
        raise Conflict(msg("Set up a second factor first"))
    if not second_factor.use_code(user, code, now()):
        raise Invalid({"otp_code": [WRONG_CODE]})
    throttle.succeed(attempt_id)
    db.session.flush()


def end_session(user: User, session: UserSession) -> None:
    """Sign one of one's own browsers out."""
    session.end(now())
    record(user, AccountEvent.SESSION_ENDED, session)
    db.session.flush()


def end_other_sessions(user: User, sessions: Sequence[UserSession]) -> int:
    """Sign the given browsers out; returns how many."""
    for session in sessions:
        end_session(user, session)
    return len(sessions)


def _use_present_code(user: User, code: str) -> None:
    """Raises Invalid unless it is a code of the present factor or a recovery code."""
    if not use_any_code(user, code):
        raise Invalid({"present_otp_code": [WRONG_CODE]})


def _former_hashes(user: User) -> list[str]:
    """The present hash and those before it."""
    past = select(PastPassword.password_hash).where(PastPassword.user_id == user.id)
    return [user.password_hash, *db.session.scalars(past)]


def _replace_password(user: User, password_hash: str) -> None:
    """Set the password, remember the former one, forget what lies five back."""
    if user.password_hash:
        db.session.add(PastPassword(user_id=user.id, password_hash=user.password_hash, replaced_at=now()))
        db.session.flush()
    kept = select(PastPassword.id).where(PastPassword.user_id == user.id).order_by(PastPassword.id.desc())
    last = list(db.session.scalars(kept.limit(password_rules.REMEMBERED - 1)))
    db.session.execute(delete(PastPassword).where(PastPassword.user_id == user.id, PastPassword.id.not_in(last)))
    user.set_password(password_hash, now())


def _go_on(user: User, session: UserSession, *, second_factor: bool) -> str:
    """A new token for the present browser; the epoch has ended the old one."""
    session.ended_at = now()
    return open_session(user, session.agent, second_factor=second_factor)
