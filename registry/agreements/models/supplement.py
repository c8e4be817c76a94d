"""Details of a historic record that were found out later, until a second person confirms them. 补充信息."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from .agreement import Agreement
from .enums import SupplementState

WAITS = text("state = 'pending'")


class Supplement(Identified, Model):
    """Missing details with their source. They count for nothing until somebody else than the finder confirms them.

    `found` has plain values by field: dates as ISO text, "parties" as {public id of the party: public id of the
    organisation}.
    """

    __tablename__ = "supplement"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (reason <> '')", name="reason"),
        Index("uq_supplement_pending", "agreement_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_supplement_agreement", "agreement_id", "id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(1000))
    state: Mapped[SupplementState] = mapped_column(enum_type(SupplementState), default=SupplementState.PENDING)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")

    agreement: Mapped[Agreement] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    def decide(self, state: SupplementState, by: int, at: datetime, reason: str = "") -> None:
        """pending → confirmed or refused. Raises Conflict when somebody decided before."""
        if self.state is not SupplementState.PENDING:
            raise Conflict(msg("These details have been decided on already"))
        self.state, self.decided_by_id, self.decided_at, self.reason = state, by, at, reason
