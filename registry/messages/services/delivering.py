"""Deliveries from their rows to the receiver's answer: begun in one transaction, settled in another. 投递.

Between the two nothing is held: whoever is killed there sends again, since the rows still wait. 至少一次.
Several deliveries that go out together are the e-mail of a day; else there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from ...core.dates import now
from ...core.db import db, transaction
from ...core.i18n import Message as Sentence
from ...core.i18n import msg
from ...jobs.reasons import written
from ..answers import Answer
from ..backoff import pause_after
from ..enums import PER_MINUTE, DeliveryStatus, Outcome
from ..models import Attempt, Channel, Delivery
from ..queries import preference_of
from ..senders import Errand, errand_of
from . import failures, outbox
from .permits import refusal_of

MINUTE = timedelta(minutes=1)
OVER = (DeliveryStatus.SENT, DeliveryStatus.SKIPPED)


@dataclass(frozen=True)
class Begun:
    """An attempt in hand: plain values, good outside the transaction."""

    delivery_ids: tuple[int, ...]
    attempt_ids: tuple[int, ...]
    errand: Errand


def begin(*wanted: ColumnElement[bool]) -> Begun | None:
    """Note that an attempt begins for these deliveries; None where there is nothing to do now.

    What is done is left, what must not be sent any more is skipped with its reason, what has to wait is put off.
    """
    with transaction():
        waiting = [one for one in _locked(*wanted, Delivery.status.not_in(OVER)) if _may_go(one)]
        if not waiting:
            return None
        for delivery in waiting:
            if delivery.status is DeliveryStatus.FAILED:  # somebody had it tried again
                delivery.attempts = 0
                delivery.wait(now())
        later = _not_before(waiting[0])
        if later is not None:
            _put_off(waiting, later)
            return None
        return _begun(waiting)


def settle(begun: Begun, answer: Answer) -> Sentence | None:
    """Note what came of it, and when to try again; the reason where it is given up."""
    with transaction():
        for attempt in db.session.scalars(select(Attempt).where(Attempt.id.in_(begun.attempt_ids))):
            attempt.end(answer.outcome, now(), answer.code, answer.words)
        unsent = _locked(Delivery.id.in_(begun.delivery_ids), Delivery.status.not_in(OVER))
        if not unsent:  # a second worker was as far, or they are forgotten
            return None
        if answer.outcome is Outcome.ACCEPTED:
            for delivery in unsent:
                delivery.end(DeliveryStatus.SENT, now())
            return None
        return _unsent(unsent, answer)


def _unsent(deliveries: Sequence[Delivery], answer: Answer) -> Sentence | None:
    pause = None if answer.is_final else pause_after(max(one.attempts for one in deliveries))
    reason = reason_of(answer)
    if pause is not None:
        _put_off(deliveries, now() + pause, written(reason))
        return None
    for delivery in deliveries:
        delivery.end(DeliveryStatus.FAILED, now(), written(reason))
    failures.tell_of(deliveries[0], is_refused=answer.outcome is Outcome.REFUSED)
    return reason


def reason_of(answer: Answer) -> Sentence:
    """An answer as a sentence."""
    said = " ".join(str(part) for part in (answer.code, answer.words) if part not in (None, ""))
    return msg("%(outcome)s: %(said)s", outcome=answer.outcome.label, said=said or "—")


def _may_go(delivery: Delivery) -> bool:
    reason = refusal_of(delivery)
    if reason is not None:
        delivery.end(DeliveryStatus.SKIPPED, now(), written(reason))
    return reason is None


def _put_off(deliveries: Sequence[Delivery], later: datetime, reason: str | None = None) -> None:
    for delivery in deliveries:
        delivery.wait(later, delivery.reason if reason is None else reason)
    db.session.flush()
    outbox.schedule(deliveries[0])


def _begun(deliveries: Sequence[Delivery]) -> Begun:
    attempts = [Attempt(delivery_id=one.id, channel_id=one.channel_id, began_at=now()) for one in deliveries]
    for delivery in deliveries:
        delivery.attempts += 1
    db.session.add_all(attempts)
    db.session.flush()
    return Begun(tuple(one.id for one in deliveries), tuple(one.id for one in attempts), errand_of(deliveries))


def _not_before(delivery: Delivery) -> datetime | None:
    """Until when it has to wait: its hour, its receiver's quiet hours, the number that a robot takes in a minute."""
    moment = now()
    if delivery.due_at > moment:
        return delivery.due_at
    quiet = delivery.channel or preference_of(delivery.message.recipient_id)
    if quiet is not None and not delivery.message.urgent:
        until = outbox.allowed_from(moment, quiet)
        if until > moment:
            return until
    return _turn_of(delivery, delivery.channel, moment) if delivery.channel else None


def _turn_of(delivery: Delivery, channel: Channel, moment: datetime) -> datetime | None:
    """When the channel may be used again, counted over the last minute under its lock; None: now.

    Each waits for a minute of its own, behind what was told before it: else all would look again every minute.
    """
    db.session.scalar(select(Channel.id).where(Channel.id == channel.id).with_for_update())
    most = PER_MINUTE[channel.via]
    lately = select(Attempt.began_at).where(Attempt.channel_id == channel.id, Attempt.began_at > moment - MINUTE)
    begun = db.session.scalars(lately.order_by(Attempt.began_at.desc()).limit(most)).all()
    if len(begun) < most:
        return None
    waits = (Delivery.status == DeliveryStatus.QUEUED, Delivery.channel_id == channel.id, Delivery.attempts == 0)
    ahead = db.session.scalar(select(func.count(Delivery.id)).where(*waits, Delivery.id < delivery.id)) or 0
    return begun[-1] + MINUTE * (1 + ahead // most)


def _locked(*conditions: ColumnElement[bool]) -> Sequence[Delivery]:
    statement = select(Delivery).where(*conditions).order_by(Delivery.id).with_for_update(of=Delivery)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()
