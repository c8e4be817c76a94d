"""What was archived is frozen: the one wall that every service meets, whatever it does to a paper. 归档冻结.

The database has a wall of its own behind it (`archive_triggers`).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, event, or_, select
from sqlalchemy.orm import Session

from ...core.errors import Conflict
from ...core.i18n import msg
from .approval import Clearance, PartyApproval
from .archive import ArchiveEntry
from .signing import AgreementDocument, DigitalSignature, SealUse, Signatory

FROZEN = msg("This was archived: nothing of it can be added, voided or changed any more")
PAPERS = (AgreementDocument, Clearance, PartyApproval, SealUse, Signatory)
Place = tuple[int, int | None]


@event.listens_for(Session, "before_flush")
def refuse_archived(session: Session, _context: object, _instances: object) -> None:
    """Refuse a flush that adds, changes or deletes anything of what was archived.

    Raises Conflict.
    """
    places = set(_places(session))
    if places and session.scalar(_archived(places)):
        raise Conflict(FROZEN)


def _places(session: Session) -> Iterator[Place]:
    """Agreement and revision of every paper that is about to be written."""
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        paper = _signatory(session, row) if isinstance(row, DigitalSignature) else row
        if isinstance(paper, PAPERS):
            yield from _place(paper)


def _signatory(session: Session, row: DigitalSignature) -> Signatory | None:
    known: Signatory | None = row.signatory
    return known if known is not None else session.get(Signatory, row.signatory_id)


def _place(paper: Any) -> Iterator[Place]:
    """None for what belongs to an agreement or revision that is itself new: nothing of that was ever archived."""
    agreement_id, revision_id = (_id(paper, name) for name in ("agreement", "revision"))
    is_new = getattr(paper, "revision", None) is not None and revision_id is None
    if agreement_id is not None and not is_new:
        yield agreement_id, revision_id


def _id(paper: Any, name: str) -> int | None:
    """By the column, else by the object, whose number the column takes only in the flush."""
    other = getattr(paper, name, None)
    found: int | None = getattr(paper, f"{name}_id")
    return found if found is not None else getattr(other, "id", None)


def _archived(places: set[Place]) -> Any:
    ours = [and_(ArchiveEntry.agreement_id == agreement, _same(revision)) for agreement, revision in places]
    return select(ArchiveEntry.id).where(ArchiveEntry.archived_at.is_not(None), or_(*ours)).limit(1)


def _same(revision: int | None) -> Any:
    return ArchiveEntry.revision_id.is_(None) if revision is None else ArchiveEntry.revision_id == revision
