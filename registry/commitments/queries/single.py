"""Commitments that the reader sees, and their periods. 承诺查询."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import NotFound, Stale
from ...organisations.models import Organisation
from ...records.queries import LAST_CHANGES, Listing, history
from ..models import Commitment, CommitmentPeriod, CommitmentSide, CommitmentVisibility, PeriodEvent

KIND = Commitment.kind_code
COLUMNS = (
    Commitment.code,
    Commitment.category,
    Commitment.target,
    Commitment.unit,
    Commitment.recurrence,
    Commitment.is_joint,
    Commitment.paused_on,
    Commitment.agreement_id,
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)
LISTING = Listing(
    Commitment,
    CommitmentVisibility,
    COLUMNS,
    options=(
        joinedload(Commitment.owner),
        joinedload(Commitment.agreement),
        selectinload(Commitment.sides).joinedload(CommitmentSide.organisation),
    ),
)
PERIOD = (
    joinedload(CommitmentPeriod.commitment).options(
        joinedload(Commitment.agreement), selectinload(Commitment.sides).joinedload(CommitmentSide.organisation)
    ),
    selectinload(CommitmentPeriod.voices),
    selectinload(CommitmentPeriod.evidence),
)

TOLD = (
    selectinload(CommitmentPeriod.events).options(joinedload(PeriodEvent.organisation), joinedload(PeriodEvent.user)),
    joinedload(CommitmentPeriod.reporter),
    joinedload(CommitmentPeriod.disputer),
    joinedload(CommitmentPeriod.waiver_by),
)


def periods_of(commitment: Commitment) -> Sequence[CommitmentPeriod]:
    """All of its periods in order, with their history; whoever asks has read the commitment."""
    statement = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id == commitment.id)
    return db.session.scalars(statement.options(*PERIOD, *TOLD).order_by(CommitmentPeriod.no)).all()


def get_period(public_id: str, actor: Actor) -> CommitmentPeriod:
    """One period. Raises NotFound for what is absent or outside the actor's scope."""
    return _one(public_id, actor, locked=False)


def period_for_change(public_id: str, actor: Actor, version: int) -> CommitmentPeriod:
    """The same, locked with its commitment. Raises NotFound, or Stale with what happened since."""
    period = _one(public_id, actor, locked=True)
    if period.row_version != version:
        raise Stale(changes=history(period.commitment, LAST_CHANGES))
    return period


def _one(public_id: str, actor: Actor, *, locked: bool) -> CommitmentPeriod:
    seen = CommitmentVisibility
    statement = (
        select(CommitmentPeriod)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(seen, seen.record_id == Commitment.id)
        .where(CommitmentPeriod.public_id == public_id, seen.organisation_id == actor.organisation_id)
        .options(*PERIOD)
    )
    if locked:
        statement = statement.with_for_update(of=(CommitmentPeriod, Commitment))
    found = db.session.scalar(statement.execution_options(populate_existing=locked))
    if found is None:
        raise NotFound
    return found
