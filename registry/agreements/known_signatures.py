"""Signatures that the registry made, found again in a file by the bytes that they were made with. 已登记签名."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ..core.dates import SHANGHAI
from ..core.db import db
from ..core.i18n import Message, msg
from ..documents.models import SigningCertificate, StoredFile
from ..documents.verdicts import CertificateFacts, FileVerdict, SignatureVerdict, State, own_certificate
from .labels import party_label
from .models import Agreement, AgreementDocument, DigitalSignature, Signatory, SignatoryStatus, SignatureMethod
from .verification import PublicFile


@dataclass(frozen=True)
class KnownSignature:
    """A digital signature of the registry: its field, its party's position, its certificate, and when it was voided.

    `elsewhere` says that the party signed since in another way, which this file does not show.
    """

    field: str
    position: int
    voided_at: datetime | None
    sha256: str = ""
    elsewhere: bool = False


def inside(data: bytes, public_id: str) -> tuple[KnownSignature, ...]:
    """The signatures whose very bytes the file begins with, in the order of signing."""
    newest, later = aliased(Signatory), aliased(Signatory)
    last = (
        select(func.max(later.id))
        .where(later.revision_id == Signatory.revision_id, later.position == Signatory.position)
        .scalar_subquery()
    )
    statement = (
        select(DigitalSignature.field, SigningCertificate.sha256, Signatory, newest, StoredFile)
        .join(Signatory, Signatory.id == DigitalSignature.signatory_id)
        .join(newest, newest.id == last)
        .join(SigningCertificate, SigningCertificate.id == DigitalSignature.certificate_id)
        .join(AgreementDocument, AgreementDocument.id == DigitalSignature.document_id)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .join(Agreement, Agreement.id == Signatory.agreement_id)
        .where(Agreement.public_id == public_id)
        .order_by(DigitalSignature.id)
    )
    return tuple(
        _known(field, sha256, row, last_row)
        for field, sha256, row, last_row, file in db.session.execute(statement)
        if _begins_with(data, file.size, file.sha256)
    )


def _known(field: str, sha256: str, row: Signatory, newest: Signatory) -> KnownSignature:
    voided_at = row.updated_at if row.status is SignatoryStatus.VOID else None
    elsewhere = newest.status is SignatoryStatus.SIGNED and newest.method is not SignatureMethod.DIGITAL
    return KnownSignature(field, row.position, voided_at, sha256, elsewhere)


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
    """Signatures that were voided and that no later one of the same party replaces, in this file or elsewhere."""
    standing = _standing(known)
    return [_told_void(one) for one in known if one.voided_at and one.position not in standing]


def replaced(known: Sequence[KnownSignature]) -> list[Message]:
    """Signatures that were voided and signed anew, in the same file or in another way."""
    standing = _standing(known)
    return [_told_void(one) for one in known if one.voided_at and one.position in standing]


def unknown(verdict: FileVerdict, known: Sequence[KnownSignature]) -> list[SignatureVerdict]:
    """Signatures in the file that are not by field and certificate those of the registry, and time stamps in a field
    that is none of theirs.
    """
    made, own = {(one.field, one.sha256) for one in known}, own_certificate()
    return [one for one in verdict.signatures if not _is_known(one, made, own)]


def misplaced(verdict: FileVerdict) -> list[SignatureVerdict]:
    """Time stamps where a party or the registry would sign: they look as if somebody had signed."""
    return [one for one in verdict.signatures if one.is_timestamp and is_reserved(one)]


def is_reserved(one: SignatureVerdict) -> bool:
    """Whether it stands in a field of a party or of the registry."""
    return one.is_closing or one.position is not None


def with_other_certificates(verdict: FileVerdict, known: Sequence[KnownSignature]) -> list[Message]:
    """Signatures in a field that the registry signed in for a party, but with another certificate than it noted."""
    noted = {one.field: one.sha256 for one in known}
    return [
        msg(
            "The signature in the field %(field)s was made with the certificate of %(signer)s, which is not the one "
            "that the registry noted for %(party)s",
            field=one.field[:40],
            signer=one.signer or "—",
            party=party_label(one.position),
        )
        for one in verdict.signed
        if one.position and one.field in noted and _digest(one) != noted[one.field]
    ]


def is_own_closing(one: SignatureVerdict, own: CertificateFacts | None) -> bool:
    """Whether the registry made it: with its present certificate, or with an earlier one of the same holder."""
    held = one.certificate
    if not one.is_closing or held is None or own is None:
        return False
    is_holder = (held.organisation, held.name, held.issuer) == (own.organisation, own.name, own.issuer)
    return held.sha256 == own.sha256 or (is_holder and one.state is State.VALID)


def _is_known(one: SignatureVerdict, made: Collection[tuple[str, str]], own: CertificateFacts | None) -> bool:
    if one.is_timestamp:
        return not is_reserved(one)
    return (one.field, _digest(one)) in made or is_own_closing(one, own)


def _digest(one: SignatureVerdict) -> str:
    return one.certificate.sha256 if one.certificate else ""


def _standing(known: Sequence[KnownSignature]) -> set[int]:
    return {one.position for one in known if one.voided_at is None or one.elsewhere}


def told_unknown(one: SignatureVerdict) -> Message:
    """That the registry knows nothing of it."""
    return msg(
        "The registry knows nothing of the signature of %(signer)s in the field %(field)s",
        signer=one.signer or "—",
        field=one.field[:40],
    )


def _told_void(one: KnownSignature) -> Message:
    day = one.voided_at.astimezone(SHANGHAI).date().isoformat() if one.voided_at else ""
    party = party_label(one.position)
    if one.elsewhere:
        return msg(
            "The digital signature of %(party)s was voided in the registry on %(day)s; the party signed in another way "
            "since",
            party=party,
            day=day,
        )
    return msg("The signature of %(party)s was voided in the registry on %(day)s", party=party, day=day)


def _begins_with(data: bytes, size: int, sha256: str) -> bool:
    return size <= len(data) and hashlib.sha256(memoryview(data)[:size]).hexdigest() == sha256
