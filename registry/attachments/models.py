"""The table of attachments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db import Identified, Model, Versioned
from ..core.errors import Conflict
from ..core.i18n import msg
from ..documents.models import StoredFile


class Attachment(Identified, Versioned, Model):
    """A file beside a record. It is never deleted: a removed one keeps its row and its bytes.

    `subject_kind` is the code that the record's package registered, `subject_id` and `subject_public_id` name the
    record; there is no foreign key, since this package knows none of those tables. `pages` is 0 for what has no
    preview.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name="removed_reason"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by"),
        Index("ix_attachment_subject", "subject_kind", "subject_id", "id"),
    )

    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_public_id: Mapped[str] = mapped_column(String(26))
    position: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    small_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    caption: Mapped[str] = mapped_column(String(400), default="")
    media_type: Mapped[str] = mapped_column(String(80))
    pages: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str] = mapped_column(String(1000), default="")

    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id], lazy="joined", innerjoin=True)
    small: Mapped[StoredFile | None] = relationship(foreign_keys=[small_id])
    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])

    @property
    def audit_label(self) -> str:
        """Its file name in the audit."""
        return self.filename

    def remove(self, reason: str, by_id: int, moment: datetime) -> None:
        """Take it out of sight. Raises Conflict for one that was removed before."""
        if self.removed_at is not None:
            raise Conflict(msg("This attachment was removed before"))
        self.removed_at, self.removed_by_id, self.removed_reason = moment, by_id, reason
