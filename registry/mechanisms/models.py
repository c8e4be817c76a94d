"""Tables of docking mechanisms, their parties and meetings. 对接机制."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..agreements.models import Agreement
from ..core.access.scope import scoped
from ..core.dates import Precision
from ..core.db import Identified, Model, Stamped, enum_type
from ..core.errors import Conflict
from ..core.i18n import msg
from ..organisations.models import Contact, Organisation
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from .enums import NEXT, RUNNING, Rhythm, Stage, WrittenForm


class MechanismVisibility(VisibilityRow, Model):
    """Which organisation sees which mechanism."""

    __tablename__ = "mechanism_visibility"
    __table_args__ = visibility_args("mechanism_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("docking_mechanism.id"), primary_key=True)


class DockingMechanism(Shared, Model):
    """A locality and a university that meet and work together, with or without paper.

    `next_meeting_on` is a working day, counted from the last meeting by the rhythm unless somebody set it. `agreement`
    is the draft, later the agreement, that it grew into.
    """

    __tablename__ = "docking_mechanism"
    __table_args__ = (
        CheckConstraint("(stage = 'ended') = (end_reason <> '')", name="end_reason"),
        CheckConstraint("stage <> 'upgraded' OR agreement_id IS NOT NULL", name="upgraded_into"),
        Index("ix_docking_mechanism_next", "next_meeting_on"),
        Index("ix_docking_mechanism_agreement", "agreement_id"),
    )
    visibility = MechanismVisibility
    kind_code = "mechanism"

    stage: Mapped[Stage] = mapped_column(enum_type(Stage, "mechanism_stage"), default=Stage.PRELIMINARY)
    established_on: Mapped[date | None]
    established_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "established_precision"), default=Precision.UNKNOWN
    )
    written_form: Mapped[WrittenForm] = mapped_column(enum_type(WrittenForm), default=WrittenForm.NONE)
    rhythm: Mapped[Rhythm] = mapped_column(enum_type(Rhythm), default=Rhythm.AS_NEEDED)
    plan: Mapped[str] = mapped_column(Text, default="")
    last_met_on: Mapped[date | None]
    next_meeting_on: Mapped[date | None]
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(1000), default="")

    parties: Mapped[list["MechanismParty"]] = relationship(
        back_populates="mechanism", order_by="MechanismParty.position", cascade="all, delete-orphan"
    )
    meetings: Mapped[list["MechanismMeeting"]] = relationship(
        back_populates="mechanism", order_by="(MechanismMeeting.held_on.desc(), MechanismMeeting.id.desc())"
    )
    agreement: Mapped[Agreement | None] = relationship()

    @property
    def state_code(self) -> str:
        """Its stage."""
        return str(self.stage)

    @property
    def party_ids(self) -> set[int]:
        """Organisations that take part."""
        return {party.organisation_id for party in self.parties if party.organisation_id}

    def advance(self) -> None:
        """preliminary → established → regular. Raises Conflict elsewhere."""
        if self.stage not in NEXT:
            raise Conflict(msg("This mechanism has no further stage of its own"))
        self.stage = NEXT[self.stage]

    def upgrade(self) -> None:
        """Running → upgraded, once what it grew into is signed. Raises Conflict when it ended or has no agreement."""
        if self.stage not in RUNNING or self.agreement_id is None:
            raise Conflict(msg("This mechanism has not grown into an agreement"))
        self.stage = Stage.UPGRADED

    def end(self, reason: str, day: date) -> None:
        """Running → ended. Raises Conflict when it has ended or was upgraded."""
        if self.stage not in RUNNING:
            raise Conflict(msg("This mechanism has ended or was upgraded"))
        self.stage, self.end_reason, self.ended_on, self.next_meeting_on = Stage.ENDED, reason, day, None


class MechanismParty(Model):
    """One side in its order, with its liaison; a side that a source only names as reported has no organisation yet."""

    __tablename__ = "mechanism_party"
    __table_args__ = (
        UniqueConstraint("mechanism_id", "position"),
        CheckConstraint("organisation_id IS NOT NULL OR name_as_reported <> ''", name="named"),
        Index("ix_mechanism_party_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mechanism_id: Mapped[int] = mapped_column(ForeignKey("docking_mechanism.id"))
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name_as_reported: Mapped[str] = mapped_column(default="")
    liaison_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))

    mechanism: Mapped[DockingMechanism] = relationship(back_populates="parties")
    organisation: Mapped[Organisation | None] = relationship()
    liaison: Mapped[Contact | None] = relationship()


class MechanismMeeting(Identified, Stamped, Model):
    """A meeting that took place, with its minutes; `decisions` are sentences in order. Meetings are never changed."""

    __tablename__ = "mechanism_meeting"
    __table_args__ = (Index("ix_mechanism_meeting_mechanism", "mechanism_id", "held_on"),)

    mechanism_id: Mapped[int] = mapped_column(ForeignKey("docking_mechanism.id"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    attendees: Mapped[str] = mapped_column(String(1000), default="")
    minutes: Mapped[str] = mapped_column(Text)
    decisions: Mapped[list[str]] = mapped_column(JSON, default=list)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    mechanism: Mapped[DockingMechanism] = relationship(back_populates="meetings")
    organisation: Mapped[Organisation] = relationship()

    @property
    def audit_label(self) -> str:
        """The day and the mechanism in the audit."""
        return f"{self.held_on:%Y-%m-%d} {self.mechanism.title_zh}"


scoped(DockingMechanism, seen_through(DockingMechanism, MechanismVisibility))
