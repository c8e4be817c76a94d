"""Tables of stored files and of the certificates that organisations sign with."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Identified, Model, Versioned, enum_type
from ..core.errors import Conflict
from ..core.i18n import Message, msg
from ..organisations.models import Organisation

EXPIRY_WARNING = timedelta(days=60)


class StoredFile(Identified, Model):
    """A file kept by its digest outside the database and the web root; the same bytes are kept once."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sm3: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class KeySource(StrEnum):
    """Where the private key of a certificate lies."""

    DEVELOPMENT = "development"
    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"

    @property
    def label(self) -> Message:
        """The source for the reader."""
        return SOURCE_LABELS[self]


SOURCE_LABELS = {
    KeySource.DEVELOPMENT: msg("Development authority"),
    KeySource.PKCS12: msg("File (PKCS#12)"),
    KeySource.PKCS11: msg("Token or hardware module (PKCS#11)"),
}


class SigningCertificate(Identified, Versioned, Model):
    """A certificate that an organisation signs with; the registry's own stands in the settings, not here.

    `pem` is the certificate followed by its issuers, `key_reference` says where the key lies: a file name below the
    instance's keys folder (development, PKCS#12) or "token label/key label" (PKCS#11). Key and passphrase are not in
    the database. `serial` is hexadecimal, `sha256` the digest of the certificate's DER.
    """

    __tablename__ = "signing_certificate"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_reason"),
        Index("ix_signing_certificate_organisation", "organisation_id", "not_after"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[KeySource] = mapped_column(enum_type(KeySource))
    key_reference: Mapped[str]
    subject: Mapped[str] = mapped_column(String(400))
    issuer: Mapped[str] = mapped_column(String(400))
    serial: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    pem: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(1000), default="")

    organisation: Mapped[Organisation | None] = relationship()

    @property
    def audit_label(self) -> str:
        """Subject and serial number in the audit."""
        return f"{self.subject} #{self.serial}"

    def revoke(self, reason: str, moment: datetime) -> None:
        """End it for good.

        Raises Conflict for one that was revoked before.
        """
        if self.revoked_at is not None:
            raise Conflict(msg("This certificate was revoked before"))
        self.revoked_at, self.revoked_reason = moment, reason
