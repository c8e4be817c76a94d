"""The archive ledger: one entry for each signed paper, due or filed, and each organisation's terms of retention."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import msg
from ...documents.models import StoredFile
from .agreement import Agreement
from .archive_enums import Disclosure, Retention, Secrecy
from .revision import AgreementRevision

WITHOUT_REVISION = text("revision_id IS NULL")
NUMBERED = text("number <> ''")
NOT_FILED = text("archived_at IS NULL")


class ArchiveEntry(Identified, Model):
    """What is filed: one signed revision with its papers, or a historic record (no revision) with its sources.

    Made when signing is complete, with the day by which it has to be filed. `dossier` is everything that the package
    says, as it stood when it was filed; the package is made of it and of the files alone. From then on nothing of the
    revision changes (`freezing`, and the triggers in `archive_triggers`). `kept_until` is empty for what is kept
    for good. `signed_on` is the day of the last signature, which the years of retention run from; of a historic record
    that does not tell it, the day of its confirmation.
    """

    __tablename__ = "archive_entry"
    __table_args__ = (
        CheckConstraint("(archived_at IS NULL) = (number = '')", name="numbered"),
        CheckConstraint(
            "archived_at IS NULL OR (retention IS NOT NULL AND archived_by_id IS NOT NULL)", name="answered_for"
        ),
        Index("uq_archive_entry_revision", "revision_id", unique=True),
        Index(
            "uq_archive_entry_historic",
            "agreement_id",
            unique=True,
            sqlite_where=WITHOUT_REVISION,
            postgresql_where=WITHOUT_REVISION,
        ),
        Index(
            "uq_archive_entry_number",
            "owner_id",
            "number",
            unique=True,
            sqlite_where=NUMBERED,
            postgresql_where=NUMBERED,
        ),
        Index("ix_archive_entry_agreement", "agreement_id", "id"),
        Index("ix_archive_entry_due", "owner_id", "archived_at", "due_on"),
        Index("ix_archive_entry_waits", "due_on", sqlite_where=NOT_FILED, postgresql_where=NOT_FILED),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_revision.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    signed_on: Mapped[date]
    due_on: Mapped[date]
    due_is_estimated: Mapped[bool] = mapped_column(default=False)

    number: Mapped[str] = mapped_column(String(60), default="")
    retention: Mapped[Retention | None] = mapped_column(enum_type(Retention))
    secrecy: Mapped[Secrecy | None] = mapped_column(enum_type(Secrecy))
    disclosure: Mapped[Disclosure | None] = mapped_column(enum_type(Disclosure))
    place: Mapped[str] = mapped_column(default="")
    originals: Mapped[int | None]
    kept_until: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    archived_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    dossier: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision | None] = relationship()
    archived_by: Mapped[User | None] = relationship()
    package: Mapped[StoredFile | None] = relationship()

    @property
    def audit_label(self) -> str:
        """Its number in the archive."""
        return self.number

    def file(self, number: str, retention: Retention, kept_until: date | None, by: int, at: datetime) -> None:
        """due → filed.

        Raises Conflict for what was filed before.
        """
        if self.archived_at is not None:
            raise Conflict(msg("This was archived before"))
        self.number, self.retention, self.kept_until = number, retention, kept_until
        self.archived_by_id, self.archived_at = by, at


class ArchiveSettings(Versioned, Model):
    """An organisation's own terms of retention by kind of agreement, {kind: retention}; others are the default."""

    __tablename__ = "archive_settings"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    retentions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
