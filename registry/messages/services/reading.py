"""Reading one's messages. 已读."""

from sqlalchemy import select, update

from ...accounts.models import User
from ...core.dates import now
from ...core.db import db
from ..enums import Topic
from ..models import Message


def mark_read(message: Message) -> None:
    """It was read; the first moment stays."""
    message.read_at = message.read_at or now()


def mark_unread(message: Message) -> None:
    """Keep it for later."""
    message.read_at = None


def mark_all_read(user: User, newest: str, topic: Topic | None = None) -> int:
    """Everything up to the newest message that the person saw on the page (its public id), of a topic or of all.

    What came since stays unread. Returns how many were.
    """
    conditions = [Message.recipient_id == user.id, Message.read_at.is_(None)]
    seen = select(Message.id).where(Message.public_id == newest, Message.recipient_id == user.id).scalar_subquery()
    conditions.append(Message.id <= seen)
    if topic:
        conditions.append(Message.topic == topic)
    marked = update(Message).where(*conditions).values(read_at=now()).returning(Message.id)
    return len(db.session.execute(marked, execution_options={"synchronize_session": False}).all())
