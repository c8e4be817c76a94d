"""What is done with attachments: added, removed with a reason. The record's own change log tells both. 附件服务."""

from collections.abc import Sequence

from ..accounts.models import User
from ..audit.services import record as note
from ..core.access.actions import Action
from ..core.dates import now
from ..core.db import db
from ..core.errors import Invalid
from ..core.i18n import Message, msg
from ..documents import store
from . import policy, queries
from .intake import Refused, Taken
from .models import Attachment
from .queries import MOST_FILES, Found
from .subjects import Record, kind_of

PRESENT = msg("This file is attached here already")
FULL = msg("At most %(most)s files beside one record; remove one first", most=MOST_FILES)


def add(
    kind: str, record: Record, files: Sequence[Taken], actor: User, caption: str = ""
) -> tuple[list[Attachment], list[Refused]]:
    """Put files beside a record: those that were added, and those that are there already or found no room.

    Raises Forbidden.
    """
    policy.may_add(actor, kind_of(kind), record).enforce()
    queries.lock(record)
    present, position = set(queries.digests_of(kind, record)), queries.last_position(kind, record)
    added: list[Attachment] = []
    refused: list[Refused] = []
    for file in files:
        reason = _hindrance(file, present)
        if reason:
            refused.append(Refused(file.filename, reason))
            continue
        position += 1
        present.add(file.kept.sha256)
        added.append(_add(kind, record, file, actor, caption, position))
    return added, refused


def _hindrance(file: Taken, present: set[str]) -> Message | None:
    if file.kept.sha256 in present:
        return PRESENT
    return FULL if len(present) >= MOST_FILES else None


def _add(kind: str, record: Record, file: Taken, actor: User, caption: str, position: int) -> Attachment:
    made = Attachment(
        subject_kind=kind,
        subject_id=record.id,
        subject_public_id=record.public_id,
        position=position,
        file=store.register(file.kept),
        small=store.register(file.small) if file.small else None,
        filename=file.filename,
        caption=caption,
        media_type=file.media_type,
        pages=file.pages,
        added_by_id=actor.id,
        added_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    changes = {"attachment": (None, file.filename), "sha256": (None, file.kept.sha256)}
    note(actor, Action.ATTACHMENT_ADD, record, changes | ({"caption": (None, caption)} if caption else {}))
    return made


def remove(found: Found, reason: str, actor: User) -> None:
    """Take an attachment out of sight; row and bytes stay.

    Raises Forbidden, Invalid without a reason, Conflict for one that was removed before.
    """
    policy.may_remove(actor, found.kind, found.record).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    found.attachment.remove(reason, actor.id, now())
    db.session.flush()
    changes = {"attachment": (found.attachment.filename, None), "sha256": (found.attachment.file.sha256, None)}
    note(actor, Action.ATTACHMENT_REMOVE, found.record, changes, reason=reason)
