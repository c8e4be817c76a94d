"""What other packages hand over to be told, and what people say on their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from ..core.i18n import DEFAULT_LANGUAGE
from .enums import Topic, Via, Way


@dataclass(frozen=True)
class NewMessage:
    """One message to one person.

    `key` is unique for the recipient: what is told again under the same key stays the first message. The subject is a
    record by kind and public id (see `records.kinds`), which the message leads to. A title must not name what the
    recipient cannot see. `urgent` goes out at once, whatever the person chose and whatever the hour; `personal` is
    not told in the group chats of the recipient's organisation.
    """

    recipient_id: int
    topic: Topic
    key: str
    title_zh: str
    title_en: str = ""
    body_zh: str = ""
    body_en: str = ""
    subject_kind: str = ""
    subject_public_id: str = ""
    urgent: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Wishes:
    """What a person wants by e-mail, and when not."""

    ways: Mapping[Topic, Way]
    quiet_from: time
    quiet_until: time
    working_days_only: bool = True


@dataclass(frozen=True)
class ChannelDetails:
    """A group chat or program. An empty address or secret keeps the present one."""

    via: Via
    name: str
    topics: tuple[Topic, ...]
    quiet_from: time
    quiet_until: time
    address: str = ""
    secret: str = ""
    language: str = DEFAULT_LANGUAGE
    working_days_only: bool = True
