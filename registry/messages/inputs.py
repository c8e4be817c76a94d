"""What the other packages hand over to be told."""

from dataclasses import dataclass

from .enums import Topic


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
