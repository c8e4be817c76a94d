"""A promise of an agreement, and who takes part in it. 承诺事项."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...agreements.models import Agreement, AgreementRevision
from ...core.access.scope import scoped
from ...core.db import Model, enum_type
from ...core.errors import Conflict
from ...core.figures.columns import FigureValue
from ...core.figures.kinds import Number
from ...core.i18n import msg
from ...organisations.models import Organisation
from ...records.models import Shared, VisibilityRow, seen_through, visibility_args
from ..enums import Category, CommitmentState, Comparator, Curve, Measure, Origin, Part, Recurrence, VerifyRule

RUNNING = text("code <> '' AND state = 'active'")


class CommitmentVisibility(VisibilityRow, Model):
    """Which organisation sees which commitment."""

    __tablename__ = "commitment_visibility"
    __table_args__ = visibility_args("commitment_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)


class Commitment(Shared, Model):
    """What a signed text promises: who, to whom, how much of what, how often.

    `code` is that of the row of the table (T1…), of a place in the text (M1), or of a mark (K1…); one commitment of
    an agreement has it at a time. `starts_on` is the first day on which it holds. `target` is that of periods to come;
    each period keeps its own. `made_until` is how far ahead its periods were made, empty when all are there.
    `paused_on` is set while the agreement is suspended.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("target >= 0", name="target"),
        CheckConstraint("(state IN ('ended', 'declined')) = (end_reason <> '')", name="end_reason"),
        CheckConstraint("(state IN ('ended', 'declined')) = (ended_on IS NOT NULL)", name="ended_on"),
        Index("ix_commitment_agreement", "agreement_id", "state"),
        Index("ix_commitment_made_until", "state", "made_until"),
        Index(
            "uq_commitment_running_code", "agreement_id", "code",
            unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING,
        ),
    )  # fmt: skip
    visibility = CommitmentVisibility
    kind_code = "commitment"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_revision.id"))
    origin: Mapped[Origin] = mapped_column(enum_type(Origin, "commitment_origin"), default=Origin.TABLE)
    article: Mapped[str] = mapped_column(String(20), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[CommitmentState] = mapped_column(
        enum_type(CommitmentState, "commitment_state"), default=CommitmentState.ACTIVE
    )
    category: Mapped[Category] = mapped_column(enum_type(Category, "category"), default=Category.OTHER)
    measure: Mapped[Measure] = mapped_column(enum_type(Measure), default=Measure.COUNT)
    comparator: Mapped[Comparator] = mapped_column(enum_type(Comparator), default=Comparator.AT_LEAST)
    target: Mapped[Number] = mapped_column(FigureValue)
    unit: Mapped[str] = mapped_column(String(40), default="")
    recurrence: Mapped[Recurrence] = mapped_column(enum_type(Recurrence), default=Recurrence.YEARLY)
    period_words: Mapped[str] = mapped_column(default="")
    rule: Mapped[str] = mapped_column(String(1000), default="")
    rule_en: Mapped[str] = mapped_column(String(1000), default="")
    evidence_required: Mapped[str] = mapped_column(String(1000), default="")
    evidence_required_en: Mapped[str] = mapped_column(String(1000), default="")
    evidence_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    curve: Mapped[Curve] = mapped_column(enum_type(Curve), default=Curve.LINEAR)
    weights: Mapped[list[int]] = mapped_column(JSON, default=list)
    verify_rule: Mapped[VerifyRule] = mapped_column(enum_type(VerifyRule), default=VerifyRule.ANY)
    is_joint: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]  # of a promise that falls due once
    made_until: Mapped[date | None]
    paused_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(1000), default="")

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision | None] = relationship()
    sides: Mapped[list["CommitmentSide"]] = relationship(
        back_populates="commitment", order_by="CommitmentSide.position", cascade="all, delete-orphan"
    )

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def party_ids(self) -> set[int]:
        """Everybody who takes part."""
        return {side.organisation_id for side in self.sides}

    @property
    def audit_label(self) -> str:
        """Code and title in the audit."""
        return f"{self.code} {self.title_zh}".strip()

    @property
    def asks_for_evidence(self) -> bool:
        """Whether a reported figure has to be shown by something."""
        return bool(self.evidence_required or self.evidence_kinds)

    def having(self, part: Part) -> frozenset[int]:
        """The organisations that take this part."""
        return frozenset(side.organisation_id for side in self.sides if side.part is part)

    @property
    def lead_id(self) -> int | None:
        """The lead party of the agreement, where it takes part."""
        return next((side.organisation_id for side in self.sides if side.is_lead), None)

    def begin(self, on: date | None) -> None:
        """proposed → active: everybody named accepts it. Raises Conflict elsewhere."""
        self._require(CommitmentState.PROPOSED)
        self.state, self.starts_on = CommitmentState.ACTIVE, on

    def decline(self, reason: str, on: date) -> None:
        """proposed → declined. Raises Conflict elsewhere."""
        self._require(CommitmentState.PROPOSED)
        self.state, self.end_reason, self.ended_on = CommitmentState.DECLINED, reason, on

    def end(self, reason: str, on: date) -> None:
        """Running or proposed → ended; what was due before is still settled. Raises Conflict elsewhere."""
        self._require(CommitmentState.PROPOSED, CommitmentState.ACTIVE)
        self.state, self.end_reason, self.ended_on = CommitmentState.ENDED, reason, on
        self.paused_on = self.made_until = None

    def _require(self, *states: CommitmentState) -> None:
        if self.state not in states:
            raise Conflict(msg("This is not possible in the present state"))


class CommitmentSide(Model):
    """An organisation and its part. One that was named by a mark has accepted it or not yet."""

    __tablename__ = "commitment_side"
    __table_args__ = (
        UniqueConstraint("commitment_id", "position"),
        Index("ix_commitment_side_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    position: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    part: Mapped[Part] = mapped_column(enum_type(Part, "part"))
    is_lead: Mapped[bool] = mapped_column(default=False)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accepted_on: Mapped[date | None]

    commitment: Mapped[Commitment] = relationship(back_populates="sides")
    organisation: Mapped[Organisation] = relationship()
    accepted_by: Mapped[User | None] = relationship()


scoped(Commitment, seen_through(Commitment, CommitmentVisibility))
