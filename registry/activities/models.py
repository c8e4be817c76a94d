"""Tables of activities, who took part, their figures, and what came out of them. 活动."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..agreements.models import SigningEvent
from ..core.access.scope import scoped
from ..core.dates import Precision
from ..core.db import Identified, Model, Stamped, enum_type
from ..core.errors import Conflict
from ..core.figures.columns import FigureColumns
from ..core.figures.kinds import Qualifier
from ..core.i18n import msg
from ..organisations.models import Organisation, Region
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from .enums import ActivityKind, ActivityState, Link, Part
from .figure_codes import FigureCode

KIND = "activity"
CURRENT = text("superseded_at IS NULL AND code <> 'other'")
CURRENT_OTHER = text("superseded_at IS NULL AND code = 'other'")
TO_BE_CHECKED = text("superseded_at IS NULL AND checked_on IS NULL")


class ActivityVisibility(VisibilityRow, Model):
    """Which organisation sees which activity."""

    __tablename__ = "activity_visibility"
    __table_args__ = visibility_args("activity_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)


class Activity(Shared, Model):
    """A fair, talk, live stream, matchmaking, launch, ceremony, meeting, or a series of them.

    `held_on` and `held_until` are as exact as `held_precision`; `ends_on` is the last day that they may mean.
    `programme` is a name such as 百校千企, never a number. `notes` keep what a source says without a figure.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancel_reason"),
        CheckConstraint("(held_on IS NULL) = (held_precision = 'unknown')", name="precision"),
        CheckConstraint("(held_on IS NULL) = (ends_on IS NULL)", name="ends_on"),
        CheckConstraint("held_until IS NULL OR held_until >= held_on", name="until"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="no_part_of_itself"),
        CheckConstraint("parent_id IS NULL OR kind <> 'series'", name="no_series_in_series"),
        Index("ix_activity_parent", "parent_id"),
        Index("ix_activity_signing_event", "signing_event_id"),
        Index("ix_activity_region", "region_code", "sort_on"),
    )
    visibility = ActivityVisibility
    kind_code = KIND

    kind: Mapped[ActivityKind] = mapped_column(enum_type(ActivityKind))
    state: Mapped[ActivityState] = mapped_column(enum_type(ActivityState), default=ActivityState.PLANNED)
    held_on: Mapped[date | None]
    held_until: Mapped[date | None]
    held_precision: Mapped[Precision] = mapped_column(enum_type(Precision, "held_precision"), default=Precision.UNKNOWN)
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    programme: Mapped[str] = mapped_column(default="")
    counting_note: Mapped[str] = mapped_column(String(1000), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    signing_event_id: Mapped[int | None] = mapped_column(ForeignKey("signing_event.id"))
    cancel_reason: Mapped[str] = mapped_column(String(1000), default="")

    parties: Mapped[list["ActivityParty"]] = relationship(
        back_populates="activity", order_by="ActivityParty.position", cascade="all, delete-orphan"
    )
    figures: Mapped[list["ActivityFigure"]] = relationship(back_populates="activity", order_by="ActivityFigure.id")
    outcomes: Mapped[list["ActivityOutcome"]] = relationship(
        back_populates="activity", order_by="ActivityOutcome.id", cascade="all, delete-orphan"
    )
    parent: Mapped["Activity | None"] = relationship(remote_side="Activity.id")
    signing_event: Mapped[SigningEvent | None] = relationship()
    region: Mapped[Region | None] = relationship()

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def party_ids(self) -> set[int]:
        """Organisations that take part."""
        return {party.organisation_id for party in self.parties if party.organisation_id}

    @property
    def current_figures(self) -> list["ActivityFigure"]:
        """Figures that nobody corrected, in the order of their codes, planned ones after actual ones."""
        order = list(FigureCode)
        found = [one for one in self.figures if one.superseded_at is None]
        return sorted(found, key=lambda one: (order.index(one.code), one.is_planned))

    def hold(self) -> None:
        """planned → held. Raises Conflict elsewhere."""
        self._must_be_planned()
        self.state = ActivityState.HELD

    def cancel(self, reason: str) -> None:
        """planned → cancelled. Raises Conflict elsewhere."""
        self._must_be_planned()
        self.state, self.cancel_reason = ActivityState.CANCELLED, reason

    def _must_be_planned(self) -> None:
        if self.state is not ActivityState.PLANNED:
            raise Conflict(msg("This activity is no longer planned"))


class ActivityParty(Model):
    """Who took part, and how; a name as reported where it is not sure which organisation is meant."""

    __tablename__ = "activity_party"
    __table_args__ = (
        UniqueConstraint("activity_id", "position"),
        CheckConstraint("organisation_id IS NOT NULL OR name_as_reported <> ''", name="named"),
        Index("ix_activity_party_organisation", "organisation_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    position: Mapped[int]
    part: Mapped[Part] = mapped_column(enum_type(Part, "activity_part"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name_as_reported: Mapped[str] = mapped_column(default="")

    activity: Mapped[Activity] = relationship(back_populates="parties")
    organisation: Mapped[Organisation | None] = relationship()


class ActivityFigure(FigureColumns, Identified, Stamped, Model):
    """A figure of an activity with its provenance; checked by another person than who entered it.

    A figure is never overwritten: a correction is a row of its own that `replaces` the old one, which stays with the
    reason. What is wholly wrong is struck out: superseded, replaced by nothing. `label_*` are a source's own words
    where they say more than the code; of FigureCode.OTHER they alone say what is counted.
    """

    __tablename__ = "activity_figure"
    __table_args__ = (
        CheckConstraint("(superseded_at IS NULL) = (superseded_reason = '')", name="superseded_reason"),
        CheckConstraint("(checked_by_id IS NULL) = (checked_on IS NULL)", name="checked_by"),
        CheckConstraint("checked_on IS NULL OR NOT needs_check", name="checked_is_sure"),
        CheckConstraint("checked_by_id IS NULL OR entered_by_id IS NULL OR checked_by_id <> entered_by_id", name="two"),
        CheckConstraint("is_planned = (qualifier = 'planned')", name="planned"),
        CheckConstraint("code <> 'other' OR label_zh <> ''", name="other_is_named"),
        Index(
            "uq_activity_figure_current",
            "activity_id",
            "code",
            "is_planned",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index(
            "uq_activity_figure_other",
            "activity_id",
            "label_zh",
            "is_planned",
            unique=True,
            sqlite_where=CURRENT_OTHER,
            postgresql_where=CURRENT_OTHER,
        ),
        Index("ix_activity_figure_activity", "activity_id", "id"),
        Index(
            "ix_activity_figure_unchecked", "activity_id", sqlite_where=TO_BE_CHECKED, postgresql_where=TO_BE_CHECKED
        ),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    code: Mapped[FigureCode] = mapped_column(enum_type(FigureCode, "activity_figure_code"))
    label_zh: Mapped[str] = mapped_column(default="")
    label_en: Mapped[str] = mapped_column(default="")
    is_planned: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_on: Mapped[date | None]
    superseded_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    superseded_reason: Mapped[str] = mapped_column(String(1000), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("activity_figure.id"))

    activity: Mapped[Activity] = relationship(back_populates="figures")
    entered_by: Mapped[User | None] = relationship(foreign_keys=[entered_by_id])
    checked_by: Mapped[User | None] = relationship(foreign_keys=[checked_by_id])

    @property
    def place(self) -> tuple[str, str, bool]:
        """What it is a figure of: an activity has one for each that counts."""
        return str(self.code), self.label_zh if self.code is FigureCode.OTHER else "", self.is_planned

    def supersede(self, reason: str, by: int, at: datetime) -> None:
        """Corrected or struck out. Raises Conflict when that happened before."""
        if self.superseded_at is not None:
            raise Conflict(msg("This figure was corrected already"))
        self.superseded_at, self.superseded_by_id, self.superseded_reason = at, by, reason

    def check(self, by: int, on: date) -> None:
        """Somebody else has compared it with its source. Raises Conflict when it was checked or corrected before."""
        if self.checked_on is not None or self.superseded_at is not None:
            raise Conflict(msg("This figure was checked or corrected already"))
        self.checked_by_id, self.checked_on, self.needs_check = by, on, False
        self.is_planned = self.qualifier is Qualifier.PLANNED


class ActivityOutcome(Model):
    """A record that came out of an activity or that it belongs to, by kind and public id (`records.kinds`)."""

    __tablename__ = "activity_outcome"
    __table_args__ = (
        UniqueConstraint("activity_id", "subject_kind", "subject_public_id"),
        Index("ix_activity_outcome_subject", "subject_kind", "subject_public_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_public_id: Mapped[str] = mapped_column(String(26))
    link: Mapped[Link] = mapped_column(enum_type(Link, "activity_link"), default=Link.PRODUCED)

    activity: Mapped[Activity] = relationship(back_populates="outcomes")


scoped(Activity, seen_through(Activity, ActivityVisibility))
