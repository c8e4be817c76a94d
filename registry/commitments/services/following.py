"""What agreements do to their commitments: begin, change, pause, end. 随协议变化."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ...agreements.models import Agreement, ClosureOutcome
from ...agreements.promises import tells_unsettled
from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...core.i18n import Message, msg
from ...records.happenings import Happening, Told, hears
from ...records.services import share_all
from ..models import Commitment, CommitmentPeriod
from . import making, standing

MOST_NAMED = 10
OUTCOMES = {
    ClosureOutcome.COMPLETED: "协议履行完毕",
    ClosureOutcome.EXPIRED: "协议到期",
    ClosureOutcome.SUPERSEDED: "协议已续签",
    ClosureOutcome.TERMINATED: "协议解除",
}


@hears(Happening.AGREEMENT_TERMS_IN_FORCE)
def terms_in_force(told: Told) -> None:
    """Its promises count from now on."""
    with without_scope():  # whoever completes the signing does not see what is only being made
        making.sync(told.subject, told.on)


@hears(Happening.AGREEMENT_CLOSED)
def closed(told: Told) -> None:
    """Later periods are no longer asked for; what was due before is still settled."""
    agreement: Agreement = told.subject
    with without_scope():
        running = making.running_of(agreement)
        reason = OUTCOMES[agreement.outcome] if agreement.outcome else ""
        touched = [period for one in running for period in making.end(one, reason, told.on)]
        _settle(running, touched)


@hears(Happening.AGREEMENT_SUSPENDED)
def suspended(told: Told) -> None:
    """Nothing is due while it is suspended."""
    _pause(told.subject, is_paused=True)


@hears(Happening.AGREEMENT_RESUMED)
def resumed(told: Told) -> None:
    """It runs again, with the days that it had."""
    _pause(told.subject, is_paused=False)


def _pause(agreement: Agreement, *, is_paused: bool) -> None:
    with without_scope():
        running = making.running_of(agreement)
        for one in running:
            one.paused_on = today() if is_paused else None
        _settle(running, open_periods(running))


def _settle(running: list[Commitment], touched: list[CommitmentPeriod]) -> None:
    db.session.flush()
    share_all(running)
    standing.refresh(touched)


@tells_unsettled
def unsettled(agreement: Agreement) -> list[Message]:
    """Promises of which a period is open, the first few by name."""
    statement = (
        select(Commitment.code, Commitment.title_zh, func.count(CommitmentPeriod.id))
        .join(CommitmentPeriod, CommitmentPeriod.commitment_id == Commitment.id)
        .where(Commitment.agreement_id == agreement.id, CommitmentPeriod.closed_on.is_(None))
        .group_by(Commitment.id, Commitment.code, Commitment.title_zh)
        .order_by(Commitment.id)
        .limit(MOST_NAMED)
    )
    with without_scope():
        rows = db.session.execute(statement).all()
    return [
        msg("%(code)s %(title)s: %(count)s periods are still to be settled", code=code, title=title, count=count)
        for code, title, count in rows
    ]


def open_periods(commitments: list[Commitment]) -> list[CommitmentPeriod]:
    """What is still to be settled of these."""
    statement = select(CommitmentPeriod).where(
        CommitmentPeriod.commitment_id.in_([one.id for one in commitments]), CommitmentPeriod.closed_on.is_(None)
    )
    loaded = statement.options(selectinload(CommitmentPeriod.voices), joinedload(CommitmentPeriod.commitment))
    return list(db.session.scalars(loaded.order_by(CommitmentPeriod.id)))
