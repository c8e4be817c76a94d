"""What becomes due for the archive, and by when. 待归档.

Ten working days after the last signature (the registry's own default among the deadlines of the workflow; a historic
record, which is long signed, after its confirmation).
"""

from datetime import date

from sqlalchemy import Select, select

from ...core.dates import today
from ...core.db import db
from ...organisations.workdays import add_workdays
from .. import queries
from ..models import (
    SIGNED_STAGES,
    Agreement,
    AgreementDocument,
    AgreementRevision,
    ArchiveEntry,
    DocumentKind,
    SignatoryStatus,
)
from . import projection
from .calendar import Step

WORKING_DAYS = 10
ARCHIVE_DUE = "agreement:archive_due"


def expect(agreement: Agreement, revision: AgreementRevision) -> None:
    """A revision that everybody signed is due; call it when signing is complete, before the change is settled."""
    signed = [row.signed_on for row in queries.signatories_of(revision) if row.status is SignatoryStatus.SIGNED]
    last = max((day for day in signed if day), default=agreement.signed_on or today())
    _expect(agreement, revision, last, last)


def expect_historic(agreement: Agreement) -> None:
    """A historic record is due once it is confirmed, if it has a source file: without one there is nothing to file."""
    if any(row.kind is DocumentKind.SOURCE and not row.void_reason for row in queries.documents_of(agreement)):
        _expect(agreement, None, agreement.signed_on or today(), today())


def _missed(_day: date) -> Select[AgreementRevision]:
    noted = select(ArchiveEntry.id).where(ArchiveEntry.revision_id == AgreementRevision.id).exists()
    return (
        select(AgreementRevision)
        .where(AgreementRevision.stage.in_(SIGNED_STAGES), AgreementRevision.content_sha256 != "", ~noted)
        .order_by(AgreementRevision.id)
    )


def _missed_historic(_day: date) -> Select[Agreement]:
    noted = select(ArchiveEntry.id).where(ArchiveEntry.agreement_id == Agreement.id).exists()
    source = select(AgreementDocument.id).where(
        AgreementDocument.agreement_id == Agreement.id,
        AgreementDocument.kind == DocumentKind.SOURCE,
        AgreementDocument.void_reason == "",
    )
    return (
        select(Agreement)
        .where(Agreement.is_historic.is_(True), Agreement.confirmed_by_id.is_not(None), ~noted, source.exists())
        .order_by(Agreement.id)
    )


def _note(revision: AgreementRevision, _day: date) -> None:
    expect(revision.agreement, revision)
    projection.settle(revision.agreement, None, ARCHIVE_DUE)


def _note_historic(record: Agreement, day: date) -> None:
    _expect(record, None, record.signed_on or day, day)
    projection.settle(record, None, ARCHIVE_DUE)


def _expect(agreement: Agreement, revision: AgreementRevision | None, signed_on: date, since: date) -> None:
    due = add_workdays(since, WORKING_DAYS)
    db.session.add(
        ArchiveEntry(
            agreement=agreement,
            revision=revision,
            owner_id=agreement.owner_id,
            signed_on=signed_on,
            due_on=due.day,
            due_is_estimated=due.is_estimated,
        )
    )
    db.session.flush()


catch_up = Step("due for the archive", AgreementRevision, _missed, _note)
"""Notes as due what was signed before the registry kept this ledger."""
catch_up_historic = Step("historic record due for the archive", Agreement, _missed_historic, _note_historic)
"""The same for historic records that were confirmed."""
