"""Notices by which one party ends an agreement. 解除通知."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model
from ...documents.models import StoredFile
from .agreement import Agreement, AgreementParty


class TerminationNotice(Identified, Model):
    """A party's written notice: the agreement may be ended from the day after `ends_on` (Civil Code, article 565).

    A notice that was taken back keeps its row with the reason.
    """

    __tablename__ = "termination_notice"
    __table_args__ = (
        CheckConstraint("notice_days >= 0 AND ends_on >= received_on", name="period"),
        Index("ix_termination_notice_agreement", "agreement_id", "id"),
        Index("ix_termination_notice_ends_on", "ends_on"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    received_on: Mapped[date]
    notice_days: Mapped[int]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    withdrawn_reason: Mapped[str] = mapped_column(String(1000), default="")

    agreement: Mapped[Agreement] = relationship()
    party: Mapped[AgreementParty] = relationship()
    file: Mapped[StoredFile] = relationship()
    recorded_by: Mapped[User] = relationship()
