"""Saying that something could not be delivered: to whom it concerns, in the message centre only. 投递失败提示."""

from ...core.access.roles import Role
from ...core.dates import today
from ..enums import Topic
from ..inputs import NewMessage
from ..models import Delivery
from . import sending

REFUSED = (
    "发给您的邮件未能送达，请核对消息设置中的邮箱地址",
    "An e-mail to you could not be delivered; check the address under How I am told",
)
UNSENT = (
    "邮件服务器未能接收发给您的邮件，请在消息中心查看消息",
    "The mail server did not take an e-mail to you; what it said stands in the message centre",
)


def tell_of(delivery: Delivery, *, is_refused: bool) -> None:
    """Once a day for each address: the section heads for a channel, the person for their e-mail.

    Only where it was refused is the address to be doubted; else the mail server or the network is at fault.
    """
    key = f"undelivered:{delivery.target}:{today().isoformat()}"
    if delivery.channel is None:
        zh, en = REFUSED if is_refused else UNSENT
        sending.note(NewMessage(delivery.message.recipient_id, Topic.SYSTEM, key, zh, en))
        return
    zh = f"消息未能送达渠道“{delivery.channel.name}”，请查看投递记录"
    en = f"A message could not be delivered to the channel {delivery.channel.name}; look at what was sent there"
    people = sending.people_of([delivery.channel.organisation_id], {Role.SECTION_HEAD})
    for recipient_id in people[delivery.channel.organisation_id]:
        sending.note(NewMessage(recipient_id, Topic.SYSTEM, key, zh, en))
