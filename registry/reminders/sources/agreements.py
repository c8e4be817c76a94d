"""What all sources of agreements have in common."""

from sqlalchemy import ColumnElement, or_, select

from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from .base import Statement

KIND = "agreement"
HOLDS = (AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED)
IS_SUSPENDED: ColumnElement[bool] = Agreement.status == AgreementStatus.SUSPENDED
SEEN = AgreementVisibility


def columns() -> Statement:
    """Of an agreement, what every source tells."""
    return select(
        Agreement.public_id,
        Agreement.title_zh,
        Agreement.title_en,
        Agreement.id.label("agreement_id"),
        IS_SUSPENDED.label("suspended"),
    )


def of_owner() -> Statement:
    """One row for each agreement: its owner."""
    own = (SEEN.agreement_id == Agreement.id) & (SEEN.organisation_id == Agreement.owner_id)
    return columns().join(SEEN, own)


def of_sides() -> Statement:
    """One row for each organisation that owns an agreement or is bound by it, as far as it sees it."""
    party = select(AgreementParty.id).where(
        AgreementParty.agreement_id == Agreement.id,
        AgreementParty.organisation_id == SEEN.organisation_id,
        AgreementParty.is_bound,
    )
    sides = or_(SEEN.organisation_id == Agreement.owner_id, party.exists())
    return columns().join(SEEN, SEEN.agreement_id == Agreement.id).where(sides)
