"""Attachments of a record that the reader has read already, and one attachment with its record. 附件查询."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from ..accounts.models import User
from ..core.access.decision import Actor
from ..core.db import db
from ..core.errors import NotFound, Stale
from ..documents.models import StoredFile
from .models import Attachment
from .subjects import Kind, Record, kind_of

MOST_FILES = 50  # beside one record at a time
REMOVED_SHOWN = 50


@dataclass(frozen=True)
class Row:
    """An attachment as a list shows it; `size` in bytes."""

    public_id: str
    row_version: int
    filename: str
    caption: str
    media_type: str
    pages: int
    size: int
    has_small: bool
    added_by: str
    added_at: datetime
    removed_by: str
    removed_at: datetime | None
    removed_reason: str


@dataclass(frozen=True)
class Found:
    """An attachment with the record that it belongs to."""

    attachment: Attachment
    kind: Kind
    record: Any


def attachments_of(kind: str, record: Record) -> list[Row]:
    """In their order, then those that were removed, the latest first; one query. The caller has read the record."""
    remover = aliased(User)
    is_removed = Attachment.removed_at.is_not(None)
    statement = (
        select(
            Attachment.public_id, Attachment.row_version, Attachment.filename, Attachment.caption,
            Attachment.media_type, Attachment.pages, StoredFile.size,
            Attachment.small_id.is_not(None).label("has_small"),
            User.name.label("added_by"), Attachment.added_at, func.coalesce(remover.name, "").label("removed_by"),
            Attachment.removed_at, Attachment.removed_reason,
        )
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .join(User, User.id == Attachment.added_by_id)
        .outerjoin(remover, remover.id == Attachment.removed_by_id)
        .where(*_beside(kind, [record.id]))
        .order_by(is_removed, Attachment.removed_at.desc(), Attachment.position, Attachment.id)
        .limit(MOST_FILES + REMOVED_SHOWN)
    )  # fmt: skip
    return [Row(**row._mapping) for row in db.session.execute(statement)]


def count_of(kind: str, ids: Sequence[int]) -> dict[int, int]:
    """How many files each of these records has now, by the records' numbers; one query for a page of rows."""
    statement = (
        select(Attachment.subject_id, func.count().label("number"))
        .where(*_beside(kind, ids), Attachment.removed_at.is_(None))
        .group_by(Attachment.subject_id)
    )
    found = {row.subject_id: row.number for row in db.session.execute(statement)}
    return {key: found.get(key, 0) for key in ids}


def digests_of(kind: str, record: Record) -> list[str]:
    """The SHA-256 digests of what is beside a record now."""
    statement = select(StoredFile.sha256).join(Attachment, Attachment.file_id == StoredFile.id)
    return list(db.session.scalars(statement.where(*_beside(kind, [record.id]), Attachment.removed_at.is_(None))))


def last_position(kind: str, record: Record) -> int:
    """The position given out last, 0 for none."""
    return db.session.scalar(select(func.max(Attachment.position)).where(*_beside(kind, [record.id]))) or 0


def lock(record: Record) -> None:
    """Let nobody else add to this record until the transaction ends, so that limits hold."""
    table = type(record).__table__  # type: ignore[attr-defined]  # a record is a row of a table
    db.session.execute(select(table.c.id).where(table.c.id == record.id).with_for_update())


def get(public_id: str, actor: Actor) -> Found:
    """One attachment with its record. Raises NotFound where there is none or its record is out of the actor's scope."""
    return _found(db.session.scalar(_one(public_id)), actor)


def get_for_change(public_id: str, actor: Actor, version: int) -> Found:
    """The same, locked. Raises NotFound, or Stale where somebody removed it since."""
    found = _found(db.session.scalar(_one(public_id).with_for_update(of=Attachment)), actor)
    if found.attachment.row_version != version:
        raise Stale
    return found


def _one(public_id: str) -> Select[Attachment]:
    return select(Attachment).where(Attachment.public_id == public_id)


def _found(attachment: Attachment | None, actor: Actor) -> Found:
    if attachment is None:
        raise NotFound
    kind = kind_of(attachment.subject_kind)
    return Found(attachment, kind, kind.find(attachment.subject_public_id, actor))


def _beside(kind: str, ids: Sequence[int]) -> tuple[Any, ...]:
    return Attachment.subject_kind == kind, Attachment.subject_id.in_(ids)
