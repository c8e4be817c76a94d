"""The station, its founders, and who sees it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...agreements.models import Agreement
from ...core.access.decision import Actor
from ...core.access.scope import scoped
from ...core.access.table import Relation
from ...core.dates import Precision
from ...core.db import Model, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from ...organisations.models import Contact, Organisation
from ...records.models import Shared, VisibilityRow, seen_through, visibility_args
from ..enums import RUNNING, TRANSITIONS, WorkstationKind, WorkstationState

YUAN_PER_WAN = 10_000


class WorkstationVisibility(VisibilityRow, Model):
    """Which organisation sees which station."""

    __tablename__ = "workstation_visibility"
    __table_args__ = visibility_args("workstation_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"), primary_key=True)


class Workstation(Shared, Model):
    """A running place at exactly one university, set up by one or more organisations, with or without paper.

    `started_on` is when it began to work: the unveiling, or a day of its own; `running_since` the same or when it was
    taken up again. `last_active_on` is the last day of something held or of a visit; `quiet_since` the later of both,
    and empty while it does not run: silence is one comparison with it. `reminded_since` is the silence that the sides
    were reminded of, `proposed_after` the second of two years for which a withdrawal is proposed, `kept_after` the last
    such year for which somebody decided to keep it.
    """

    __tablename__ = "workstation"
    __table_args__ = (
        CheckConstraint("state IN ('preparing', 'withdrawn') OR started_on IS NOT NULL", name="started"),
        CheckConstraint("term_until IS NULL OR term_from IS NULL OR term_until >= term_from", name="term"),
        CheckConstraint("fund_yuan IS NULL OR fund_yuan >= 0", name="fund"),
        CheckConstraint("(quiet_since IS NULL) = (state NOT IN ('operating', 'rectifying'))", name="quiet"),
        Index("ix_workstation_quiet", "quiet_since"),
        Index("ix_workstation_until", "term_until"),
        Index("ix_workstation_agreement", "agreement_id"),
        Index("ix_workstation_host", "host_id"),
    )
    visibility = WorkstationVisibility
    kind_code = "workstation"

    kind: Mapped[WorkstationKind] = mapped_column(enum_type(WorkstationKind))
    state: Mapped[WorkstationState] = mapped_column(enum_type(WorkstationState), default=WorkstationState.PREPARING)
    state_since: Mapped[date]
    state_reason: Mapped[str] = mapped_column(String(1000), default="")
    number: Mapped[str] = mapped_column(String(60), default="")
    host_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    host_department: Mapped[str] = mapped_column(default="")
    host_liaison_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    place: Mapped[str] = mapped_column(default="")
    opening_hours: Mapped[str] = mapped_column(default="")
    unveiled_on: Mapped[date | None]
    unveiled_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "unveiled_precision"), default=Precision.UNKNOWN
    )
    started_on: Mapped[date | None]
    term_from: Mapped[date | None]
    term_until: Mapped[date | None]
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    fund_yuan: Mapped[int | None] = mapped_column(BigInteger)
    remark: Mapped[str] = mapped_column(String(1000), default="")
    running_since: Mapped[date | None]
    last_active_on: Mapped[date | None]
    quiet_since: Mapped[date | None]
    reminded_since: Mapped[date | None]
    proposed_after: Mapped[int | None]
    kept_after: Mapped[int | None]

    founders: Mapped[list["WorkstationFounder"]] = relationship(
        back_populates="station", order_by="WorkstationFounder.position", cascade="all, delete-orphan"
    )
    host: Mapped[Organisation] = relationship(foreign_keys=[host_id])
    host_liaison: Mapped[Contact | None] = relationship(foreign_keys=[host_liaison_id])
    head: Mapped[Contact | None] = relationship(foreign_keys=[head_id])
    agreement: Mapped[Agreement | None] = relationship()

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def founder_ids(self) -> set[int]:
        """Organisations that set it up."""
        return {founder.organisation_id for founder in self.founders}

    @property
    def party_ids(self) -> set[int]:
        """Founders and host."""
        return self.founder_ids | {self.host_id}

    @property
    def is_running(self) -> bool:
        """Whether activity is expected of it."""
        return self.state in RUNNING

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """Every founder owns it alike; the host takes part; whoever oversees one of them reads."""
        if actor.organisation_id in self.founder_ids:
            return frozenset({Relation.OWN, Relation.PARTY, Relation.SCOPE})
        return super().relations_to(actor)

    @property
    def fund_wan(self) -> Decimal | None:
        """Its funding in 10,000 yuan (万元)."""
        return None if self.fund_yuan is None else Decimal(self.fund_yuan) / YUAN_PER_WAN

    def move(self, to: WorkstationState, day: date, reason: str = "") -> None:
        """Take the next state; `day` is when it begins to run or runs no longer.

        Raises Conflict when that state may not follow the present one.
        """
        if to not in TRANSITIONS[self.state]:
            raise Conflict(msg("This is not possible in the present state"))
        ran = self.is_running
        self.state, self.state_since, self.state_reason = to, day, reason
        if self.is_running != ran:
            self.running_since = day if self.is_running else None
        self.heard_of(self.last_active_on)

    def heard_of(self, last: date | None) -> None:
        """The last sign of life; silence is counted from it, or from when it began to run."""
        self.last_active_on = last
        days = [day for day in (last, self.running_since) if day]
        self.quiet_since = max(days) if self.running_since else None


class WorkstationFounder(Model):
    """One of the organisations that set the station up, in their order, with its liaison."""

    __tablename__ = "workstation_founder"
    __table_args__ = (
        UniqueConstraint("workstation_id", "position"),
        UniqueConstraint("workstation_id", "organisation_id"),
        Index("ix_workstation_founder_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workstation_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"))
    position: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    liaison_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))

    station: Mapped[Workstation] = relationship(back_populates="founders")
    organisation: Mapped[Organisation] = relationship()
    liaison: Mapped[Contact | None] = relationship()


scoped(Workstation, seen_through(Workstation, WorkstationVisibility))
