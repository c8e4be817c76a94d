"""An agreement as the documents package takes it: plain frozen text for the signing copy and the registry copy."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from ..documents.data import (
    Language,
    RegistryCopy,
    ScanNote,
    ScanSheet,
    SigningCopy,
    Verification,
)
from ..documents.store import sm3
from . import clauses, content, proofs
from .clauses import field_of
from .facts import party_facts
from .labels import label
from .models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementRevision,
    DocumentKind,
    RevisionStage,
    Signatory,
)
from .record import record_of
from .texts.fill import BLANK
from .texts.rendering import RenderedText

__all__ = [
    "WATERMARK", "field_of", "has_english", "is_unsigned", "reading_copy", "registry_copy", "scans_of", "signing_copy",
    "verification_url",
]  # fmt: skip

WATERMARK = "演示"
"""What demonstration documents carry across every page."""
BEFORE_SIGNING = (RevisionStage.DRAFT, RevisionStage.REVIEW, RevisionStage.NEGOTIATION)
DRAFT, READING = ("草稿", "DRAFT"), ("阅读件", "READING COPY")  # Chinese and bilingual edition, English edition
DRAFT_MARK = ("草稿，不供签署", "Draft preview, not for signing")
READING_MARK = ("阅读件，不供签署", "Reading copy, not for signing")


def signing_copy(agreement: Agreement, revision: AgreementRevision, public_url: str) -> SigningCopy:
    """The copy that the parties print, sign and seal, in the languages that the agreement says."""
    language: Language = "both" if revision.content["language"] == "both" else "zh"
    return _edition(agreement, revision, language, public_url)


def reading_copy(agreement: Agreement, revision: AgreementRevision, edition: Language, public_url: str) -> SigningCopy:
    """A copy to read, in any edition: it says so on every page, and has neither fields nor codes.

    Places that nobody has filled in are lines to write on.
    """
    is_draft = is_unsigned(agreement, revision)
    data = _edition(agreement, revision, edition, public_url)
    return replace(
        data,
        verification=replace(data.verification, url=""),
        parties=tuple(replace(party, field="") for party in data.parties),
        watermark=data.watermark or (DRAFT if is_draft else READING)[edition == "en"],
        mark=DRAFT_MARK if is_draft else READING_MARK,
    )


def is_unsigned(agreement: Agreement, revision: AgreementRevision) -> bool:
    """Whether nobody was asked yet to sign this text."""
    return revision.stage in BEFORE_SIGNING or not agreement.verification_code


def has_english(revision: AgreementRevision) -> bool:
    """Whether there is an English text to show."""
    return any(article["text_en"] for article in revision.content.get("articles", ()))


def _edition(agreement: Agreement, revision: AgreementRevision, language: Language, public_url: str) -> SigningCopy:
    facts = party_facts(agreement, revision)
    zh, en = (content.rendered(revision.content, facts, one) for one in ("zh", "en"))
    in_english = language != "zh"
    return SigningCopy(
        title_zh=zh.title,
        title_en=_title_en(agreement, revision, en) if in_english else "",
        number=agreement.number or "",
        parties=clauses.cells(agreement, revision),
        preamble=clauses.paragraphs(zh.preamble, "zh"),
        articles=clauses.articles(zh),
        verification=_verification(agreement, revision, public_url),
        made_at=revision.submitted_at or revision.created_at,
        record=record_of(agreement, revision, public_url),
        place=revision.content["signing_place"] or (BLANK if zh.closing else ""),
        preamble_en=clauses.paragraphs(en.preamble, "en") if in_english else (),
        articles_en=clauses.articles(en) if in_english else (),
        annexes=(
            *clauses.table_of_changes(agreement, revision, in_english=in_english),
            *clauses.annexes(zh, en if in_english else None),
        ),
        language=language,
        watermark=WATERMARK if agreement.is_demo else "",
    )


def _title_en(agreement: Agreement, revision: AgreementRevision, text: RenderedText) -> str:
    """As entered; the copy to read suggests the model text's title where none was."""
    if revision.is_follow_up:
        return text.title
    return agreement.title_en or content.suggested_titles(revision.content, party_facts(agreement, revision))[1]


