"""Signatories, uses of the seal, and the files of an agreement."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, Stamped, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from ...documents.models import SigningCertificate, StoredFile
from .agreement import Agreement, AgreementParty
from .enums import DocumentKind, SealKind, SignatoryStatus, SignatureMethod
from .revision import AgreementRevision


class AgreementDocument(Identified, Model):
    """A file of an agreement; replaced or void ones stay and say why.

    Of the digitally signed files, each signature makes the next; the newest that counts is the one to sign.
    `scan_pages` tells of a scan which page of the signing copy each of its pages is, and how far to turn it, where the
    codes on them were read: [{"page": 3, "turn": 90, "of": 5}, …]; page is null where no code was read, "of" is there
    where the signing copy was made already. `origin` names the electronic-seal system that sealed a file elsewhere.
    """

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
    scan_pages: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(default="")

    agreement: Mapped[Agreement] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    party: Mapped[AgreementParty | None] = relationship()
    added_by: Mapped[User | None] = relationship()

    @property
    def audit_label(self) -> str:
        """Its file name in the audit."""
        return self.filename

    def counts_for(self, revision: AgreementRevision) -> bool:
        """Whether it is a paper of this revision that nobody marked void."""
        return self.revision_id == revision.id and not self.void_reason


class Signatory(Identified, Stamped, Model):
    """One person who signs for a party. A signed row is never changed; voiding it is an act of its own.

    The party's scan and proxy letter are documents of the agreement that name the party.
    """

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
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision] = relationship()
    party: Mapped[AgreementParty] = relationship()

    seal_use: Mapped["SealUse | None"] = relationship(back_populates="signatory", lazy="joined")
    digital: Mapped["DigitalSignature | None"] = relationship(back_populates="signatory", lazy="joined")

    @property
    def audit_label(self) -> str:
        """Party and position in the audit, without the person's name."""
        return f"{self.party.name} #{self.position}"

    def sign(self, name: str, title: str, signed_on: date, recorded_by: int, at: datetime) -> None:
        """pending → signed."""
        self._leave_pending()
        self.name, self.title, self.signed_on = name, title, signed_on
        self.status, self.recorded_by_id, self.recorded_at = SignatoryStatus.SIGNED, recorded_by, at

    def decline(self, reason: str, recorded_by: int, at: datetime) -> None:
        """pending → declined; a signed row cannot decline."""
        self._leave_pending()
        self.reason, self.status = reason, SignatoryStatus.DECLINED
        self.recorded_by_id, self.recorded_at = recorded_by, at

    def void(self, reason: str) -> None:
        """signed → void: the act that keeps the row and its dates."""
        if self.status is not SignatoryStatus.SIGNED:
            raise Conflict(msg("Only a signature that was recorded can be voided"))
        self.status, self.reason = SignatoryStatus.VOID, reason

    def _leave_pending(self) -> None:
        if self.status is not SignatoryStatus.PENDING:
            raise Conflict(msg("This signature has already been recorded"))


class SealUse(Identified, Model):
    """A row of the seal register 用印登记: which seal, on how many copies, when, by whom."""

    __tablename__ = "seal_use"
    __table_args__ = (Index("ix_seal_use_agreement", "agreement_id", "id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("agreement_revision.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("agreement_party.id"))
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"), unique=True)
    seal: Mapped[SealKind] = mapped_column(enum_type(SealKind))
    sealed_on: Mapped[date]
    copies: Mapped[int]
    sealed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    party: Mapped[AgreementParty] = relationship()
    signatory: Mapped[Signatory] = relationship(back_populates="seal_use")
    sealed_by: Mapped[User] = relationship()


class DigitalSignature(Identified, Model):
    """A signature that stands in a signed file: which field, whose certificate, over which bytes.

    `reviewed_sha256` is the digest of the bytes that the person was shown and that the signature was added to;
    `document` is the file with the signature in it. The row is never changed.
    """

    __tablename__ = "digital_signature"
    __table_args__ = (UniqueConstraint("document_id", "field"),)

    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("agreement_document.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("signing_certificate.id"))
    field: Mapped[str] = mapped_column(String(40))
    reviewed_sha256: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime]

    signatory: Mapped[Signatory] = relationship(back_populates="digital")
    document: Mapped[AgreementDocument] = relationship()
    certificate: Mapped[SigningCertificate] = relationship(lazy="joined", innerjoin=True)
    signed_by: Mapped[User] = relationship()
