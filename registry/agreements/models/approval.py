"""Internal clearance of each organisation, and each party's word on the content."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, enum_type
from .agreement import Agreement, AgreementParty
from .enums import ClearanceResult, ClearanceStep, LegalResult, Verdict
from .revision import AgreementRevision

UNDECIDED = text("result IS NULL")


class Clearance(Identified, Model):
    """One internal step of one organisation on one revision; `result` is empty while it waits.

    `on_behalf_of` is the colleague for whom `decided_by` stood in (代理审批).
    `due_on` is counted in working days from `counted_from`, the day on which the step began to wait (until then: on
    which the steps were laid out).
    """

    __tablename__ = "clearance"
    __table_args__ = (
        Index("ix_clearance_agreement", "agreement_id", "id"),
        Index("ix_clearance_waiting", "organisation_id", "step", "result"),
        Index("ix_clearance_due", "step", "due_on", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    step: Mapped[ClearanceStep] = mapped_column(enum_type(ClearanceStep))
    position: Mapped[int]
    due_on: Mapped[date | None]
    counted_from: Mapped[date | None]
    result: Mapped[ClearanceResult | None] = mapped_column(enum_type(ClearanceResult))
    legal_result: Mapped[LegalResult | None] = mapped_column(enum_type(LegalResult))
    opinion: Mapped[str] = mapped_column(String(2000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    on_behalf_of: Mapped[User | None] = relationship(foreign_keys=[on_behalf_of_id])


class PartyApproval(Identified, Model):
    """A party's word on a content hash; an approval of another hash counts for nothing."""

    __tablename__ = "party_approval"
    __table_args__ = (Index("ix_party_approval_agreement", "agreement_id", "id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict))
    comment: Mapped[str] = mapped_column(String(2000), default="")
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]

    agreement: Mapped[Agreement] = relationship()
    party: Mapped[AgreementParty] = relationship()
    said_by: Mapped[User] = relationship()
