"""Periods further ahead, and promises of agreements that were in force before commitments were kept. 每日维护."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from ..agreements.models import Agreement, AgreementStatus
from ..core.dates import add_months, today
from ..core.db import db, transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from ..jobs.registry import handles
from .enums import CommitmentState
from .models import Commitment
from .services import making, spreading, standing

BEGIN_JOB = "commitments.begin"
BATCH = 50
LATE = 2  # months: periods are made this much later than one could, so that a promise is looked at rarely
ALIVE = (AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED)


@daily("commitments.periods", msg("Commitments: make the periods that come within sight"))
def look_ahead(day: date) -> None:
    """Make the periods that came within sight; a second run finds nothing."""
    while True:
        with transaction():
            if not _spread_some(day):
                return


def _spread_some(day: date) -> int:
    sight = add_months(day, spreading.AHEAD - LATE)
    statement = (
        select(Commitment)
        .where(Commitment.state == CommitmentState.ACTIVE, Commitment.made_until < sight)
        .order_by(Commitment.made_until, Commitment.id)
        .limit(BATCH)
        .with_for_update()
    )
    found = db.session.scalars(statement).all()
    touched = [period for one in found for period in spreading.spread(one, one.agreement, day)]
    standing.refresh(touched)
    return len(found)


@handles(BEGIN_JOB, title=msg("Commitments: make those of agreements in force"))
def begin(payload: Mapping[str, Any]) -> None:
    """Make the commitments of agreements that were in force before there were any; each in its transaction."""
    last = int(payload.get("after", 0))
    while True:
        with transaction():
            statement = select(Agreement).where(Agreement.id > last, Agreement.status.in_(ALIVE))
            found = db.session.scalars(statement.order_by(Agreement.id).limit(BATCH).with_for_update()).all()
            for agreement in found:
                making.sync(agreement, today(), is_late=True)
        if not found:
            return
        last = found[-1].id
