"""Signing events: the ceremony, what was ticked at its table, and the scans that came in afterwards. 签约活动."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.access.decision import Actor
from ...core.access.scope import scoped
from ...core.access.table import Relation
from ...core.dates import Precision, last_day, today
from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from ...documents.models import StoredFile
from ...organisations.models import Organisation, Oversight
from .agreement import Agreement, AgreementParty, AgreementVisibility
from .enums import EventStatus, ScanState

STANDS = text("undone_at IS NULL")


class SigningEvent(Identified, Versioned, Stamped, Model):
    """A ceremony at which agreements are, or were, signed.

    `programme` is a list of {"time", "item", "who"} in order. `source` says where a past event is known from.
    `sort_on` is never empty: the day, else the day of entry.
    """

    __tablename__ = "signing_event"
    __table_args__ = (
        Index("ix_signing_event_owner", "owner_id", "sort_on", "id"),
        Index("ix_signing_event_sort", "sort_on", "id"),
    )

    title_zh: Mapped[str]
    title_en: Mapped[str] = mapped_column(String(400), default="")
    held_on: Mapped[date | None]
    held_precision: Mapped[Precision] = mapped_column(enum_type(Precision, "held_precision"), default=Precision.UNKNOWN)
    sort_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    programme: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    source: Mapped[str] = mapped_column(String(1000), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    owner: Mapped[Organisation] = relationship()

    @property
    def audit_label(self) -> str:
        """Its title in the audit."""
        return self.title_zh

    @property
    def access_states(self) -> frozenset[str]:
        """Planned or held, for the policy table."""
        return frozenset({str(self.status)})

    @property
    def status(self) -> EventStatus:
        """Planned before its day (the last that its precision allows); without a day, held if a source tells of it."""
        if self.held_on is None:
            return EventStatus.HELD if self.source else EventStatus.PLANNED
        return EventStatus.HELD if last_day(self.held_on, self.held_precision) <= today() else EventStatus.PLANNED

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for the host; whoever else reaches it was let in by the query."""
        return frozenset({Relation.OWN}) if actor.organisation_id == self.owner_id else frozenset()


class TableTick(Identified, Model):
    """A note made at the table that a party has signed: who noted it and when. It records no signature."""

    __tablename__ = "table_tick"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undo_reason = '')", name="undo_reason"),
        Index(
            "uq_table_tick_standing",
            "revision_id",
            "party_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_table_tick_event", "event_id", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("signing_event.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    ticked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ticked_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str] = mapped_column(String(1000), default="")

    agreement: Mapped[Agreement] = relationship()
    party: Mapped[AgreementParty] = relationship()
    ticked_by: Mapped[User] = relationship(foreign_keys=[ticked_by_id])

    @property
    def audit_label(self) -> str:
        """Party and agreement in the audit."""
        return f"{self.party.name} · {self.agreement.audit_label}"

    def undo(self, reason: str, by: int, at: datetime) -> None:
        """Take it back; the row stays. Raises Conflict when it was taken back before."""
        if self.undone_at is not None:
            raise Conflict(msg("This tick was taken back already"))
        self.undone_at, self.undone_by_id, self.undo_reason = at, by, reason


class EventScan(Identified, Versioned, Model):
    """A file that was handed in for an event after the signing, whatever became of it; the uploader's side sees it.

    `told` are sentences as [Chinese, English]; `filed` are the public ids of the agreements that it was filed for.
    """

    __tablename__ = "event_scan"
    __table_args__ = (
        CheckConstraint("(state = 'set_aside') = (reason <> '')", name="reason"),
        Index("ix_event_scan_event", "event_id", "organisation_id", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("signing_event.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    state: Mapped[ScanState] = mapped_column(enum_type(ScanState))
    told: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    filed: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(1000), default="")

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Its file name in the audit."""
        return self.filename

    def settle(self, state: ScanState, reason: str = "") -> None:
        """waiting → filed or set aside. Raises Conflict when it was settled before."""
        if self.state is not ScanState.WAITING:
            raise Conflict(msg("This file has been dealt with already"))
        self.state, self.reason = state, reason


def seen_by(organisation_id: int) -> ColumnElement[bool]:
    """The host, who oversees it, and whoever sees one of its agreements.

    Tables, not entities: the wall around agreements must not be built into its own stones.
    """
    over, agreements, seen = Oversight.__table__, Agreement.__table__, AgreementVisibility.__table__
    overseen = select(over.c.organisation_id).where(over.c.overseer_id == organisation_id)
    shown = (
        select(agreements.c.id)
        .join(seen, seen.c.agreement_id == agreements.c.id)
        .where(agreements.c.signing_event_id == SigningEvent.id, seen.c.organisation_id == organisation_id)
    )
    return or_(
        SigningEvent.owner_id == organisation_id,
        SigningEvent.owner_id.in_(overseen),
        shown.correlate(SigningEvent).exists(),
    )


scoped(SigningEvent, seen_by)
