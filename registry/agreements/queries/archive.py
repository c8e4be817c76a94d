"""What of an agreement is due for the archive or filed there. 归档查询。"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...core.db import db
from ...core.errors import NotFound
from ...organisations.models import Organisation
from ..models import Agreement, AgreementRevision, ArchiveEntry, ArchiveSettings, ArchiveStatus, Clearance
from .single import ONLY_THE_NAME


def entries_of(agreement: Agreement) -> Sequence[ArchiveEntry]:
    """Everything of an agreement that is due or filed, the oldest first."""
    statement = (
        select(ArchiveEntry)
        .where(ArchiveEntry.agreement_id == agreement.id)
        .order_by(ArchiveEntry.id)
        .options(joinedload(ArchiveEntry.archived_by).options(*ONLY_THE_NAME), joinedload(ArchiveEntry.package))
    )
    return db.session.scalars(statement).all()


def entry_of(agreement: Agreement, public_id: str) -> ArchiveEntry:
    """One of them.

    Raises NotFound for somebody else's.
    """
    for entry in entries_of(agreement):
        if entry.public_id == public_id:
            return entry
    raise NotFound


def archive_state_of(agreement: Agreement) -> tuple[ArchiveStatus, date | None]:
    """Whether anything of it waits to be filed, and the first day by which it has to be."""
    statement = select(ArchiveEntry.archived_at, ArchiveEntry.due_on).where(ArchiveEntry.agreement_id == agreement.id)
    rows = db.session.execute(statement).all()
    due = [row.due_on for row in rows if row.archived_at is None]
    if due:
        return ArchiveStatus.PENDING, min(due)
    return (ArchiveStatus.DONE if rows else ArchiveStatus.NONE), None


def previous_of(entry: ArchiveEntry) -> ArchiveEntry | None:
    """The signed revision before this one."""
    if entry.revision is None:
        return None
    statement = (
        select(ArchiveEntry)
        .join(AgreementRevision, AgreementRevision.id == ArchiveEntry.revision_id)
        .where(ArchiveEntry.agreement_id == entry.agreement_id, AgreementRevision.no < entry.revision.no)
        .order_by(AgreementRevision.no.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def owners_steps(agreement: Agreement, revision: AgreementRevision, since: ArchiveEntry | None) -> Sequence[Clearance]:
    """The owner's internal steps that led to a revision: on it, and on those that were set aside since the last one."""
    statement = (
        select(Clearance)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.agreement_id == agreement.id,
            Clearance.organisation_id == agreement.owner_id,
            AgreementRevision.no <= revision.no,
            AgreementRevision.no > (since.revision.no if since and since.revision else 0),
        )
        .order_by(AgreementRevision.no, Clearance.position)
        .options(
            joinedload(Clearance.revision, innerjoin=True),
            joinedload(Clearance.decided_by).options(*ONLY_THE_NAME),
        )
    )
    return db.session.scalars(statement).all()


def number_is_taken(owner_id: int, number: str) -> bool:
    """Whether the owner has filed something under this number."""
    statement = select(ArchiveEntry.id).where(ArchiveEntry.owner_id == owner_id, ArchiveEntry.number == number)
    return db.session.scalar(statement.limit(1)) is not None


def settings_of(organisation: Organisation, *, for_change: bool = False) -> ArchiveSettings | None:
    """The organisation's own terms of retention, if it has any; locked where they are to be changed."""
    statement = select(ArchiveSettings).where(ArchiveSettings.organisation_id == organisation.id)
    return db.session.scalar(statement.with_for_update() if for_change else statement)
