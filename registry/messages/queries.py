"""Reading messages, always the reader's own; and preferences, channels and deliveries. 消息查询."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, func, select

from ..core.access.decision import Actor
from ..core.db import db
from ..core.errors import NotFound
from .enums import DeliveryStatus, Topic
from .models import Attempt, Channel, Delivery, Message, Preference

COUNT_LIMIT = 1_000
MOST_IN_BELL = 100
LISTED = 10
COLUMNS = (
    Message.id, Message.public_id, Message.topic, Message.title_zh, Message.title_en, Message.body_zh, Message.body_en,
    Message.subject_kind, Message.subject_public_id, Message.urgent, Message.created_at, Message.read_at,
)  # fmt: skip


@dataclass(frozen=True)
class MessageFilter:
    """What a list of messages is narrowed to."""

    topic: Topic | None = None
    unread: bool = False


def list_own(actor: Actor, wanted: MessageFilter, offset: int, limit: int) -> Sequence[Any]:
    """A page of the reader's messages, the newest first."""
    page = select(*COLUMNS).where(*_conditions(actor, wanted)).order_by(Message.id.desc())
    return db.session.execute(page.offset(offset).limit(limit)).all()


def count_own(actor: Actor, wanted: MessageFilter, limit: int = COUNT_LIMIT) -> int:
    """How many there are; one above the limit means many more."""
    some = select(Message.id).where(*_conditions(actor, wanted)).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def number_unread(user_id: int | BindParameter[int]) -> ScalarSelect[int]:
    """The number beside the bell, at most MOST_IN_BELL: one short index range, to be selected with other numbers."""
    unread = select(Message.id).where(Message.recipient_id == user_id, Message.read_at.is_(None)).limit(MOST_IN_BELL)
    return select(func.count()).select_from(unread.subquery()).scalar_subquery()


def count_by_topic(actor: Actor, limit: int = COUNT_LIMIT) -> Mapping[Topic, int]:
    """Unread messages of each topic that has any, among the newest that are counted."""
    unread = (Message.recipient_id == actor.id, Message.read_at.is_(None))
    some = select(Message.topic).where(*unread).order_by(Message.id.desc()).limit(limit).subquery()
    counted = select(some.c.topic, func.count()).group_by(some.c.topic)
    return {topic: number for topic, number in db.session.execute(counted)}  # noqa: C416 - rows become no dict for mypy


def get_own(public_id: str, actor: Actor) -> Message:
    """One of the reader's own messages. Raises NotFound for everybody else's."""
    found = db.session.scalar(select(Message).where(Message.public_id == public_id, Message.recipient_id == actor.id))
    if found is None:
        raise NotFound
    return found


def preference_of(user_id: int) -> Preference | None:
    """What a person wants; None where they never said."""
    return db.session.scalar(select(Preference).where(Preference.user_id == user_id))


def list_channels(organisation_id: int) -> Sequence[Channel]:
    """The channels of an organisation, the oldest first."""
    own = select(Channel).where(Channel.organisation_id == organisation_id)
    return db.session.scalars(own.order_by(Channel.id)).all()


def get_channel(public_id: str, actor: Actor) -> Channel:
    """A channel of the reader's organisation. Raises NotFound for everybody else's."""
    own = select(Channel).where(Channel.public_id == public_id, Channel.organisation_id == actor.organisation_id)
    found = db.session.scalar(own)
    if found is None:
        raise NotFound
    return found


def last_deliveries(*conditions: ColumnElement[bool], limit: int = LISTED) -> Sequence[Delivery]:
    """The newest deliveries, with their messages."""
    newest = select(Delivery).where(*conditions).order_by(Delivery.id.desc()).limit(limit)
    return db.session.scalars(newest).all()


def attempts_of(delivery_ids: Sequence[int]) -> Mapping[int, Sequence[Attempt]]:
    """The attempts of several deliveries, the first first, in one query."""
    found: dict[int, list[Attempt]] = {one: [] for one in delivery_ids}
    wanted = select(Attempt).where(Attempt.delivery_id.in_(delivery_ids)).order_by(Attempt.id)
    for attempt in db.session.scalars(wanted):
        found[attempt.delivery_id].append(attempt)
    return found


def count_waiting(channel_ids: Sequence[int]) -> Mapping[tuple[int, DeliveryStatus], int]:
    """How much of each channel's waits or was given up, by channel and status."""
    open_ones = Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.FAILED))
    counted = select(Delivery.channel_id, Delivery.status, func.count()).where(
        Delivery.channel_id.in_(channel_ids), open_ones
    )
    rows = db.session.execute(counted.group_by(Delivery.channel_id, Delivery.status))
    return {(channel_id, status): number for channel_id, status, number in rows if channel_id is not None}


def _conditions(actor: Actor, wanted: MessageFilter) -> list[ColumnElement[bool]]:
    found = [Message.recipient_id == actor.id]
    if wanted.topic:
        found.append(Message.topic == wanted.topic)
    if wanted.unread:
        found.append(Message.read_at.is_(None))
    return found
