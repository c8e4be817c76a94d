"""Revisions: the content that people review, approve and sign."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from .agreement import Agreement
from .enums import OPEN_STAGES, SIGNED_STAGES, RevisionKind, RevisionStage

G = RevisionStage
STAGES: dict[RevisionStage, frozenset[RevisionStage]] = {
    G.DRAFT: frozenset({G.REVIEW, G.SET_ASIDE}),
    G.REVIEW: frozenset({G.NEGOTIATION, G.SET_ASIDE}),
    G.NEGOTIATION: frozenset({G.SIGNING, G.SET_ASIDE}),
    G.SIGNING: frozenset({G.NEGOTIATION, G.SIGNED, G.EFFECTIVE, G.SET_ASIDE}),
    G.SIGNED: frozenset({G.EFFECTIVE, G.SET_ASIDE}),
    G.EFFECTIVE: frozenset({G.SUPERSEDED}),
    G.SUPERSEDED: frozenset(),
    G.SET_ASIDE: frozenset(),
}
OPEN = text("stage IN ('draft', 'review', 'negotiation', 'signing')")
IN_EFFECT = text("stage = 'effective'")


class AgreementRevision(Identified, Versioned, Stamped, Model):
    """One numbered content of an agreement.

    `content` holds parties, articles, variables and term as the canonical form of `registry.agreements.content` takes
    them; `content_sha256` is set with the hash algorithm's version when the content is put before the parties, and the
    content does not change from then on. Returning it to draft makes the next revision. One that changes an agreement
    in force was drafted on `base`; it takes effect on `effective_on`, and `superseded_on` is the day of its successor.
    """

    __tablename__ = "agreement_revision"
    __table_args__ = (
        UniqueConstraint("agreement_id", "no"),
        Index("uq_agreement_revision_open", "agreement_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_agreement_revision_effective",
            "agreement_id",
            unique=True,
            sqlite_where=IN_EFFECT,
            postgresql_where=IN_EFFECT,
        ),
        Index("ix_agreement_revision_stage", "stage", "effective_on"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    no: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(enum_type(RevisionKind), default=RevisionKind.ORIGINAL)
    stage: Mapped[RevisionStage] = mapped_column(enum_type(RevisionStage), default=RevisionStage.DRAFT)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_revision.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    hash_version: Mapped[str] = mapped_column(String(12), default="")
    template_unmodified: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    minutes_number: Mapped[str] = mapped_column(String(100), default="")
    minutes_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(1000), default="")
    signed_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    superseded_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(back_populates="revisions")
    base: Mapped["AgreementRevision | None"] = relationship(remote_side="AgreementRevision.id")

    @validates("content")
    def _unless_put_before_parties(self, _name: str, content: dict[str, Any]) -> dict[str, Any]:
        """Content that parties approve or signed never changes; a change is the next revision."""
        if self.content_sha256:
            raise Conflict(msg("The content was put before the parties and can no longer change"))
        return content

    @property
    def is_open(self) -> bool:
        """Whether people still work on it."""
        return self.stage in OPEN_STAGES

    @property
    def is_signed(self) -> bool:
        """Whether every party signed it, whatever became of it since."""
        return self.stage in SIGNED_STAGES

    @property
    def is_follow_up(self) -> bool:
        """Whether it changes an agreement that is in force already."""
        return self.base_id is not None

    def move(self, to: RevisionStage) -> None:
        """Change the stage along `STAGES`; nothing else assigns it.

        Raises Conflict for a step that the lane does not know.
        """
        if to not in STAGES[self.stage]:
            raise Conflict(msg("This is not possible in the present state"))
        self.stage = to

    def set_aside(self, reason: str, at: datetime) -> None:
        """Closed without effect, with the reason; its opinions stay."""
        self.move(RevisionStage.SET_ASIDE)
        self.closed_at, self.closed_reason = at, reason

    def take_effect(self, on: date) -> None:
        """Its terms hold from the day on."""
        self.move(RevisionStage.EFFECTIVE)
        self.effective_on = on

    def supersede(self, on: date) -> None:
        """Another one's terms hold from the day on."""
        self.move(RevisionStage.SUPERSEDED)
        self.superseded_on = on
