"""What is forgotten when nobody needs it any more: old tries, used links, ended sessions. 定期清理."""

from datetime import date, timedelta

from sqlalchemy import delete, or_

from ..core.dates import now
from ..core.db import db, transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from .models import OneTimeToken, SignInAttempt, UserSession

KEEP_TRIES = timedelta(days=2)
KEEP_ENDED = timedelta(days=30)


@daily("accounts-cleanup", msg("Clean up: used links and ended sessions"))
def clean_up(_day: date) -> None:
    """Delete what the audit tells anyway: tries after two days, links and sessions thirty days after their end."""
    moment = now()
    ended = moment - KEEP_ENDED
    with transaction():
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at < moment - KEEP_TRIES))
        db.session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < ended))
        over = or_(UserSession.ended_at < ended, UserSession.seen_at < ended)
        db.session.execute(delete(UserSession).where(over))
