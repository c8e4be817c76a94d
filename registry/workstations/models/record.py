"""What a station does, what is expected of it in a year, and how the year is judged."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, Stamped, enum_type
from ...organisations.models import Organisation
from ..enums import ActivityKind, ActivityState, Grade
from .station import Workstation

STANDS = text("superseded_reason = ''")


class WorkstationActivity(Identified, Stamped, Model):
    """One activity. A correction is a row of its own; the row before stays, with the reason why it no longer counts.

    A row with an empty `superseded_reason` counts. `number` is of what its kind counts: talks, fairs, posts, people.
    """

    __tablename__ = "workstation_activity"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("master_plus IS NULL OR (kind = 'introduced' AND master_plus <= number)", name="master_plus"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancelled"),
        Index("ix_workstation_activity_station", "workstation_id", "day"),
    )

    workstation_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"))
    kind: Mapped[ActivityKind] = mapped_column(enum_type(ActivityKind))
    state: Mapped[ActivityState] = mapped_column(enum_type(ActivityState))
    day: Mapped[date]
    number: Mapped[int]
    master_plus: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    cancel_reason: Mapped[str] = mapped_column(String(1000), default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("workstation_activity.id"))
    superseded_reason: Mapped[str] = mapped_column(String(1000), default="")

    station: Mapped[Workstation] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def counts(self) -> bool:
        """Whether it is part of the year's figures."""
        return self.state is ActivityState.HELD and not self.superseded_reason


class WorkstationSign(Model):
    """A sign of life that another record tells of: a visit or an activity about the station. No figure of its own.

    `origin` is that record's kind and public id; its title is read there, by who may.
    """

    __tablename__ = "workstation_sign"
    __table_args__ = (UniqueConstraint("workstation_id", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workstation_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"))
    origin: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]


class WorkstationTarget(Model):
    """What is expected of a station in a year, by kind of activity."""

    __tablename__ = "workstation_target"
    __table_args__ = (
        UniqueConstraint("workstation_id", "year", "kind"),
        CheckConstraint("target > 0", name="target"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workstation_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"))
    year: Mapped[int]
    kind: Mapped[ActivityKind] = mapped_column(enum_type(ActivityKind))
    target: Mapped[int]


class WorkstationAssessment(Identified, Stamped, Model):
    """The grade that a person decided for a year, beside what the figures suggested then and why.

    It is never changed; a later one takes its place, and this one keeps the reason. `reasons` are messages as
    `jobs.reasons` writes them, so that they are told in the reader's language.
    """

    __tablename__ = "workstation_assessment"
    __table_args__ = (
        Index(
            "uq_workstation_assessment_stands",
            "workstation_id",
            "year",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_workstation_assessment_station", "workstation_id", "year"),
        CheckConstraint("grade = suggested OR reason <> ''", name="reason"),
    )

    workstation_id: Mapped[int] = mapped_column(ForeignKey("workstation.id"))
    year: Mapped[int]
    suggested: Mapped[Grade] = mapped_column(enum_type(Grade, "suggested_grade"))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    grade: Mapped[Grade] = mapped_column(enum_type(Grade))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    decided_on: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    superseded_reason: Mapped[str] = mapped_column(String(1000), default="")

    decided_by: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def stands(self) -> bool:
        """Whether no later decision took its place."""
        return not self.superseded_reason
