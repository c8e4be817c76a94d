"""Signatures that the registry made, found again in a file by the bytes that they were made with. 已登记签名."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..core.dates import SHANGHAI
from ..core.db import db
from ..core.i18n import Message, msg
from ..documents.data import CLOSING_FIELD
from ..documents.models import StoredFile
from ..documents.verdicts import FileVerdict, SignatureVerdict
from .labels import party_label
from .models import Agreement, AgreementDocument, DigitalSignature, Signatory, SignatoryStatus
from .verification import PublicFile


@dataclass(frozen=True)
class KnownSignature:
    """A digital signature of the registry: its field, its party's position, and when it was voided."""

    field: str
    position: int
    voided_at: datetime | None


def inside(data: bytes, public_id: str) -> tuple[KnownSignature, ...]:
    """The signatures whose very bytes the file begins with, in the order of signing."""
    statement = (
        select(DigitalSignature.field, Signatory.position, Signatory.status, Signatory.updated_at, StoredFile)
        .join(Signatory, Signatory.id == DigitalSignature.signatory_id)
        .join(AgreementDocument, AgreementDocument.id == DigitalSignature.document_id)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .join(Agreement, Agreement.id == Signatory.agreement_id)
        .where(Agreement.public_id == public_id)
        .order_by(DigitalSignature.id)
    )
    return tuple(
        KnownSignature(row.field, row.position, row.updated_at if row.status is SignatoryStatus.VOID else None)
        for row in db.session.execute(statement)
        if _begins_with(data, row.StoredFile.size, row.StoredFile.sha256)
    )


def beginning(data: bytes, sha256: str, files: Sequence[PublicFile]) -> PublicFile | None:
    """The registered file that it is, else the longest one that it begins with.

    A file that was registered twice is told by the row that counts.
    """
    exact = [file for file in files if file.sha256 == sha256]
    if exact:
        return next((file for file in exact if not file.is_void), exact[-1])
    begun = [file for file in files if 0 < file.size < len(data) and _begins_with(data, file.size, file.sha256)]
    return max(begun, key=lambda file: file.size, default=None)


def withdrawn(known: Sequence[KnownSignature]) -> list[Message]:
    """Signatures that were voided and that no later one of the same party replaces."""
    standing = {one.position for one in known if one.voided_at is None}
    return [_told_void(one) for one in known if one.voided_at and one.position not in standing]


def replaced(known: Sequence[KnownSignature]) -> list[Message]:
    """Signatures that were voided and signed anew in the same file."""
    standing = {one.position for one in known if one.voided_at is None}
    return [_told_void(one) for one in known if one.voided_at and one.position in standing]


def unknown(verdict: FileVerdict, known: Sequence[KnownSignature]) -> list[SignatureVerdict]:
    """Signatures in the file that the registry did not make; time stamps and its own closing are none of them."""
    fields = {one.field for one in known} | {CLOSING_FIELD}
    return [one for one in verdict.signatures if one.field not in fields and not one.is_timestamp]


def told_unknown(one: SignatureVerdict) -> Message:
    """That the registry knows nothing of it."""
    return msg(
        "The registry knows nothing of the signature of %(signer)s in the field %(field)s",
        signer=one.signer or "—",
        field=one.field[:40],
    )


def _told_void(one: KnownSignature) -> Message:
    day = one.voided_at.astimezone(SHANGHAI).date().isoformat() if one.voided_at else ""
    return msg(
        "The signature of %(party)s was voided in the registry on %(day)s", party=party_label(one.position), day=day
    )


def _begins_with(data: bytes, size: int, sha256: str) -> bool:
    return size <= len(data) and hashlib.sha256(memoryview(data)[:size]).hexdigest() == sha256
