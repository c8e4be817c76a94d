"""Forgetting what was read long ago. 消息清理."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from ...core.db import db, transaction
from ..enums import DeliveryStatus
from ..models import Delivery, Message

KEEP_READ = timedelta(days=180)
KEEP_UNREAD = timedelta(days=730)
AT_ONCE = 2_000


def forget_some(moment: datetime) -> int:
    """Delete at most AT_ONCE messages that were read 180 days ago or never in two years; how many.

    Their deliveries and attempts go with them; a message of which a delivery still waits stays.
    """
    waits = select(Delivery.id).where(Delivery.message_id == Message.id, Delivery.status == DeliveryStatus.QUEUED)
    old = or_(
        Message.read_at < moment - KEEP_READ,
        (Message.read_at.is_(None)) & (Message.created_at < moment - KEEP_UNREAD),
    )
    with transaction():
        chosen = select(Message.id).where(old, ~waits.exists()).limit(AT_ONCE)
        gone = db.session.execute(delete(Message).where(Message.id.in_(chosen)).returning(Message.id)).all()
    return len(gone)
