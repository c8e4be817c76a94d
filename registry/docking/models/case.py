"""Cases, and who sees them. 对接事项."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...agreements.models import Agreement
from ...core.access.scope import scoped
from ...core.db import Model, enum_type
from ...core.errors import Conflict
from ...core.i18n import Message, msg
from ...organisations.models import Contact, IndustrySection, Organisation, Region
from ...records.models import Shared, VisibilityRow, seen_through, visibility_args
from ..counts import early_checks_of, warnings_of
from ..enums import LAST, LOST, DropReason, EntryStatus, Stage, between

if TYPE_CHECKING:
    from .entry import DockingLink, DockingStageEntry

STUCK_AFTER = timedelta(days=30)
# From the contract on a case waits for days that are fixed: the graduates' arrival in summer, the retention checks.
WAITS_FOR_ITS_DAY = (Stage.SIGNED, Stage.ONBOARDED, Stage.RETAINED_6M)


class DockingVisibility(VisibilityRow, Model):
    """Which organisation sees which case."""

    __tablename__ = "docking_visibility"
    __table_args__ = visibility_args("docking_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("docking_case.id"), primary_key=True)


class DockingCase(Shared, Model):
    """An enterprise and a university, with the city's bureau where it takes part, on their way from a need to people.

    `stage` is the furthest that was reached; `sort_on` the day of the last movement. `stuck_on` is the first day on
    which it counts as stuck, None while nothing is to move. `visited_on` is the last visit to it that was held.
    """

    __tablename__ = "docking_case"
    __table_args__ = (
        CheckConstraint("enterprise_id IS NOT NULL OR enterprise_as_reported <> ''", name="enterprise_named"),
        CheckConstraint("(drop_reason IS NULL) = (lost_on IS NULL)", name="lost"),
        Index("ix_docking_case_university", "university_id"),
        Index("ix_docking_case_enterprise", "enterprise_id"),
        Index("ix_docking_case_region", "region_code"),
        Index("ix_docking_case_industry", "industry_code"),
        Index("ix_docking_case_agreement", "agreement_id"),
        Index("ix_docking_case_stuck", "stuck_on"),
    )
    visibility = DockingVisibility
    kind_code = "docking_case"

    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    enterprise_as_reported: Mapped[str] = mapped_column(default="")
    uscc: Mapped[str] = mapped_column(String(18), default="")
    university_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    industry_code: Mapped[str | None] = mapped_column(ForeignKey("industry_section.code"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    majors: Mapped[str] = mapped_column(String(1000), default="")
    responsible: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[Stage] = mapped_column(enum_type(Stage, "docking_stage"), default=Stage.REGISTERED)
    stuck_on: Mapped[date | None]
    visited_on: Mapped[date | None]
    lost_on: Mapped[date | None]
    drop_reason: Mapped[DropReason | None] = mapped_column(enum_type(DropReason, "drop_reason"))
    drop_words: Mapped[str] = mapped_column(String(1000), default="")
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))

    enterprise: Mapped[Organisation | None] = relationship(foreign_keys=[enterprise_id])
    university: Mapped[Organisation] = relationship(foreign_keys=[university_id])
    bureau: Mapped[Organisation | None] = relationship(foreign_keys=[bureau_id])
    region: Mapped[Region] = relationship()
    industry: Mapped[IndustrySection | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
    entries: Mapped[list["DockingStageEntry"]] = relationship(
        back_populates="case", order_by="DockingStageEntry.position", cascade="all, delete-orphan"
    )
    links: Mapped[list["DockingLink"]] = relationship(
        back_populates="case", order_by="DockingLink.id", cascade="all, delete-orphan"
    )

    @property
    def is_lost(self) -> bool:
        """Whether it came to nothing."""
        return self.drop_reason is not None

    @property
    def state_code(self) -> str:
        """Its stage, or that it is lost."""
        return LOST if self.is_lost else str(self.stage)

    @property
    def party_ids(self) -> set[int]:
        """Enterprise, university and bureau, as far as they are organisations of the directory."""
        return {one for one in (self.enterprise_id, self.university_id, self.bureau_id) if one}

    @property
    def credit_code(self) -> str:
        """The enterprise's USCC: its own in the directory, else the one that was reported."""
        return (self.enterprise.uscc or "" if self.enterprise else "") or self.uscc

    def entry_of(self, stage: Stage) -> "DockingStageEntry | None":
        """The row of a stage, if there is one."""
        return next((entry for entry in self.entries if entry.stage is stage), None)

    def is_skipped(self, stage: Stage) -> bool:
        """Whether a stage was left out."""
        entry = self.entry_of(stage)
        return entry is not None and entry.status is EntryStatus.SKIPPED

    @property
    def reached(self) -> list["DockingStageEntry"]:
        """The stages that were reached, in order."""
        return [entry for entry in self._in_order if entry.status is EntryStatus.REACHED]

    @property
    def _in_order(self) -> list["DockingStageEntry"]:
        """By the stages: a row that was made just now stands last in `entries`, whichever its stage."""
        return sorted(self.entries, key=lambda entry: entry.position)

    @property
    def known(self) -> dict[Stage, Mapping[str, int | None]]:
        """The counts at the stages that were reached."""
        return {entry.stage: entry.counts for entry in self.reached}

    @property
    def warnings(self) -> list[Message]:
        """What looks wrong about its numbers and days; told on its page, never refused."""
        days = {entry.stage: entry.actual_on for entry in self.reached if entry.actual_on}
        return [*warnings_of(self.known), *early_checks_of(days)]

    @property
    def next_stage(self) -> Stage | None:
        """The first stage ahead that was not left out; None at the end."""
        return next((stage for stage in self.ahead if not self.is_skipped(stage)), None)

    @property
    def ahead(self) -> list[Stage]:
        """The stages that follow."""
        return [stage for stage in Stage if stage.position > self.stage.position]

    def unexplained(self, later: Stage) -> list[Stage]:
        """The stages before a later one that were neither reached nor left out."""
        return [stage for stage in between(self.stage, later) if not self.is_skipped(stage)]

    @property
    def next_planned(self) -> "DockingStageEntry | None":
        """The nearest stage with a planned day."""
        planned = (entry for entry in self._in_order if entry.status is EntryStatus.PLANNED and entry.planned_on)
        return next(planned, None)

    def move(self, stage: Stage, day: date) -> None:
        """Reach a later stage. Raises Conflict when it is lost or the stage does not lie ahead."""
        if self.is_lost or stage.position <= self.stage.position:
            raise Conflict(msg("A case moves forward only, and not once it is lost"))
        self.stage, self.sort_on = stage, max(self.sort_on, day)

    def lose(self, reason: DropReason, words: str, day: date) -> None:
        """It came to nothing. Raises Conflict when it is lost already or has reached the last stage."""
        if self.is_lost or self.stage is LAST:
            raise Conflict(msg("This case is lost already or has reached the last stage"))
        self.drop_reason, self.drop_words, self.lost_on = reason, words, day

    def reopen(self, day: date) -> None:
        """Lost → where it was; that is a movement. Raises Conflict when it is not lost."""
        if not self.is_lost:
            raise Conflict(msg("Only a lost case is reopened"))
        self.drop_reason, self.drop_words, self.lost_on = None, "", None
        self.sort_on = max(self.sort_on, day)

    def wait(self) -> None:
        """Count anew from when it is stuck: 30 days after the last movement, or after the fixed day that it awaits."""
        if self.is_lost or self.next_stage is None:
            self.stuck_on = None
            return
        planned = self.next_planned
        awaited = planned.planned_on if planned and self.stage in WAITS_FOR_ITS_DAY else None
        self.stuck_on = max(self.sort_on, awaited or self.sort_on) + STUCK_AFTER


scoped(DockingCase, seen_through(DockingCase, DockingVisibility))
