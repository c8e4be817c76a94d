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
from . import files, projection

BATCH = 200
TAKE_EFFECT = "agreement:take_effect"
EXPIRE = "agreement:expire"


def void(agreement: Agreement, reason: str, actor: User) -> None:
    """draft, review, negotiation, signing → void with a reason; the number stays used and visible.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_VOID, agreement).enforce()
    agreement.void_reason = reason
    files.void_papers(agreement, reason)
    _change(agreement, AgreementStatus.VOID, Action.AGREEMENT_VOID, reason, actor)


def suspend(agreement: Agreement, reason: str, actor: User) -> None:
    """in force → suspended with a reason.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_SUSPEND, agreement).enforce()
    _change(agreement, AgreementStatus.SUSPENDED, Action.AGREEMENT_SUSPEND, reason, actor)


def resume(agreement: Agreement, reason: str, actor: User) -> None:
    """suspended → in force with a reason; one whose last day has passed expires with the next daily run.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_RESUME, agreement).enforce()
    _change(agreement, AgreementStatus.IN_FORCE, Action.AGREEMENT_RESUME, reason, actor)


def _change(agreement: Agreement, to: AgreementStatus, action: Action, reason: str, actor: User) -> None:
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    before = agreement.status
    agreement.move(to)
    projection.settle(agreement, actor, action, projection.moved(before, agreement), reason=reason)


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
