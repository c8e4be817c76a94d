"""Which lines of published reference data are in the registry, and as which record: each is entered once. 参照条目."""

from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Model, db


class Known(Protocol):
    """A record with a public id."""

    @property
    def public_id(self) -> str:
        """Its ULID."""


class ReferenceEntry(Model):
    """A line by its key, entered as the record of that kind (see `kinds`) and public id.

    The line is not looked at again: what people make of the record afterwards is theirs.
    """

    __tablename__ = "reference_entry"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_public_id: Mapped[str] = mapped_column(String(26))
    entered_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


def entered(key: str) -> ReferenceEntry | None:
    """The line, if it has been entered."""
    return db.session.get(ReferenceEntry, key)


def enter(key: str, kind: str, record: Known) -> ReferenceEntry:
    """Note, in the transaction that makes the record, that this is the line's. The database refuses a second one."""
    made = ReferenceEntry(key=key, subject_kind=kind, subject_public_id=record.public_id)
    db.session.add(made)
    db.session.flush()
    return made
