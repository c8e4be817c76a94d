"""Absences, and roles handed over for a time (dossier, section 5: time-boxed and logged). 代理审批与请假."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.access.decision import StandIn
from ..core.access.roles import Role
from ..core.db import Identified, Model, Stamped, Versioned, enum_type
from ..core.errors import Conflict
from ..core.i18n import msg
from .models import User

REASON = 300


class Delegation(Identified, Versioned, Stamped, Model):
    """The clearance steps of one role, handed to a colleague from one day through another.

    It counts only while the giver has the role and both are of the organisation in which it was given: nothing has to
    be cleaned up when somebody leaves.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="span"),
        CheckConstraint("role IN ('section_head', 'legal_officer', 'leader')", name="approving"),
        Index("ix_delegation_giver", "giver_id", "role", "until_on"),
        Index("ix_delegation_receiver", "receiver_id", "until_on"),
        Index("ix_delegation_organisation", "organisation_id", "until_on"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(REASON))
    revoked_at: Mapped[datetime | None]

    giver: Mapped[User] = relationship(foreign_keys=[giver_id])
    receiver: Mapped[User] = relationship(foreign_keys=[receiver_id])

    @property
    def audit_label(self) -> str:
        """From whom to whom, and which role, in the audit."""
        return f"{self.giver.audit_label} → {self.receiver.audit_label}: {self.role}"

    @property
    def stand_in(self) -> StandIn:
        """The same as the rules of access ask for it."""
        return StandIn(self.role, self.giver_id, self.giver.name)

    def counts_on(self, day: date) -> bool:
        """Whether the receiver acts for the giver on this day, the first and the last included."""
        here = {self.organisation_id, self.giver.organisation_id, self.receiver.organisation_id}
        spans = self.from_on <= day <= self.until_on
        return self.revoked_at is None and spans and self.role in self.giver.roles and len(here) == 1

    def revoke(self, moment: datetime) -> None:
        """End it at once. Raises Conflict when it is ended."""
        if self.revoked_at:
            raise Conflict(msg("This delegation is revoked already"))
        self.revoked_at = moment


class Absence(Identified, Versioned, Stamped, Model):
    """Days on which somebody is away, with or without a colleague who stands in."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="span"),
        Index("ix_absence_user", "user_id", "until_on"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(REASON), default="")
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @property
    def audit_label(self) -> str:
        """Who is away when, in the audit."""
        return f"{self.user.audit_label}: {self.from_on} – {self.until_on}"

    def end(self, moment: datetime) -> None:
        """Be back, or stay after all. Raises Conflict when it is ended."""
        if self.ended_at:
            raise Conflict(msg("This absence is ended already"))
        self.ended_at = moment
