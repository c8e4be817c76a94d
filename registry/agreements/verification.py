"""What anybody may learn by the code on a paper: no text, no contacts, no people. 公开核验信息."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from ..core.db import db
from ..core.i18n import Message, msg
from ..documents.models import StoredFile
from .models import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementRevision,
    AgreementStatus,
    ClosureOutcome,
    DocumentKind,
    RevisionStage,
)

LONGEST_CODE = 64
LONGEST_TYPED = 400
SEPARATORS = re.compile(r"[\s\-–—_.·:,，。、]+")
ADDRESS = re.compile(r"/v/([^/?#\s]+)")
PUBLIC_KINDS = (
    DocumentKind.SIGNING_COPY,
    DocumentKind.SIGNED_FILE,
    DocumentKind.SIGNED_AGREEMENT,
    DocumentKind.REGISTRY_COPY,
)


@dataclass(frozen=True)
class PublicFile:
    """A paper of the agreement by its digest; `revision` is the number of the text that it bears, 0 for none."""

    kind: DocumentKind
    sha256: str
    is_void: bool
    size: int = 0
    revision: int = 0


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
    revision: int = 0
    is_withdrawn: bool = False
    signing: int = 0
    """Which revision is being signed now; 0 for none."""


def plain_code(typed: str) -> str:
    """A code as somebody typed or scanned it, in any grouping and case, or the whole address around it."""
    text = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    address = ADDRESS.search(text)
    return SEPARATORS.sub("", address[1] if address else text).lower()


def find(code: str) -> PublicRecord | None:
    """The agreement of a verification code; None for every code that is none."""
    if not (code.isascii() and code.isalnum()) or len(code) > LONGEST_CODE:
        return None
    return _found(Agreement.verification_code == code.lower())


def of_file(sha256: str) -> PublicRecord | None:
    """The agreement that a file with this digest is a public paper of; None for a file that is none."""
    papers = (
        select(AgreementDocument.agreement_id)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .where(StoredFile.sha256 == sha256, AgreementDocument.kind.in_(PUBLIC_KINDS))
        .order_by(AgreementDocument.id)
        .limit(1)
    )
    return _found(Agreement.id == papers.scalar_subquery())


def of_registry_id(public_id: str) -> PublicRecord | None:
    """The agreement that a record names, if it ever was put before its parties for signing."""
    return _found((Agreement.public_id == public_id) & Agreement.verification_code.is_not(None))


def told_of_page(found: PublicRecord, revision: int | None, page: int | None) -> tuple[Message, bool] | None:
    """What is to be said of the page whose code was scanned, and whether its text is the present one."""
    if revision is None:
        return None
    values = {"revision": revision, "present": found.revision}
    if found.is_withdrawn or revision > max((file.revision for file in found.files), default=found.revision):
        return msg("The code is on a page of revision %(revision)s, which is not registered as signed", **values), False
    if revision > found.revision:
        return msg(
            "The paper bears revision %(revision)s, which is not in force; revision %(present)s is", **values
        ), False
    if revision != found.revision:
        return msg(
            "The paper bears an old text, revision %(revision)s: revision %(present)s replaced it", **values
        ), False
    if page is None:
        return msg("The paper bears revision %(revision)s of the text, the present one", **values), True
    return msg("Page %(page)s of revision %(revision)s, the present text", page=page, **values), True


def _found(condition: ColumnElement[bool]) -> PublicRecord | None:
    loading = selectinload(Agreement.all_parties), selectinload(Agreement.revisions)
    agreement = db.session.scalar(select(Agreement).where(condition).options(*loading))
    return _public(agreement) if agreement else None


def _is_withdrawn(agreement: Agreement) -> bool:
    """Back from signing: the paper with this code is void, and what becomes of the text is nobody's business yet."""
    return agreement.status in (AgreementStatus.DRAFT, AgreementStatus.REVIEW, AgreementStatus.NEGOTIATION)


def _public(agreement: Agreement) -> PublicRecord:
    if _is_withdrawn(agreement):
        return _withdrawn(agreement)
    revision = agreement.effective_revision or agreement.present_revision
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
        revision=revision.no if revision else 0,
        signing=_signing(agreement),
    )


def _signing(agreement: Agreement) -> int:
    revision = agreement.open_revision
    return revision.no if revision and revision.stage is RevisionStage.SIGNING else 0


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
    """The public papers, oldest first."""
    paper = AgreementDocument
    statement = (
        select(paper.kind, paper.void_reason, StoredFile.sha256, StoredFile.size, AgreementRevision.no)
        .join(StoredFile, StoredFile.id == paper.file_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == paper.revision_id)
        .where(paper.agreement_id == agreement.id, paper.kind.in_(PUBLIC_KINDS))
        .order_by(paper.id)
    )
    rows = db.session.execute(statement)
    return tuple(PublicFile(row.kind, row.sha256, bool(row.void_reason), row.size, row.no or 0) for row in rows)
