"""Old tries, links and sessions are forgotten; what still counts stays."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from registry.accounts import sessions
from registry.accounts.housekeeping import clean_up
from registry.accounts.models import SignInAttempt, UserSession
from registry.core.dates import now, today
from registry.core.db import db, transaction
from tests.factories import make_user


def count(table: type) -> int:
    """Its rows."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_only_what_is_old_goes(app: Flask) -> None:
    with transaction():
        user = make_user()
        fresh, old = sessions.open_session(user), sessions.open_session(user)
        row = sessions.find(old)
        assert row
        row.seen_at = now() - timedelta(days=40)
        for days in (0, 3):
            tried = now() - timedelta(days=days)
            db.session.add(SignInAttempt(account="someone", network="192.0.2.0/24", tried_at=tried))
    clean_up(today())
    assert (count(UserSession), count(SignInAttempt)) == (1, 1)
    assert sessions.find(fresh)
