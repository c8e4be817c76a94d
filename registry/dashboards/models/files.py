"""What an issued briefing looked like, as files by their digest. 签发件留存."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db import Model
from ...documents.models import StoredFile


class FileForm(StrEnum):
    """Its chart for the page and for paper, and its two papers."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    DOCX = "docx"


class BriefingFile(Model):
    """One file of an issued briefing; written once, never changed (see `frozen`)."""

    __tablename__ = "briefing_file"
    __table_args__ = (
        UniqueConstraint("briefing_id", "language", "form"),
        CheckConstraint("language IN ('zh', 'en')", name="language"),
        CheckConstraint("form IN ('svg', 'png', 'pdf', 'docx')", name="form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(ForeignKey("briefing.id"))
    language: Mapped[str] = mapped_column(String(2))
    form: Mapped[str] = mapped_column(String(4))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
