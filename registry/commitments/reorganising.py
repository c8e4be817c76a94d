"""Commitments when organisations are merged or part again: sides follow, the ledger is made anew. 随单位合并."""

from sqlalchemy import select

from ..core.access.scope import without_scope
from ..core.db import db
from ..organisations.repoint import Merging, Moved, after_merging, after_parting, derived
from .models import Commitment, CommitmentSide, CommitmentTotal, PeriodStanding
from .services import standing
from .services.describing import all_periods

SIDES = f"{CommitmentSide.__tablename__}.organisation_id"
CHUNK = 50
derived(PeriodStanding.organisation_id, CommitmentTotal.organisation_id)


@after_merging("commitments")
@after_parting("commitments")
def follow(_merging: Merging, moved: Moved) -> None:
    """Whose periods these are now, and where they are counted."""
    with without_scope():
        numbers = sorted(moved.get(SIDES, ()))
        for start in range(0, len(numbers), CHUNK):
            of_these = select(CommitmentSide.commitment_id).where(CommitmentSide.id.in_(numbers[start : start + CHUNK]))
            statement = select(Commitment).where(Commitment.id.in_(of_these)).order_by(Commitment.id)
            db.session.flush()
            db.session.expire_all()  # sides moved without the session
            standing.refresh(all_periods(list(db.session.scalars(statement))))
