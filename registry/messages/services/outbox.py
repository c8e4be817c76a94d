"""What leaves the registry: a delivery for each message and target, a job each, in the same transaction. 发件箱."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ...accounts.models import User
from ...core.db import db
from ...core.ids import new_public_id
from ...core.instance import settings
from ...jobs.services import enqueue
from ...organisations.workdays import calendar
from ..enums import USUAL_WAY, DeliveryStatus, Topic, Via, Way
from ..models import Channel, Delivery, Message, Preference, Quiet
from ..quiet import next_moment

DELIVER, BUNDLE = "messages.deliver", "messages.bundle"
Planned = dict[str, Any]
Personal = Collection[tuple[int, str]]
CHUNK = 500


def plan(made: Sequence[Any], personal: Personal = ()) -> None:
    """Write the deliveries of new messages (id, recipient_id, key, topic, urgent, created_at) and enqueue them.

    The message centre needs none. `personal` ones, by recipient and key, are not told in group chats.
    """
    if not made:
        return
    recipients = {one.recipient_id for one in made}
    planned = [*_mails(made, recipients), *_posts(made, recipients, personal)]
    for first in range(0, len(planned), CHUNK):
        for delivery in _insert(planned[first : first + CHUNK]):
            if not delivery.bundled:
                schedule_one(delivery.public_id, delivery.due_at)


def schedule(delivery: Delivery) -> None:
    """Have a delivery made when it is due, or the e-mail of the day that it belongs to; again, where it was done."""
    if delivery.bundle_on is not None:
        schedule_bundle(delivery.target, delivery.bundle_on, delivery.due_at)
    else:
        schedule_one(delivery.public_id, delivery.due_at)


def schedule_one(public_id: str, due_at: datetime) -> None:
    """A job for one delivery."""
    enqueue(DELIVER, public_id, {"delivery": public_id}, due_at, renew=True)


def schedule_bundle(target: str, day: date, due_at: datetime) -> None:
    """A job for somebody's e-mail of a day."""
    payload = {"target": target, "day": day.isoformat()}
    enqueue(BUNDLE, f"{target}:{day.isoformat()}", payload, due_at, renew=True)


def order(message: Message, channel: Channel | None = None) -> None:
    """One delivery of a message whatever anybody chose: by e-mail to its recipient, or to a channel."""
    planned = _planned(message, Via.EMAIL, f"user:{message.recipient_id}", message.created_at)
    if channel is not None:
        planned |= {"via": channel.via, "target": f"channel:{channel.id}", "channel_id": channel.id}
    for delivery in _insert([planned]):
        schedule_one(delivery.public_id, delivery.due_at)


def allowed_from(moment: datetime, quiet: Quiet | Any) -> datetime:
    """When something may go out that is wanted now."""
    works_on = calendar().works_on if quiet.working_days_only else None
    return next_moment(moment, quiet.quiet_from, quiet.quiet_until, works_on)


def _mails(made: Sequence[Any], recipients: Collection[int]) -> Iterator[Planned]:
    """E-mails to those who have a proven address and want the topic, where the registry can send e-mail at all."""
    if not settings().smtp_url:
        return
    wishes = _preferences(recipients)
    for one in made:
        wish = wishes.get(one.recipient_id)
        way = _way(wish, one) if wish else Way.NONE
        if wish is None or way is Way.NONE:
            continue
        bundled = way is Way.DIGEST
        due = one.created_at if one.urgent or bundled else allowed_from(one.created_at, wish)
        yield _planned(one, Via.EMAIL, f"user:{one.recipient_id}", due) | {"bundled": bundled}


def _way(wish: Preference, one: Any) -> Way:
    chosen = {row.topic: row.way for row in wish.topics}
    return Way.AT_ONCE if one.urgent else chosen.get(one.topic, USUAL_WAY[Topic(one.topic)])


def _preferences(recipients: Collection[int]) -> Mapping[int, Preference]:
    proven = select(Preference).where(Preference.user_id.in_(recipients), Preference.email_encrypted.is_not(None))
    return {one.user_id: one for one in db.session.scalars(proven)}


def _posts(made: Sequence[Any], recipients: Collection[int], personal: Personal) -> Iterator[Planned]:
    """One post for each key and channel of a recipient's organisation, however many colleagues are told."""
    statement = (
        select(User.id.label("recipient_id"), Channel)
        .join(Channel, Channel.organisation_id == User.organisation_id)
        .where(User.id.in_(recipients), Channel.active)
        .order_by(Channel.id)
    )
    channels: dict[int, list[Channel]] = {}
    for recipient_id, channel in db.session.execute(statement):
        channels.setdefault(recipient_id, []).append(channel)
    for one in made:
        for channel in channels.get(one.recipient_id, ()):
            if one.topic in channel.topics and (one.recipient_id, one.key) not in personal:
                due = one.created_at if one.urgent else allowed_from(one.created_at, channel)
                yield _planned(one, channel.via, f"channel:{channel.id}", due) | {"channel_id": channel.id}


def _planned(one: Any, via: Via, target: str, due: datetime) -> Planned:
    return {
        "public_id": new_public_id(),
        "message_id": one.id,
        "channel_id": None,
        "via": via,
        "target": target,
        "key": one.key,
        "status": DeliveryStatus.QUEUED,
        "bundled": False,
        "due_at": due,
        "attempts": 0,
        "reason": "",
        "created_at": one.created_at,
    }


def _insert(planned: Sequence[Planned]) -> Sequence[Any]:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Delivery).values(planned)
    return db.session.execute(
        statement.on_conflict_do_nothing(index_elements=["target", "key"]).returning(
            Delivery.public_id, Delivery.due_at, Delivery.bundled
        )
    ).all()
