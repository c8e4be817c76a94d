"""What was merged into what, and every row that was moved by it, so that it can be moved back exactly. 合并记录."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Identified, Model
from ..core.errors import Conflict
from ..core.i18n import msg
from .models import Organisation

STANDS = text("undone_at IS NULL")


class OrganisationMerge(Identified, Model):
    """One record of an organisation merged into another one of the same organisation.

    `fields` tells what the survivor took over: {field: {"survivor": before, "duplicate": before, "taken": after}}.
    `remembered` is what packages above wrote down (see `repoint`). People are named by number: their table lies above.
    """

    __tablename__ = "organisation_merge"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undo_reason = '')", name="undo_reason"),
        Index(
            "uq_organisation_merge_standing",
            "duplicate_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_organisation_merge_survivor", "survivor_id"),
    )

    duplicate_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    survivor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    remembered: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(1000))
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int]
    merged_for_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))  # the organisation whose people did it
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None]
    undo_reason: Mapped[str] = mapped_column(String(1000), default="")

    duplicate: Mapped[Organisation] = relationship(foreign_keys=[duplicate_id])
    survivor: Mapped[Organisation] = relationship(foreign_keys=[survivor_id])

    def undo(self, by: int, at: datetime, reason: str) -> None:
        """Note that it was taken back; raises Conflict when it was before."""
        if self.undone_at is not None:
            raise Conflict(msg("This merge was taken back already"))
        self.undone_by_id, self.undone_at, self.undo_reason = by, at, reason


class MovedRow(Model):
    """A row that a merge made point elsewhere: what it pointed at before and after. `key` names the column."""

    __tablename__ = "organisation_moved_row"
    __table_args__ = (Index("ix_organisation_moved_row_merge", "merge_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("organisation_merge.id"))
    key: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    before_id: Mapped[int]
    after_id: Mapped[int | None]
