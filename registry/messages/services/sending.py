"""Telling people something, in the transaction in which it happened. 发送消息."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ...accounts.models import User, UserRole, UserStatus
from ...core.access.roles import Role
from ...core.dates import now
from ...core.db import db, is_writing
from ...core.ids import new_public_id
from ..enums import Topic
from ..inputs import NewMessage
from ..models import Message
from . import outbox

CHUNK = 500
TITLE, KEY = 400, 200
NEW = (Message.id, Message.recipient_id, Message.key, Message.topic, Message.urgent, Message.created_at)


def send(new: NewMessage) -> Message:
    """Tell one person. The key's first message is given back where it was told before.

    Raises RuntimeError outside a transaction.
    """
    send_all([new])
    told = select(Message).where(Message.recipient_id == new.recipient_id, Message.key == new.key)
    return db.session.scalars(told).one()


def note(new: NewMessage) -> Message:
    """Put a message into the centre only: what speaks of the outbox itself is not sent through it."""
    _insert([new])
    told = select(Message).where(Message.recipient_id == new.recipient_id, Message.key == new.key)
    return db.session.scalars(told).one()


def send_all(new: Sequence[NewMessage]) -> int:
    """Tell many people, in one insert for every 500 messages; how many of them are new.

    Raises RuntimeError outside a transaction.
    """
    if not is_writing():
        raise RuntimeError("a message needs an open transaction")
    count = 0
    for first in range(0, len(new), CHUNK):
        chunk = new[first : first + CHUNK]
        made = _insert(chunk)
        personal = {(one.recipient_id, one.key) for one in chunk if one.personal}
        outbox.plan(made, personal)
        count += len(made)
    return count


def tell(organisation_ids: Iterable[int], roles: Iterable[Role], *, topic: Topic, key: str, **words: Any) -> int:
    """Tell everybody who has one of the roles in one of the organisations; how many messages are new.

    `words` are the further fields of `NewMessage`: `title_zh` and so on.
    """
    people = people_of(organisation_ids, roles)
    recipients = sorted({one for several in people.values() for one in several})
    return send_all([NewMessage(recipient_id=one, topic=topic, key=key, **words) for one in recipients])


def people_of(organisation_ids: Iterable[int], roles: Iterable[Role]) -> dict[int, list[int]]:
    """Ids of the active people with one of the roles, by organisation, in one query."""
    named, wanted = set(organisation_ids), set(roles)
    found: dict[int, list[int]] = {one: [] for one in sorted(named)}
    if not named or not wanted:
        return found
    statement = (
        select(User.organisation_id, User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.organisation_id.in_(named), User.status == UserStatus.ACTIVE, UserRole.role.in_(wanted))
        .distinct()
        .order_by(User.id)
    )
    for organisation_id, user_id in db.session.execute(statement):
        found[organisation_id].append(user_id)
    return found


def _insert(new: Collection[NewMessage]) -> Sequence[Any]:
    """Insert those that are not there; the database settles who was first. Only the new ones are returned."""
    if not new:
        return []
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Message).values(list(_rows(new)))
    return db.session.execute(
        statement.on_conflict_do_nothing(index_elements=["recipient_id", "key"]).returning(*NEW)
    ).all()


def _rows(new: Collection[NewMessage]) -> Iterator[Mapping[str, Any]]:
    moment = now()
    for one in new:
        if len(one.key) > KEY:
            raise ValueError(f"a message's key is longer than {KEY} characters")
        yield {
            "public_id": new_public_id(),
            "recipient_id": one.recipient_id,
            "topic": one.topic,
            "key": one.key,
            "title_zh": one.title_zh[:TITLE],
            "title_en": one.title_en[:TITLE],
            "body_zh": one.body_zh,
            "body_en": one.body_en,
            "subject_kind": one.subject_kind,
            "subject_public_id": one.subject_public_id,
            "urgent": one.urgent,
            "created_at": moment,
        }
