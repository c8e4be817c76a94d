"""The stages of a case, and the records that it belongs to. 对接环节."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db import Model, Stamped, enum_type
from ...organisations.models import Organisation
from ..counts import COUNTS
from ..enums import EntryStatus, Stage

if TYPE_CHECKING:
    from .case import DockingCase


class DockingStageEntry(Stamped, Model):
    """One stage of one case: planned, reached on a day with its counts and evidence, or skipped with a reason."""

    __tablename__ = "docking_stage_entry"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        CheckConstraint("(status = 'reached') = (actual_on IS NOT NULL)", name="reached_on"),
        CheckConstraint("(status = 'skipped') = (skip_reason <> '')", name="skip_reason"),
        CheckConstraint("offers_master IS NULL OR offers IS NULL OR offers_master <= offers", name="part_of_offers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("docking_case.id"))
    stage: Mapped[Stage] = mapped_column(enum_type(Stage, "entry_stage"))
    position: Mapped[int]
    status: Mapped[EntryStatus] = mapped_column(enum_type(EntryStatus, "entry_status"))
    planned_on: Mapped[date | None]
    actual_on: Mapped[date | None]
    posts: Mapped[int | None]
    headcount: Mapped[int | None]
    pay_from: Mapped[int | None]
    pay_to: Mapped[int | None]
    entrants: Mapped[int | None]
    resumes: Mapped[int | None]
    interviewed: Mapped[int | None]
    offers: Mapped[int | None]
    offers_master: Mapped[int | None]
    signed: Mapped[int | None]
    onboarded: Mapped[int | None]
    retained: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(String(2000), default="")
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    skip_reason: Mapped[str] = mapped_column(String(1000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    case: Mapped["DockingCase"] = relationship(back_populates="entries")
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def counts(self) -> dict[str, int | None]:
        """All counts by name; None where nothing is known."""
        return {name: getattr(self, name) for name in COUNTS}


class DockingLink(Model):
    """A record that a case came from or belongs to, by kind and public id: a workstation, an activity, a mechanism."""

    __tablename__ = "docking_link"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "public_id"),
        Index("ix_docking_link_record", "kind", "public_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("docking_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    public_id: Mapped[str] = mapped_column(String(26))

    case: Mapped["DockingCase"] = relationship(back_populates="links")
