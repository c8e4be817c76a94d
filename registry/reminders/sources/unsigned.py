"""Texts that are being signed, counted from when signing began or somebody signed last. 签署停滞.

The owner is told, and every party that has not signed.
"""

from sqlalchemy import func, or_, select

from ...agreements.models import Agreement, AgreementParty, AgreementRevision, RevisionStage, Signatory, SignatoryStatus
from ..rules import Rule
from .agreements import KIND, SEEN, columns
from .base import Source

_moved = (
    select(
        Signatory.revision_id,
        Signatory.agreement_id,
        func.max(func.coalesce(Signatory.recorded_at, Signatory.created_at)).label("moved_at"),
    )
    .join(AgreementRevision, AgreementRevision.id == Signatory.revision_id)
    .where(AgreementRevision.stage == RevisionStage.SIGNING)
    .group_by(Signatory.revision_id, Signatory.agreement_id)
    .subquery()
)
_awaited = (
    select(Signatory.id)
    .join(AgreementParty, AgreementParty.id == Signatory.party_id)
    .where(
        Signatory.agreement_id == Agreement.id,
        Signatory.revision_id == _moved.c.revision_id,
        Signatory.status == SignatoryStatus.PENDING,
        AgreementParty.organisation_id == SEEN.organisation_id,
    )
    .exists()
)

SOURCE = Source(
    rule=Rule.UNSIGNED,
    kind=KIND,
    statement=columns()
    .join(_moved, _moved.c.agreement_id == Agreement.id)
    .join(SEEN, SEEN.agreement_id == Agreement.id)
    .where(or_(SEEN.organisation_id == Agreement.owner_id, _awaited)),
    anchor=_moved.c.moved_at,
    number=_moved.c.revision_id,
    organisation_id=SEEN.organisation_id,
    public_id=Agreement.public_id,
    is_moment=True,
)
