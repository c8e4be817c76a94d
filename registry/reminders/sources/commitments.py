"""Periods of commitments: due and not reported, for who promised; reported and waiting, for who has to answer. 承诺.

Once the agreement has ended nobody is reminded; the ledger still shows what is open.
"""

from sqlalchemy import and_, select

from ...agreements.models import Agreement
from ...commitments.enums import Bucket, Part, PeriodState
from ...commitments.models import Commitment, CommitmentPeriod, CommitmentVisibility, PeriodStanding
from ..rules import Rule
from .agreements import HOLDS
from .base import Source

_seen = and_(
    CommitmentVisibility.record_id == Commitment.id,
    CommitmentVisibility.organisation_id == PeriodStanding.organisation_id,
)
_periods = (
    select(
        Commitment.public_id,
        Commitment.title_zh,
        Commitment.title_en,
        Commitment.agreement_id,
        (PeriodStanding.bucket == Bucket.PAUSED).label("suspended"),
    )
    .join(CommitmentPeriod, CommitmentPeriod.commitment_id == Commitment.id)
    .join(PeriodStanding, PeriodStanding.period_id == CommitmentPeriod.id)
    .join(CommitmentVisibility, _seen)
    .join(Agreement, Agreement.id == Commitment.agreement_id)
    .where(Agreement.status.in_(HOLDS), PeriodStanding.bucket != Bucket.SETTLED)
)

DUE = Source(
    rule=Rule.COMMITMENT,
    kind=Commitment.kind_code,
    statement=_periods.where(
        PeriodStanding.part == Part.OBLIGOR,
        CommitmentPeriod.state.in_((PeriodState.SCHEDULED, PeriodState.RETURNED)),
    ),
    anchor=CommitmentPeriod.due_on,
    number=CommitmentPeriod.id,
    organisation_id=PeriodStanding.organisation_id,
    public_id=Commitment.public_id,
)
WAITS = Source(
    rule=Rule.CONFIRMATION,
    kind=Commitment.kind_code,
    statement=_periods.where(
        PeriodStanding.waits,
        CommitmentPeriod.state.in_((PeriodState.SUBMITTED, PeriodState.DISPUTED)),
    ),
    anchor=CommitmentPeriod.reported_on,
    number=CommitmentPeriod.id,
    organisation_id=PeriodStanding.organisation_id,
    public_id=Commitment.public_id,
)
