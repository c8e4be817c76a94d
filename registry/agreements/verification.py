"""What anybody may learn by the code on a paper, and whether a file is the registered one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..core.db import db
from ..core.i18n import Message, msg
from ..documents import verdicts
from ..documents.models import StoredFile
from ..documents.verdicts import FileVerdict, SignatureVerdict, State
from .models import Agreement, AgreementDocument, AgreementKind, AgreementStatus, ClosureOutcome, DocumentKind

LONGEST_CODE = 64
NOT_SIGNED_YET = msg("The file is the unaltered signing copy; it carries no signatures yet")
SIGNED_ELSEWHERE = msg("The file is the unaltered signing copy; the signed paper is the registered copy")
PUBLIC_KINDS = (DocumentKind.SIGNING_COPY, DocumentKind.REGISTRY_COPY)


@dataclass(frozen=True)
class PublicFile:
    """A paper of the agreement by its digest."""

    kind: DocumentKind
    sha256: str
    is_void: bool


@dataclass(frozen=True)
class PublicRecord:
    """All that is told without signing in: no text, no contacts, no people."""

    public_id: str
    number: str
    kind: AgreementKind
    title_zh: str
    title_en: str
    status: AgreementStatus
    outcome: ClosureOutcome | None
    parties: tuple[str, ...]
    signed_on: date | None
    effective_on: date | None
    expires_on: date | None
    open_ended: bool
    content_sha256: str
    files: tuple[PublicFile, ...]
    is_demo: bool
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Judgement:
    """The verdict on a file: three-valued, with its reasons in words and what is to be said of each signature."""

    state: State
    reasons: tuple[Message, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str


def find(code: str) -> PublicRecord | None:
    """The agreement of a verification code; None for every code that is none."""
    if not code.isalnum() or len(code) > LONGEST_CODE:
        return None
    statement = (
        select(Agreement)
        .where(Agreement.verification_code == code)
        .options(selectinload(Agreement.parties), selectinload(Agreement.revisions))
    )
    agreement = db.session.scalar(statement)
    return _public(agreement) if agreement else None


def _is_withdrawn(agreement: Agreement) -> bool:
    """Back from signing: the paper with this code is void, and what becomes of the text is nobody's business yet."""
    return agreement.status in (AgreementStatus.DRAFT, AgreementStatus.REVIEW, AgreementStatus.NEGOTIATION)


def judge(data: bytes, found: PublicRecord | None) -> Judgement:
    """Whether the file is a registered paper of this agreement, byte by byte, and whether its signatures hold.

    Raises Unavailable when too many files are being judged.
    """
    verdict = verdicts.judge(data)
    state, reasons = _compare(verdict, found)
    if verdict.signatures:
        reasons = (*reasons, *verdict.reasons)
    return Judgement(state, reasons, verdict.signatures, verdict.sha256)


def _compare(verdict: FileVerdict, found: PublicRecord | None) -> tuple[State, tuple[Message, ...]]:
    if found is None:
        return State.UNDECIDED, (msg("The code is not known, so the file cannot be compared"),)
    match = next((file for file in found.files if file.sha256 == verdict.sha256), None)
    if match:
        return _of_registered(match, verdict, found)
    if _belongs_elsewhere(verdict.sha256):
        return State.INVALID, (msg("The file is genuine but belongs to another agreement"),)
    return State.INVALID, (
        msg("The file differs from every registered paper of this agreement: it was altered or is not ours"),
    )


def _of_registered(match: PublicFile, verdict: FileVerdict, found: PublicRecord) -> tuple[State, tuple[Message, ...]]:
    if found.status is AgreementStatus.VOID:
        return State.INVALID, (msg("The agreement is void"),)
    if match.is_void:
        return State.INVALID, (msg("The file is unaltered, but this signing copy is void"),)
    if match.kind is DocumentKind.SIGNING_COPY:
        signed = found.status is not AgreementStatus.SIGNING
        return State.VALID, (SIGNED_ELSEWHERE if signed else NOT_SIGNED_YET,)
    reasons = [msg("The file is the registered copy, unaltered")]
    if found.status is AgreementStatus.CLOSED:
        reasons.append(msg("The agreement is no longer in force"))
    return verdict.state, tuple(reasons)


def _belongs_elsewhere(digest: str) -> bool:
    statement = (
        select(AgreementDocument.id)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .where(StoredFile.sha256 == digest, AgreementDocument.kind.in_(PUBLIC_KINDS))
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def _public(agreement: Agreement) -> PublicRecord:
    if _is_withdrawn(agreement):
        return _withdrawn(agreement)
    revision = agreement.effective_revision or agreement.open_revision
    return PublicRecord(
        public_id=agreement.public_id,
        number=agreement.number or "",
        kind=agreement.kind,
        title_zh=agreement.title_zh,
        title_en=agreement.title_en,
        status=agreement.status,
        outcome=agreement.outcome,
        parties=tuple(party.name for party in agreement.parties),
        signed_on=agreement.signed_on,
        effective_on=agreement.effective_on,
        expires_on=agreement.expires_on,
        open_ended=agreement.open_ended,
        content_sha256=revision.content_sha256 if revision else "",
        files=_files(agreement),
        is_demo=agreement.is_demo,
    )


def _withdrawn(agreement: Agreement) -> PublicRecord:
    """Number and void papers only."""
    return PublicRecord(
        public_id=agreement.public_id,
        number=agreement.number or "",
        kind=agreement.kind,
        title_zh="",
        title_en="",
        status=AgreementStatus.VOID,
        outcome=None,
        parties=(),
        signed_on=None,
        effective_on=None,
        expires_on=None,
        open_ended=False,
        content_sha256="",
        files=_files(agreement),
        is_demo=agreement.is_demo,
        is_withdrawn=True,
    )


def _files(agreement: Agreement) -> tuple[PublicFile, ...]:
    statement = (
        select(AgreementDocument.kind, AgreementDocument.void_reason, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .where(AgreementDocument.agreement_id == agreement.id, AgreementDocument.kind.in_(PUBLIC_KINDS))
        .order_by(AgreementDocument.id)
    )
    return tuple(PublicFile(row.kind, row.sha256, bool(row.void_reason)) for row in db.session.execute(statement))
