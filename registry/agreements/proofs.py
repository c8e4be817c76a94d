"""What the registry copy tells of signatures: given, voided and declined, seals, and what proves each. 签署凭据."""

from collections.abc import Sequence
from datetime import date, datetime

from ..core.dates import SHANGHAI, Precision, prose_date
from ..documents.data import SealRow, SetAsideRow, SignatoryRow
from . import content, terms
from .labels import label
from .models import (
    Agreement,
    AgreementDocument,
    AgreementRevision,
    DigitalSignature,
    DocumentKind,
    RevisionKind,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
)

SET_ASIDE = (SignatoryStatus.VOID, SignatoryStatus.DECLINED)


def signed_rows(signatories: Sequence[Signatory], documents: Sequence[AgreementDocument]) -> tuple[SignatoryRow, ...]:
    """A row for each signature that counts; `documents` are those in which sealed files of other systems may be."""
    return tuple(_signed(row, documents) for row in signatories if row.status is SignatoryStatus.SIGNED)


def set_aside_rows(signatories: Sequence[Signatory]) -> tuple[SetAsideRow, ...]:
    """A row for each signature that was voided, and for each signatory who declined."""
    return tuple(_set_aside(row) for row in signatories if row.status in SET_ASIDE)


def seal_rows(signatories: Sequence[Signatory]) -> tuple[SealRow, ...]:
    """The seal register of the signatures that count."""
    return tuple(_seal(row) for row in signatories if row.seal_use and row.status is SignatoryStatus.SIGNED)


def date_rows(agreement: Agreement, revision: AgreementRevision) -> tuple[tuple[str, str, str], ...]:
    """The days of this text: signed, effective, and the last one in force; a termination has the day of its effect.

    The term counts from the day on which the agreement took effect, however often it was changed.
    """
    signed = revision.signed_on or agreement.signed_on
    precision = Precision.DAY if revision.signed_on else agreement.signed_precision
    return (
        ("签约日期", "Signed on", _day(signed, precision)),
        ("生效日期", "Effective on", _day(revision.effective_on)),
        _end(agreement, revision),
    )


def _end(agreement: Agreement, revision: AgreementRevision) -> tuple[str, str, str]:
    if revision.kind is RevisionKind.TERMINATION:
        return ("终止日期", "Terminated on", _day(revision.effective_on))
    term = content.term_of(revision.content)
    last = terms.last_day(agreement.effective_on, term.months, term.expires_on, open_ended=term.open_ended)
    return ("到期日期", "Expires on", "无固定期限" if term.open_ended else _day(last))


def _day(value: date | None, precision: Precision = Precision.DAY) -> str:
    return prose_date(value, precision) if value else "—"


def moment(value: datetime) -> str:
    """2026年3月18日10:30:00, the wall clock of Shanghai."""
    local = value.astimezone(SHANGHAI)
    return f"{prose_date(local.date())}{local:%H:%M:%S}"


def _signed(row: Signatory, documents: Sequence[AgreementDocument]) -> SignatoryRow:
    day = prose_date(row.signed_on) if row.signed_on else ""
    said = label(row.method)
    return SignatoryRow(
        party=row.party.name,
        name=row.name,
        title=row.title,
        method=str(said),
        method_en=said.english,
        signed_on=moment(row.digital.signed_at) if row.digital else day,
        proof=_of_digital(row.digital) if row.digital else _of_elsewhere(row, documents),
    )


def _of_digital(digital: DigitalSignature) -> tuple[tuple[str, str], ...]:
    return (
        ("证书主体 Certificate subject", digital.certificate.subject),
        ("证书序列号 Certificate serial", digital.certificate.serial),
        ("已签文件 Signed file SHA-256", digital.document.file.sha256),
    )


def _of_elsewhere(row: Signatory, documents: Sequence[AgreementDocument]) -> tuple[tuple[str, str], ...]:
    """Which system sealed the party's file, and the file's digest."""
    if row.method is not SignatureMethod.E_SEAL:
        return ()
    return tuple(
        pair
        for document in documents
        if document.kind is DocumentKind.EXTERNAL_FILE
        and document.party_id == row.party_id
        and document.counts_for(row.revision)
        for pair in (
            ("外部签章来源 Sealed elsewhere by", document.origin or "—"),
            ("外部文件 External file SHA-256", document.file.sha256),
        )
    )


def _set_aside(row: Signatory) -> SetAsideRow:
    """A voided signature tells the day it was given on, a declined one the day it was declined."""
    declined = row.recorded_at.astimezone(SHANGHAI).date() if row.recorded_at else None
    day = row.signed_on or declined
    said = label(row.status)
    on = prose_date(day) if day else ""
    return SetAsideRow(row.party.name, row.name, str(said), said.english, row.reason, on)


def _seal(row: Signatory) -> SealRow:
    assert row.seal_use  # noqa: S101 - the caller chose it so
    use = row.seal_use
    return SealRow(row.party.name, str(label(use.seal)), prose_date(use.sealed_on), use.copies)
