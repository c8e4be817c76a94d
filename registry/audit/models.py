"""Tables of the audit chain."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Identified, Model
from . import triggers


class AuditEvent(Identified, Model):
    """One thing that happened. Never changed, never deleted (see `triggers`).

    `hash` covers every other column; `id` is `seq` again. People and records are named by number and by label, not by
    foreign key: the record of the past must not change when they do.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_object", "object_type", "object_id", "seq"),
        Index("ix_audit_event_actor", "actor_id", "seq"),
        Index("ix_audit_event_action", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(unique=True)
    happened_at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    succeeded: Mapped[bool] = mapped_column(default=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    organisation_id: Mapped[int | None]
    object_type: Mapped[str] = mapped_column(String(40), default="")
    object_id: Mapped[str] = mapped_column(String(26), default="")
    object_label: Mapped[str] = mapped_column(String(400), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The chain's last link, one row; locked last before every commit, so events get their numbers in order."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="0" * 64)


triggers.install(cast("Table", AuditHead.__table__))
