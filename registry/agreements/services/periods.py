"""Keeps the periods of a signed agreement in step, so that every past day can be looked at. 历史时段维护."""

from datetime import date, timedelta

from sqlalchemy import delete, or_, select

from ...core.dates import today
from ...core.db import db
from ..models import PAPER, Agreement, AgreementPeriod, AgreementStatus, ClosureOutcome

TOLD = ("status", "outcome", "revision_id", "title_zh", "title_en", "effective_on", "expires_on", "open_ended")


def note(agreement: Agreement, since: date | None = None) -> None:
    """Begin a period where the agreement stands otherwise than in its last one; `since` (today) is its first day.

    What was noted for that day or a later one is replaced: of several changes on one day the last counts.
    """
    if agreement.status not in PAPER:
        return
    present = _standing(agreement)
    last = _last(agreement)
    if last and _tells(last, present):
        return
    first = since or (today() if last else first_day(agreement))
    if last and first < last.from_on and last.status is agreement.status:
        retell(agreement, first, present)
    else:
        put(agreement, first, present)


def put(agreement: Agreement, first: date, present: dict[str, object]) -> None:
    """Write the period that begins on the day, and end the one before it, unless that goes on just so."""
    db.session.execute(
        delete(AgreementPeriod).where(AgreementPeriod.agreement_id == agreement.id, AgreementPeriod.from_on >= first)
    )
    before = _last(agreement)
    if before and _tells(before, present):
        before.until_on = None
        db.session.flush()
        return
    if before:
        before.until_on = first
    db.session.add(AgreementPeriod(agreement_id=agreement.id, from_on=first, **present))
    db.session.flush()


def retell(agreement: Agreement, first: date, present: dict[str, object]) -> None:
    """Other terms from an earlier day on: whether it was suspended meanwhile is told as it was."""
    of_agreement = AgreementPeriod.agreement_id == agreement.id
    last_days = or_(AgreementPeriod.until_on.is_(None), AgreementPeriod.until_on > first)
    later = db.session.scalars(select(AgreementPeriod).where(of_agreement, last_days)).all()
    told = {name: value for name, value in present.items() if name not in ("status", "outcome")}
    for period in later:
        if period.from_on < first:
            standing = {"status": period.status, "outcome": period.outcome, **told}
            db.session.add(
                AgreementPeriod(agreement_id=agreement.id, from_on=first, until_on=period.until_on, **standing)
            )
            period.until_on = first
            continue
        for name, value in told.items():
            setattr(period, name, value)
    db.session.flush()


def first_day(agreement: Agreement) -> date:
    """From when it is known to be signed: in force or signed for a later day; else the day it was entered."""
    if agreement.status is AgreementStatus.SIGNED:
        return agreement.signed_on or today()
    return agreement.effective_on or agreement.signed_on or agreement.sort_on


def note_past(agreement: Agreement) -> None:
    """A historic record that has run out: in force until its last day, closed from the next on.

    Where nobody knows when it began, it is known from the day after its last.
    """
    present = _standing(agreement)
    first, last = agreement.effective_on or agreement.signed_on, agreement.expires_on
    if first and last and first <= last:
        put(agreement, first, present | {"status": AgreementStatus.IN_FORCE, "outcome": None})
    if last:
        put(agreement, last + timedelta(days=1), present | {"outcome": ClosureOutcome.EXPIRED})


def _standing(agreement: Agreement) -> dict[str, object]:
    effective = agreement.effective_revision
    found: dict[str, object] = {name: getattr(agreement, name) for name in TOLD if name != "revision_id"}
    return found | {"revision_id": effective.id if effective else None}


def _tells(period: AgreementPeriod, present: dict[str, object]) -> bool:
    return all(getattr(period, name) == value for name, value in present.items())


def _last(agreement: Agreement) -> AgreementPeriod | None:
    statement = (
        select(AgreementPeriod)
        .where(AgreementPeriod.agreement_id == agreement.id)
        .order_by(AgreementPeriod.from_on.desc())
        .limit(1)
    )
    return db.session.scalar(statement)
