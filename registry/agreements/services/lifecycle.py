"""Ends and days: voiding before force, and what the calendar does by itself."""

from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...records.happenings import Happening, Told, tell
from ..models import Agreement, AgreementRevision, AgreementStatus, ClosureOutcome, RevisionStage
from . import effect, endings, files, projection, renewal
from .calendar import Step

TAKE_EFFECT = "agreement:take_effect"
EXPIRE = "agreement:expire"
RENEWING = (AgreementStatus.SIGNED, AgreementStatus.IN_FORCE)


def void(agreement: Agreement, reason: str, actor: User) -> None:
    """draft, review, negotiation, signing, 补录待确认 → void with a reason; the number stays used and visible.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_VOID, agreement).enforce()
    agreement.void_reason = reason
    files.void_papers(agreement, reason)
    _change(agreement, AgreementStatus.VOID, Action.AGREEMENT_VOID, reason, actor)
    renewal.ask_again(agreement, reason, actor)
    tell(Happening.AGREEMENT_VOIDED, Told(agreement, today(), "agreement", agreement.public_id))


def suspend(agreement: Agreement, reason: str, actor: User) -> None:
    """in force → suspended with a reason.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_SUSPEND, agreement).enforce()
    _change(agreement, AgreementStatus.SUSPENDED, Action.AGREEMENT_SUSPEND, reason, actor)
    tell(Happening.AGREEMENT_SUSPENDED, Told(agreement, today(), "agreement", agreement.public_id))


def resume(agreement: Agreement, reason: str, actor: User) -> None:
    """suspended → in force with a reason; one whose last day has passed expires with the next daily run.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_RESUME, agreement).enforce()
    _change(agreement, AgreementStatus.IN_FORCE, Action.AGREEMENT_RESUME, reason, actor)
    tell(Happening.AGREEMENT_RESUMED, Told(agreement, today(), "agreement", agreement.public_id))


def _change(agreement: Agreement, to: AgreementStatus, action: Action, reason: str, actor: User) -> None:
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    before = agreement.status
    agreement.move(to)
    if to is AgreementStatus.VOID and agreement.open_revision:
        agreement.open_revision.set_aside(reason, now())
    projection.settle(agreement, actor, action, projection.moved(before, agreement), reason=reason)


def _to_begin(day: date) -> Select[Agreement]:
    due = (Agreement.status == AgreementStatus.SIGNED, Agreement.effective_on <= day)
    return select(Agreement).where(*due).order_by(Agreement.id)


def _begin(agreement: Agreement, _day: date) -> None:
    agreement.move(AgreementStatus.IN_FORCE)
    effect.begin(agreement)
    changes = projection.moved(AgreementStatus.SIGNED, agreement)
    projection.settle(agreement, None, TAKE_EFFECT, changes, since=agreement.effective_on)


def _changes_to_begin(day: date) -> Select[AgreementRevision]:
    due = (AgreementRevision.stage == RevisionStage.SIGNED, AgreementRevision.effective_on <= day)
    return select(AgreementRevision).where(*due).order_by(AgreementRevision.effective_on, AgreementRevision.id)


def _begin_change(revision: AgreementRevision, day: date) -> None:
    """After missed days an agreement may have ended before the change's day: it expires as it would have in time."""
    agreement = db.session.get_one(Agreement, revision.agreement_id, with_for_update=True)
    before, on = agreement.status, revision.effective_on or day
    if _ended_before(agreement, on):
        _expire(agreement, day)
        return
    effect.put_in_force(agreement, revision, on)
    changes = {"revision": (None, revision.no), **projection.moved(before, agreement)}
    projection.settle(agreement, None, TAKE_EFFECT, changes, since=on)


def _ended_before(agreement: Agreement, day: date) -> bool:
    """Whether its last day had passed the day before; see `expire`."""
    last = None if agreement.open_ended else agreement.expires_on
    if agreement.status is not AgreementStatus.IN_FORCE or last is None:
        return False
    return last + timedelta(days=1) < day and not any(row.status in RENEWING for row in agreement.renewals)


def _past(day: date) -> Select[Agreement]:
    """One whose renewal is signed waits for the renewal's day, and is superseded then."""
    later = aliased(Agreement)
    renewed = select(later.id).where(later.renews_id == Agreement.id, later.status.in_(RENEWING)).exists()
    due = (
        Agreement.status == AgreementStatus.IN_FORCE,
        Agreement.expires_on < day,
        Agreement.open_ended.is_(False),
        ~renewed,
    )
    return select(Agreement).where(*due).order_by(Agreement.id)


def _expire(agreement: Agreement, day: date) -> None:
    on = (agreement.expires_on or day) + timedelta(days=1)
    endings.close(agreement, ClosureOutcome.EXPIRED, on)
    projection.settle(agreement, None, EXPIRE, projection.moved(AgreementStatus.IN_FORCE, agreement), since=on)


take_effect = Step("take effect", Agreement, _to_begin, _begin)
"""signed → in force for every agreement whose day has come."""
take_effect_of_changes = Step("change takes effect", AgreementRevision, _changes_to_begin, _begin_change, locks=False)
"""Changes of agreements in force that everybody signed and whose day has come."""
expire = Step("expire", Agreement, _past, _expire)
"""in force → closed (expired) from the day after the last day (Civil Code, article 203)."""
