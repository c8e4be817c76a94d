"""The periods of a promise: made as far ahead as one looks, moved when the term changes. 周期生成."""

from datetime import date

from sqlalchemy import select

from ...agreements.models import Agreement
from ...core.dates import add_months, today
from ...core.db import db
from ..enums import EventKind, PeriodState
from ..models import Commitment, CommitmentPeriod
from ..recurrence import Frame, Span, spans
from . import acts

AHEAD = 36  # months
SHORTENED = "协议有效期变更"


def spread(commitment: Commitment, agreement: Agreement, day: date | None = None) -> list[CommitmentPeriod]:
    """Bring its periods in step with the term, as seen on a day; the periods that were made or changed.

    None while nobody knows when the agreement began, or how long it runs.
    """
    frame = frame_of(commitment, agreement, day or today())
    if frame is None:
        commitment.made_until = None  # nothing to look ahead for until somebody finds the days out
        return []
    wanted = {one.no: one for one in spans(commitment.recurrence, frame)}
    present = _periods(commitment)
    touched = [_add(commitment, span) for no, span in wanted.items() if no not in present]
    for no, period in present.items():
        if _follow(period, wanted.get(no), frame):
            touched.append(period)
    is_complete = frame.last is not None and frame.last <= frame.until
    commitment.made_until = None if is_complete else frame.until
    db.session.add_all(touched)
    db.session.flush()
    return touched


def frame_of(commitment: Commitment, agreement: Agreement, day: date) -> Frame | None:
    """Within what its periods lie; None while that is not known."""
    first, last = agreement.effective_on, None if agreement.open_ended else agreement.expires_on
    if first is None or (last is None and not agreement.open_ended):
        return None
    until = add_months(max(day, first), AHEAD)
    return Frame(first, last, until, commitment.starts_on, commitment.due_on)


def cancel(period: CommitmentPeriod, reason: str, on: date) -> None:
    """The agreement no longer asks for it."""
    period.cancel(reason, on)
    acts.note(period, EventKind.CANCELLED, None, reason)


def _periods(commitment: Commitment) -> dict[int, CommitmentPeriod]:
    statement = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id == commitment.id)
    return {one.no: one for one in db.session.scalars(statement.order_by(CommitmentPeriod.no))}


def _add(commitment: Commitment, span: Span) -> CommitmentPeriod:
    return CommitmentPeriod(
        commitment=commitment, no=span.no, starts_on=span.starts_on, due_on=span.due_on, target=commitment.target
    )


def _follow(period: CommitmentPeriod, span: Span | None, frame: Frame) -> bool:
    """Whether the period had to change: its days, or that it is asked for at all."""
    if span is None:
        is_over = period.is_open and frame.last is not None and period.due_on > frame.last
        if is_over:
            cancel(period, SHORTENED, today())
        return is_over
    if period.state is PeriodState.CANCELLED:
        period.reinstate()
        _move(period, span)
        acts.note(period, EventKind.REINSTATED, None)
        return True
    if period.is_open and (period.starts_on, period.due_on) != (span.starts_on, span.due_on):
        _move(period, span)
        acts.note(period, EventKind.MOVED, None)
        return True
    return False


def _move(period: CommitmentPeriod, span: Span) -> None:
    period.starts_on, period.due_on = span.starts_on, span.due_on
