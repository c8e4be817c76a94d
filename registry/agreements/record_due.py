"""The record that the registry itself would write today, compared with one from a file."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..core.db import db
from ..core.instance import settings
from . import record
from .models import Agreement, AgreementRevision
from .record_changes import Difference, differences


def differences_from_registered(given: bytes, public_id: str) -> tuple[Difference, ...]:
    """In which fields a file's record differs from the agreement's, of the revision that it resembles most."""
    statement = select(Agreement).where(Agreement.public_id == public_id).options(selectinload(Agreement.revisions))
    agreement = db.session.scalar(statement)
    if agreement is None:
        return ()
    fields = record.read(given).fields
    put = [row for row in agreement.revisions if row.content_sha256]
    compared = [_compared(given, fields, agreement, row) for row in put]
    return min(compared, key=len, default=())


def _compared(
    given: bytes, fields: object, agreement: Agreement, revision: AgreementRevision
) -> tuple[Difference, ...]:
    due = record.record_of(agreement, revision, settings().public_url)
    if given == due:
        return ()
    # The same fields written in another way: nothing to name but the whole.
    return differences(fields, record.read(due).fields) or differences("", "-")
