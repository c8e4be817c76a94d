"""Agreements whose end comes near and whose owner has not decided (as `renewal.is_asked` asks). 续签待决定."""

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from ...agreements.models import Agreement, AgreementStatus, RenewalDecision
from ..rules import Rule
from .agreements import HOLDS, KIND, SEEN, of_owner
from .base import Source

_renewal = aliased(Agreement)
_begun = select(_renewal.id).where(_renewal.renews_id == Agreement.id, _renewal.status != AgreementStatus.VOID).exists()
_undecided = or_(Agreement.renewal_decision.is_(None), Agreement.renewal_decision == RenewalDecision.UNDECIDED)

SOURCE = Source(
    rule=Rule.RENEWAL,
    kind=KIND,
    statement=of_owner().where(Agreement.status.in_(HOLDS), Agreement.open_ended.is_(False), _undecided, ~_begun),
    anchor=Agreement.expires_on,
    number=Agreement.id,
    organisation_id=SEEN.organisation_id,
    public_id=Agreement.public_id,
)
