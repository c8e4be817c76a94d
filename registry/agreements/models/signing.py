"""Signatories, uses of the seal, and the files of an agreement."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, Stamped, enum_type
from ...documents.models import StoredFile
from .agreement import Agreement, AgreementParty
from .enums import DocumentKind, SealKind, SignatoryStatus, SignatureMethod
from .revision import AgreementRevision


class AgreementDocument(Identified, Model):
    """A file of an agreement; replaced or void ones stay and say why."""

    __tablename__ = "agreement_document"
    __table_args__ = (Index("ix_agreement_document_agreement", "agreement_id", "id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_party.id"))
    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    void_reason: Mapped[str] = mapped_column(String(1000), default="")

    agreement: Mapped[Agreement] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    party: Mapped[AgreementParty | None] = relationship()
    added_by: Mapped[User | None] = relationship()

    @property
    def audit_label(self) -> str:
        """Its file name in the audit."""
        return self.filename


class Signatory(Identified, Stamped, Model):
    """One person who signs for a party. A signed row is never changed; voiding it is an act of its own."""

    __tablename__ = "signatory"
    __table_args__ = (
        CheckConstraint("status <> 'signed' OR signed_on IS NOT NULL", name="signed_on"),
        CheckConstraint("status NOT IN ('declined', 'void') OR reason <> ''", name="reason"),
        Index("ix_signatory_agreement", "agreement_id", "id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(80), default="")
    is_proxy: Mapped[bool] = mapped_column(default=False)
    method: Mapped[SignatureMethod] = mapped_column(enum_type(SignatureMethod), default=SignatureMethod.WET_INK)
    status: Mapped[SignatoryStatus] = mapped_column(enum_type(SignatoryStatus), default=SignatoryStatus.PENDING)
    signed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    proxy_letter_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_document.id"))
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_document.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision] = relationship()
    party: Mapped[AgreementParty] = relationship()
    scan: Mapped[AgreementDocument | None] = relationship(foreign_keys=[scan_id])
    proxy_letter: Mapped[AgreementDocument | None] = relationship(foreign_keys=[proxy_letter_id])


class SealUse(Identified, Model):
    """A row of the seal register 用印登记: which seal, on how many copies, when, by whom."""

    __tablename__ = "seal_use"
    __table_args__ = (Index("ix_seal_use_agreement", "agreement_id", "id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"))
    seal: Mapped[SealKind] = mapped_column(enum_type(SealKind))
    sealed_on: Mapped[date]
    copies: Mapped[int]
    sealed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    party: Mapped[AgreementParty] = relationship()
    sealed_by: Mapped[User] = relationship()
