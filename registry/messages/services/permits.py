"""Whether a message may still go where it was meant to go. 投递前复核."""

from dataclasses import dataclass

from ...accounts.models import User, UserStatus
from ...core.access.decision import Actor, StandIn
from ...core.access.roles import BUSINESS, Role
from ...core.errors import NotFound
from ...core.i18n import Message as Sentence
from ...core.i18n import msg
from ...records import kinds
from ..enums import Via
from ..models import Channel, Delivery, Message
from ..queries import preference_of


@dataclass(frozen=True)
class Office:
    """An organisation as a reader of its own records: whom a group chat stands for."""

    id: int
    organisation_id: int
    name: str
    roles: frozenset[Role] = BUSINESS
    standing_in: tuple[StandIn, ...] = ()


def refusal_of(delivery: Delivery) -> Sentence | None:
    """Why it must not be sent any more; None where it may."""
    if delivery.via is Via.EMAIL:
        return _of_person(delivery.message)
    return _of_channel(delivery.channel, delivery.message) if delivery.channel else msg("The channel is gone")


def sees(actor: Actor, message: Message) -> bool:
    """Whether somebody sees what a message leads to; a message that leads nowhere hides nothing."""
    if not message.has_subject:
        return True
    try:
        kinds.find(message.subject_kind, message.subject_public_id, actor)
    except NotFound:
        return False
    return True


def _of_person(message: Message) -> Sentence | None:
    recipient: User = message.recipient
    if recipient.status is not UserStatus.ACTIVE:
        return msg("The account is not active any more")
    wish = preference_of(recipient.id)
    if wish is None or not wish.has_email:
        return msg("There is no proven e-mail address any more")
    return None if sees(recipient, message) else msg("The person does not see the record any more")


def _of_channel(channel: Channel, message: Message) -> Sentence | None:
    if not channel.active:
        return msg("The channel is switched off")
    office = Office(0, channel.organisation_id, channel.name)
    return None if sees(office, message) else msg("The organisation does not see the record any more")
