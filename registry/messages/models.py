"""Tables of messages, what people and organisations want of them, and the outbox. 消息、偏好、渠道与发件箱."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.access.decision import Actor
from ..core.access.table import Relation
from ..core.db import Identified, Model, Stamped, Versioned, enum_type
from ..organisations.models import Organisation
from .enums import DeliveryStatus, Outcome, Topic, Via, Way

UNREAD = text("read_at IS NULL")
WAITS_FOR_BUNDLE = text("status = 'queued' AND bundled")
NIGHT, MORNING = time(22), time(7)


class Message(Identified, Model):
    """Something told to one person, once for its key. Never changed but for the moment when it was read."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("recipient_id", "key"),
        Index("ix_message_list", "recipient_id", "id"),
        Index("ix_message_topic", "recipient_id", "topic", "id"),
        Index("ix_message_unread", "recipient_id", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_message_read_at", "read_at"),
    )

    recipient_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    topic: Mapped[Topic] = mapped_column(enum_type(Topic, "message_topic"))
    key: Mapped[str]
    title_zh: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str] = mapped_column(String(400), default="")
    body_zh: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_public_id: Mapped[str] = mapped_column(String(26), default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    recipient: Mapped[User] = relationship()

    @property
    def has_subject(self) -> bool:
        """Whether it leads to a record."""
        return bool(self.subject_kind and self.subject_public_id)


class Quiet:
    """Mixin: when nothing is sent (Shanghai time). The same time twice means: no quiet hours."""

    quiet_from: Mapped[time] = mapped_column(Time, default=NIGHT)
    quiet_until: Mapped[time] = mapped_column(Time, default=MORNING)
    working_days_only: Mapped[bool] = mapped_column(default=True)


class Preference(Quiet, Identified, Versioned, Stamped, Model):
    """What one person wants; who has no row has the usual. Addresses and codes are encrypted at rest.

    Nothing but the code is sent to an address before it is proven with that code.
    """

    __tablename__ = "message_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    email_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_hint: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    pending_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    pending_hint: Mapped[str] = mapped_column(default="")
    code_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()
    topics: Mapped[list["TopicWay"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def audit_label(self) -> str:
        """Whose, in the audit."""
        return self.user.audit_label

    @property
    def has_email(self) -> bool:
        """Whether there is a proven address."""
        return self.email_encrypted is not None


class TopicWay(Model):
    """How a person wants one topic by e-mail, where it is not the usual way."""

    __tablename__ = "message_topic_way"

    preference_id: Mapped[int] = mapped_column(ForeignKey("message_preference.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum_type(Topic, "topic_way_topic"), primary_key=True)
    way: Mapped[Way] = mapped_column(enum_type(Way, "topic_way"))


class Channel(Quiet, Identified, Versioned, Stamped, Model):
    """A group chat or program of one organisation. Address and secret are encrypted at rest and never shown again."""

    __tablename__ = "message_channel"
    __table_args__ = (
        CheckConstraint("via <> 'email'", name="group"),
        Index("ix_message_channel_organisation", "organisation_id", "active"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    via: Mapped[Via] = mapped_column(enum_type(Via, "channel_via"))
    name: Mapped[str] = mapped_column(String(60))
    host: Mapped[str]
    address_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    secret_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(5), default="zh")
    active: Mapped[bool] = mapped_column(default=True)

    organisation: Mapped[Organisation] = relationship()

    @property
    def audit_label(self) -> str:
        """Its name in the audit."""
        return self.name

    @property
    def access_states(self) -> frozenset[str]:
        """For the policy table."""
        return frozenset({"active" if self.active else "off"})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for its organisation; nobody else sees it."""
        return frozenset({Relation.OWN}) if actor.organisation_id == self.organisation_id else frozenset()


class Delivery(Identified, Model):
    """A message on its way out, written in the transaction that told it.

    `target` is whom it goes to (`user:7`, `channel:3`); with `key` it is unique, so what several colleagues are told
    stands in their group chat once. `bundled` waits for the day's e-mail; `bundle_on` is the day whose e-mail has it.
    """

    __tablename__ = "message_delivery"
    __table_args__ = (
        UniqueConstraint("target", "key"),
        Index("ix_message_delivery_message", "message_id"),
        Index("ix_message_delivery_channel", "channel_id", "id"),
        Index("ix_message_delivery_status", "status", "id"),
        Index(
            "ix_message_delivery_bundle",
            "target",
            "bundle_on",
            sqlite_where=WAITS_FOR_BUNDLE,
            postgresql_where=WAITS_FOR_BUNDLE,
        ),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("message_channel.id", ondelete="CASCADE"))
    via: Mapped[Via] = mapped_column(enum_type(Via, "delivery_via"))
    target: Mapped[str] = mapped_column(String(40))
    key: Mapped[str]
    status: Mapped[DeliveryStatus] = mapped_column(
        enum_type(DeliveryStatus, "delivery_status"), default=DeliveryStatus.QUEUED
    )
    bundled: Mapped[bool] = mapped_column(default=False)
    bundle_on: Mapped[date | None]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(2000), default="")  # see jobs.reasons
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship(lazy="joined", innerjoin=True)
    channel: Mapped[Channel | None] = relationship()

    def end(self, status: DeliveryStatus, moment: datetime, reason: str = "") -> None:
        """It is over: sent, given up, or not sent at all."""
        self.status, self.ended_at, self.reason = status, moment, reason

    def wait(self, due_at: datetime, reason: str = "") -> None:
        """Try (again) at a moment."""
        self.status, self.due_at, self.reason, self.ended_at = DeliveryStatus.QUEUED, due_at, reason, None


class Attempt(Model):
    """One attempt to hand a delivery over: when, what came of it, the receiver's code and words; never a secret."""

    __tablename__ = "message_attempt"
    __table_args__ = (
        Index("ix_message_attempt_delivery", "delivery_id", "id"),
        Index("ix_message_attempt_channel", "channel_id", "began_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("message_delivery.id", ondelete="CASCADE"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("message_channel.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "attempt_outcome"), default=Outcome.BEGUN)
    status_code: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(500), default="")

    def end(self, outcome: Outcome, moment: datetime, status_code: int | None = None, words: str = "") -> None:
        """Note what came of it."""
        self.outcome, self.ended_at, self.status_code, self.words = outcome, moment, status_code, words[:500]


def subject_of(row: Any) -> tuple[str, str] | None:
    """Kind and public id of what a message leads to; None where there is nothing."""
    return (row.subject_kind, row.subject_public_id) if row.subject_kind and row.subject_public_id else None
