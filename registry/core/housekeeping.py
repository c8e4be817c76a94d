"""What the daily run clears away of the web plumbing. 清理."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from .db import db
from .models import HandledRequest, ParkedForm

HANDLED_FOR = timedelta(days=2)  # longer than any session, so that no live form outlasts its trace
PARKED_FOR = timedelta(hours=24)


def clear_forms(moment: datetime) -> int:
    """Delete traces of handled forms and parked forms that are too old, in the present transaction; how many."""
    old = (
        delete(HandledRequest).where(HandledRequest.created_at < moment - HANDLED_FOR),
        delete(ParkedForm).where(ParkedForm.created_at < moment - PARKED_FOR),
    )
    return sum(db.session.execute(statement).rowcount for statement in old)  # type: ignore[attr-defined]  # DML result
