"""Tables of relationships: one row per locality and university that have anything between them. 校地关系."""

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import relationship as related

from ..core.access.scope import scoped
from ..core.db import Model, enum_type
from ..organisations.models import Organisation, Region
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from .enums import DORMANT_AFTER, Level


class RelationshipVisibility(VisibilityRow, Model):
    """Which organisation sees which relationship: the university, who acts for the locality, and who oversees them."""

    __tablename__ = "relationship_visibility"
    __table_args__ = visibility_args("relationship_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)


class Relationship(Shared, Model):
    """What the records between a locality and a university add up to; kept in step by `services.refresh`.

    The university is its owner. `last_active_on` is the day of the last thing that happened, None where no day is
    known; `next_due_on` the next day that something falls due. A reason for being silent holds as long as silence may
    last without one.
    """

    __tablename__ = "relationship"
    __table_args__ = (
        UniqueConstraint("locality_code", "university_id"),
        CheckConstraint("(quiet_reason = '') = (quiet_said_on IS NULL)", name="quiet_reason"),
        Index("ix_relationship_active", "last_active_on"),
        Index("ix_relationship_said", "quiet_said_on"),
    )
    visibility = RelationshipVisibility
    kind_code = "relationship"

    locality_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    university_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    level: Mapped[Level] = mapped_column(enum_type(Level, "relationship_level"))
    last_active_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    quiet_reason: Mapped[str] = mapped_column(String(1000), default="")
    quiet_said_on: Mapped[date | None]

    locality: Mapped[Region] = related()
    university: Mapped[Organisation] = related(foreign_keys=[university_id])
    sides: Mapped[list["RelationshipSide"]] = related(
        back_populates="relationship", cascade="all, delete-orphan", order_by="RelationshipSide.organisation_id"
    )
    records: Mapped[list["RelationshipRecord"]] = related(back_populates="relationship", cascade="all, delete-orphan")

    @property
    def state_code(self) -> str:
        """Its rung."""
        return str(self.level)

    @property
    def party_ids(self) -> set[int]:
        """The university, and the locality's organisations that take part in one of its records."""
        return {side.organisation_id for side in self.sides}

    def silent_since(self, today: date) -> int | None:
        """Days since the last thing that happened; None where no day is known."""
        return None if self.last_active_on is None else max((today - self.last_active_on).days, 0)

    def is_dormant(self, today: date) -> bool:
        """Whether nothing has happened for more than 180 days."""
        return self.last_active_on is None or today - self.last_active_on > DORMANT_AFTER

    def is_explained(self, today: date) -> bool:
        """Whether somebody said why, not longer ago than silence may last."""
        return self.quiet_said_on is not None and today - self.quiet_said_on <= DORMANT_AFTER

    def explain(self, reason: str, today: date) -> None:
        """Keep why nothing happens."""
        self.quiet_reason, self.quiet_said_on = reason, today

    @property
    def explained_until(self) -> date | None:
        """The last day on which the reason counts."""
        return self.quiet_said_on + timedelta(days=DORMANT_AFTER.days) if self.quiet_said_on else None


class RelationshipSide(Model):
    """The university, or an organisation of the locality that takes part in one of its records."""

    __tablename__ = "relationship_side"

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)

    relationship: Mapped[Relationship] = related(back_populates="sides")
    organisation: Mapped[Organisation] = related()


class RelationshipRecord(Model):
    """A record that counts towards it: when the record changes its parties, this tells what it belonged to."""

    __tablename__ = "relationship_record"
    __table_args__ = (Index("ix_relationship_record_record", "kind", "record_id"),)

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)

    relationship: Mapped[Relationship] = related(back_populates="records")


scoped(Relationship, seen_through(Relationship, RelationshipVisibility))