def registry_copy(
    agreement: Agreement,
    revision: AgreementRevision,
    signatories: Sequence[Signatory],
    documents: Sequence[AgreementDocument],
    public_url: str,
    checkpoint: str,
    *,
    sealed_elsewhere: Sequence[AgreementDocument] = (),
) -> RegistryCopy:
    """The certificate page before the scans (登记副本); `documents` are the parties' scans in order.

    Title and days are this text's own, whatever the agreement says by now.
    `sealed_elsewhere` are files that other systems sealed: the page tells where they come from, and their digests.
    """
    facts = party_facts(agreement, revision)
    zh, en = (content.rendered(revision.content, facts, one) for one in ("zh", "en"))
    return RegistryCopy(
        title_zh=zh.title,
        title_en=en.title if revision.content["title_en"] else "",
        number=agreement.number or "",
        parties=clauses.cells(agreement, revision),
        signatories=proofs.signed_rows(signatories, sealed_elsewhere),
        dates=proofs.date_rows(agreement, revision),
        verification=_verification(agreement, revision, public_url),
        verify_code=agreement.verification_code or "",
        checkpoint=checkpoint,
        made_at=max(_moments(revision, signatories, (*documents, *sealed_elsewhere))),
        record=record_of(agreement, revision, public_url),
        seals=proofs.seal_rows(signatories),
        set_aside=proofs.set_aside_rows(signatories),
        scans=tuple(map(_scan, by_file(documents))),
        watermark=WATERMARK if agreement.is_demo else "",
    )


def scans_of(revision: AgreementRevision, documents: Sequence[AgreementDocument]) -> list[AgreementDocument]:
    """The parties' scans of this revision that count, in the parties' order."""
    return _of_kind(DocumentKind.PARTY_SCAN, revision, documents)


def sealed_elsewhere_of(revision: AgreementRevision, documents: Sequence[AgreementDocument]) -> list[AgreementDocument]:
    """The parties' files of this revision that an electronic-seal system sealed, in the parties' order."""
    return _of_kind(DocumentKind.EXTERNAL_FILE, revision, documents)


def _of_kind(
    kind: DocumentKind, revision: AgreementRevision, documents: Sequence[AgreementDocument]
) -> list[AgreementDocument]:
    found = [row for row in documents if row.kind is kind and row.counts_for(revision)]
    return sorted(found, key=lambda row: (row.party.position if row.party else 0, row.id))


def by_file(documents: Sequence[AgreementDocument]) -> list[list[AgreementDocument]]:
    """Rows that share a file together, so that a scan that counts for several parties is shown once."""
    found: dict[str, list[AgreementDocument]] = {}
    for row in documents:
        found.setdefault(row.file.sha256, []).append(row)
    return list(found.values())


def _scan(rows: Sequence[AgreementDocument]) -> ScanNote:
    first = rows[0]
    sheets = tuple(ScanSheet(entry["page"], entry["turn"]) for entry in first.scan_pages or ())
    names = "、".join(_name(row.party) for row in rows)
    return ScanNote(f"{names} {label(first.kind)}", first.file.sha256, sheets)


def verification_url(agreement: Agreement, public_url: str) -> str:
    """What the QR code says."""
    return f"{public_url}/v/{agreement.verification_code}"


def _verification(agreement: Agreement, revision: AgreementRevision, public_url: str) -> Verification:
    return Verification(
        url=verification_url(agreement, public_url),
        registry_no=agreement.public_id,
        content_sha256=revision.content_sha256,
        content_sm3=sm3(content.canonical_bytes(revision.content)),
        revision=revision.no,
    )


def _moments(
    revision: AgreementRevision, signatories: Sequence[Signatory], documents: Sequence[AgreementDocument]
) -> Iterator[datetime]:
    """When what the registry copy tells of happened; the last of it dates the copy."""
    yield revision.submitted_at or revision.created_at
    yield from (row.added_at for row in documents)
    yield from (row.recorded_at for row in signatories if row.recorded_at)


def _name(party: AgreementParty | None) -> str:
    return party.name if party else ""
