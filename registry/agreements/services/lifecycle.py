"""Ends and days: voiding before force, and what the calendar does by itself."""

from datetime import date

from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ..models import Agreement, AgreementStatus, ClosureOutcome
from . import projection

BATCH = 200
TAKE_EFFECT = "agreement:take_effect"
EXPIRE = "agreement:expire"


def void(agreement: Agreement, reason: str, actor: User) -> None:
    """draft, review, negotiation, signing → void with a reason; the number stays used and visible.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_VOID, agreement).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    before = agreement.status
    agreement.move(AgreementStatus.VOID)
    agreement.void_reason = reason
    projection.settle(agreement, actor, Action.AGREEMENT_VOID, projection.moved(before, agreement), reason=reason)


def take_effect(day: date) -> int:
    """signed → in force for every agreement whose day has come; catches up after missed days. Returns how many."""
    due = (
        select(Agreement)
        .where(Agreement.status == AgreementStatus.SIGNED, Agreement.effective_on <= day)
        .order_by(Agreement.id)
        .limit(BATCH)
        .with_for_update()
    )
    rows = db.session.scalars(due).all()
    for agreement in rows:
        agreement.move(AgreementStatus.IN_FORCE)
        projection.settle(agreement, None, TAKE_EFFECT, projection.moved(AgreementStatus.SIGNED, agreement))
    return len(rows)


def expire(day: date) -> int:
    """in force → closed (expired) from the day after the last day (Civil Code, article 203). Returns how many."""
    past = (
        select(Agreement)
        .where(
            Agreement.status == AgreementStatus.IN_FORCE,
            Agreement.expires_on < day,
            Agreement.open_ended.is_(False),
        )
        .order_by(Agreement.id)
        .limit(BATCH)
        .with_for_update()
    )
    rows = db.session.scalars(past).all()
    for agreement in rows:
        agreement.close(ClosureOutcome.EXPIRED)
        projection.settle(agreement, None, EXPIRE, projection.moved(AgreementStatus.IN_FORCE, agreement))
    return len(rows)
