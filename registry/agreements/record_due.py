"""The record that the registry itself would write today, compared with one from a file."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..core.db import db
from ..core.instance import settings
from . import record
from .models import Agreement, AgreementRevision
from .record import Reading
from .record_changes import Difference, differences


def differences_from_registered(
    given: bytes, reading: Reading, public_id: str, revisions: Collection[int]
) -> tuple[Difference, ...]:
    """In which fields a file's record differs from the agreement's, of these revisions of the one it resembles most."""
    statement = select(Agreement).where(Agreement.public_id == public_id).options(selectinload(Agreement.revisions))
    agreement = db.session.scalar(statement)
    if agreement is None:
        return ()
    put = [row for row in agreement.revisions if row.content_sha256 and row.no in revisions]
    compared = [_compared(given, reading.fields, agreement, row) for row in put]
    return min(compared, key=len, default=())


def _compared(
    given: bytes, fields: object, agreement: Agreement, revision: AgreementRevision
) -> tuple[Difference, ...]:
    due = record.record_of(agreement, revision, settings().public_url)
    if given == due:
        return ()
    # The same fields written in another way: nothing to name but the whole.
    return differences(fields, record.read(due).fields) or differences("", "-")
