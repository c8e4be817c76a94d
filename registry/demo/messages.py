"""Messages beside those that the demonstration's own dealings sent: a word of welcome, and older ones read already."""

from sqlalchemy import select, update

from ..accounts.models import User
from ..core.dates import now
from ..core.db import db, transaction
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.models import Message
from ..messages.services import send_all

STILL_UNREAD = 3


def enter_messages(people: dict[str, User]) -> int:
    """Welcome everybody, administrators too; all but the newest three of each person are read. How many were sent."""
    with transaction():
        for user in people.values():
            newest = select(Message.id).where(Message.recipient_id == user.id).order_by(Message.id.desc())
            older = Message.id.not_in(newest.limit(STILL_UNREAD).scalar_subquery())
            read = update(Message).where(Message.recipient_id == user.id, older).values(read_at=now())
            db.session.execute(read, execution_options={"synchronize_session": False})
        return send_all([_welcome(user) for user in people.values()])


def _welcome(user: User) -> NewMessage:
    return NewMessage(
        recipient_id=user.id,
        topic=Topic.SYSTEM,
        key="demo:welcome",
        title_zh="演示：欢迎使用消息中心",
        title_en="Demonstration: welcome to the message centre",
        body_zh="演示：协议、任务有进展时会在这里通知您；可在“消息设置”中选择是否另发邮件。",
        body_en="Demonstration: what becomes of agreements and tasks is told here; choose under How I am told whether "
        "it is sent by e-mail as well.",
        personal=True,
    )
