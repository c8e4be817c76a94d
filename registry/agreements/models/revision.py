"""Revisions: the content that people review, approve and sign."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from .agreement import Agreement
from .enums import RevisionKind


class AgreementRevision(Identified, Versioned, Stamped, Model):
    """One numbered content of an agreement.

    `content` holds parties, articles, variables and term as the canonical form of `registry.agreements.content` takes
    them; `content_sha256` is set with the hash algorithm's version when the content is put before the parties, and the
    content does not change from then on. Returning it to draft makes the next revision.
    """

    __tablename__ = "agreement_revision"
    __table_args__ = (UniqueConstraint("agreement_id", "no"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    no: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(enum_type(RevisionKind), default=RevisionKind.ORIGINAL)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    hash_version: Mapped[str] = mapped_column(String(12), default="")
    template_unmodified: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(1000), default="")
    effective: Mapped[bool] = mapped_column(default=False)

    agreement: Mapped[Agreement] = relationship(back_populates="revisions")

    @validates("content")
    def _unless_put_before_parties(self, _name: str, content: dict[str, Any]) -> dict[str, Any]:
        """Content that parties approve or signed never changes; a change is the next revision."""
        if self.content_sha256:
            raise Conflict(msg("The content was put before the parties and can no longer change"))
        return content

    def close(self, reason: str, at: datetime) -> None:
        """Set aside, with the reason; its opinions stay."""
        self.closed_at, self.closed_reason = at, reason
