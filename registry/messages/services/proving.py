"""An e-mail address is used once its owner has proven it with a code that was sent there. 邮箱验证."""

import hmac
import re
from datetime import timedelta
from secrets import randbelow

from sqlalchemy import select

from ...accounts.models import User
from ...audit.services import record as audit
from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, TooMany
from ...core.i18n import msg
from ...core.instance import settings
from ...jobs.registry import GiveUp
from ...jobs.services import enqueue
from .. import smtp
from ..enums import Outcome
from ..letters import code_mail, language_of
from ..models import Preference
from ..secrets import CODE, EMAIL, email_hint, reveal, seal

PROVE = "messages.prove"
GOOD_FOR = timedelta(minutes=30)
BETWEEN = timedelta(minutes=2)
MOST_TRIES = 5
LONGEST = 190
# The audit outlives the address: it says that there is one, not which.
ASKED, PROVEN, FORGOTTEN = ({"email": ("", word)} for word in ("asked", "proven", "forgotten"))
# ASCII only (RFC 5321); what a mail server makes of it, the code shows.
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_{{|}}~-]{{1,64}}@(?:{LABEL}\.)+[A-Za-z]{{2,24}}")


class Unsent(Exception):
    """The code could not be sent now."""


def ask(user: User, address: str) -> None:
    """Send a code to an address; until it comes back the former address stays in use.

    Raises Invalid for text that is no address, Conflict where the registry sends no e-mail, TooMany within 2 minutes.
    """
    if not settings().smtp_url:
        raise Conflict(msg("This registry sends no e-mail; ask the system administrator"))
    if not ADDRESS.fullmatch(address) or len(address) > LONGEST:
        raise Invalid({"email": [msg("Write an e-mail address such as name@example.cn")]})
    wish = preference_for_change(user)
    _not_too_often(wish)
    wish.pending_encrypted, wish.pending_hint = seal(address, EMAIL), email_hint(address)
    wish.code_encrypted = seal(f"{randbelow(10**8):08}", CODE)
    wish.code_expires_at, wish.code_tries = now() + GOOD_FOR, 0
    db.session.flush()
    enqueue(PROVE, wish.public_id, {"preference": wish.public_id}, renew=True)
    audit(user, Action.MESSAGE_MANAGE_OWN, wish, ASKED)


def send_code(public_id: str) -> None:
    """Send the code that waits, if it is still good.

    Raises Unsent, to be tried again, or GiveUp where the mail server does not take the address. Neither names it.
    """
    wish = db.session.scalar(select(Preference).where(Preference.public_id == public_id))
    if wish is None or wish.code_encrypted is None or wish.code_expires_at is None or wish.code_expires_at < now():
        return
    subject, text = code_mail(reveal(wish.code_encrypted, CODE), _minutes(), language_of(wish.user.language))
    key = f"{wish.public_id}.{int(wish.code_expires_at.timestamp())}"
    address = reveal(wish.pending_encrypted, EMAIL)
    mail = smtp.make_mail(address, subject, text, key, settings())
    db.session.rollback()  # nothing is held while the mail server takes its time
    answer = smtp.send(mail, settings()).without(address)
    if answer.outcome is not Outcome.ACCEPTED:
        said = f"{answer.outcome}: {answer.code or ''} {answer.words}"
        raise GiveUp(said) if answer.is_final else Unsent(said)


def prove(user: User, code: str) -> bool:
    """Take the address into use if the code is right; a wrong one counts, and after five a new one is needed.

    The caller commits either way, and tells the person when it was wrong.
    """
    wish = preference_for_change(user)
    if wish.code_encrypted is None or wish.code_expires_at is None or wish.code_expires_at < now():
        return False
    if not hmac.compare_digest(reveal(wish.code_encrypted, CODE).encode(), "".join(code.split()).encode()):
        wish.code_tries += 1
        if wish.code_tries >= MOST_TRIES:
            _forget_code(wish)
        return False
    wish.email_encrypted, wish.email_hint, wish.verified_at = wish.pending_encrypted, wish.pending_hint, now()
    _forget_code(wish)
    audit(user, Action.MESSAGE_MANAGE_OWN, wish, PROVEN)
    return True


def forget_email(user: User) -> None:
    """Send nothing by e-mail any more, and forget the address."""
    wish = preference_for_change(user)
    wish.email_encrypted, wish.email_hint, wish.verified_at = None, "", None
    _forget_code(wish)
    audit(user, Action.MESSAGE_MANAGE_OWN, wish, FORGOTTEN)


def preference_for_change(user: User) -> Preference:
    """The person's row, made when it is needed; locked, so that codes tried at the same time are all counted."""
    statement = select(Preference).where(Preference.user_id == user.id).with_for_update(of=Preference)
    wish = db.session.scalar(statement.execution_options(populate_existing=True))
    if wish is None:
        wish = Preference(user=user)
        db.session.add(wish)
        db.session.flush()
    return wish


def _forget_code(wish: Preference) -> None:
    wish.pending_encrypted, wish.pending_hint, wish.code_encrypted = None, "", None
    wish.code_tries = 0  # the moment stays: the next code has to wait


def _not_too_often(wish: Preference) -> None:
    if wish.code_expires_at is None:
        return
    wait = wish.code_expires_at - GOOD_FOR + BETWEEN - now()
    if wait > timedelta():
        raise TooMany(retry_after=int(wait.total_seconds()) + 1)


def _minutes() -> int:
    return int(GOOD_FOR.total_seconds() // 60)
