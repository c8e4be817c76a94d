"""One-time links: an invitation or a reset, 256 bits, stored hashed, used once, bound to person, purpose and epoch.

OWASP ASVS 5.0, 6.4 and 7.2. 一次性链接.
"""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select, update

from ..core.db import db
from .models import OneTimeToken, TokenPurpose, User, UserStatus

LIFETIME = {TokenPurpose.INVITATION: timedelta(hours=24), TokenPurpose.RESET: timedelta(minutes=30)}
BYTES = 32


def issue(user: User, purpose: TokenPurpose, moment: datetime) -> str:
    """A new token, to be shown once; this person's former ones end."""
    _end_former(user, moment)
    token = token_urlsafe(BYTES)
    db.session.add(
        OneTimeToken(
            token_hash=_hash(token),
            user_id=user.id,
            purpose=purpose,
            security_epoch=user.security_epoch,
            expires_at=moment + LIFETIME[purpose],
        )
    )
    db.session.flush()
    return token


def find(token: str, moment: datetime) -> tuple[User, TokenPurpose] | None:
    """Whose token this is and what for; None when unknown, used, too old, or something changed since."""
    found = db.session.execute(
        select(User, OneTimeToken.purpose)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(
            OneTimeToken.token_hash == _hash(token),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > moment,
            OneTimeToken.security_epoch == User.security_epoch,
            User.status != UserStatus.DISABLED,
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def use(token: str, moment: datetime) -> bool:
    """Use the token up; whether it was this call that did. A conditional update, so two cannot share it."""
    used = db.session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.token_hash == _hash(token), OneTimeToken.used_at.is_(None))
        .values(used_at=moment)
        .returning(OneTimeToken.id)
    )
    return used.first() is not None


def _end_former(user: User, moment: datetime) -> None:
    unused = (OneTimeToken.user_id == user.id, OneTimeToken.used_at.is_(None))
    db.session.execute(update(OneTimeToken).where(*unused).values(used_at=moment))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
