"""An agreement as the documents package takes it: plain frozen text for the signing copy and the registry copy."""

import json
from collections.abc import Sequence
from typing import Any

from ..core.dates import prose_date
from ..documents.data import (
    FIELD_PREFIX,
    Annex,
    Article,
    PartyCell,
    RegistryCopy,
    ScanNote,
    ScanSheet,
    SealRow,
    SignatoryRow,
    SigningCopy,
    Table,
    Verification,
)
from ..documents.store import sm3
from . import content
from .facts import party_facts
from .labels import label
from .models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementRevision,
    DocumentKind,
    PartyRole,
    SealUse,
    Signatory,
    SignatoryStatus,
)
from .texts.rendering import Piece, PieceKind, RenderedText

WATERMARK = "演示"
"""What demonstration documents carry across every page."""


def record_of(agreement: Agreement, revision: AgreementRevision) -> bytes:
    """The machine-readable record that goes into the PDF: content, digest, number, registry id; sorted JSON."""
    record = {
        "registry_id": agreement.public_id,
        "number": agreement.number,
        "revision": revision.no,
        "hash_version": revision.hash_version,
        "content_sha256": revision.content_sha256,
        "content": revision.content,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()


def signing_copy(agreement: Agreement, revision: AgreementRevision, public_url: str) -> SigningCopy:
    """The copy that the parties print, sign and seal."""
    facts = party_facts(agreement, revision)
    zh = content.rendered(revision.content, facts, "zh")
    en = content.rendered(revision.content, facts, "en") if revision.content["language"] == "both" else None
    return SigningCopy(
        title_zh=zh.title,
        title_en=agreement.title_en if en else "",
        number=agreement.number or "",
        parties=_cells(agreement, zh),
        preamble=_paragraphs(zh.preamble),
        articles=_articles(zh),
        verification=_verification(agreement, revision, public_url),
        made_at=revision.submitted_at or revision.created_at,
        record=record_of(agreement, revision),
        place=agreement.signing_place,
        preamble_en=_paragraphs(en.preamble) if en else (),
        articles_en=_articles(en) if en else (),
        annexes=_annexes(zh),
        language="both" if en else "zh",
        watermark=WATERMARK if agreement.is_demo else "",
    )


def registry_copy(
    agreement: Agreement,
    revision: AgreementRevision,
    signatories: Sequence[Signatory],
    documents: Sequence[AgreementDocument],
    public_url: str,
    checkpoint: str,
    sealed_elsewhere: Sequence[AgreementDocument] = (),
) -> RegistryCopy:
    """The certificate page before the scans (登记副本); `documents` are the parties' scans in order.

    Files that were sealed elsewhere are named with their digests; they do not follow as pages.
    """
    zh = content.rendered(revision.content, party_facts(agreement, revision), "zh")
    return RegistryCopy(
        title_zh=agreement.title_zh,
        title_en=agreement.title_en,
        number=agreement.number or "",
        parties=_cells(agreement, zh),
        signatories=tuple(_signatory(row) for row in signatories if _counts(row)),
        dates=_dates(agreement),
        verification=_verification(agreement, revision, public_url),
        verify_code=agreement.verification_code or "",
        checkpoint=checkpoint,
        made_at=max(
            *(row.added_at for row in (*documents, *sealed_elsewhere)),
            *(row.recorded_at for row in signatories if row.recorded_at),
            revision.submitted_at or revision.created_at,
        ),
        record=record_of(agreement, revision),
        seals=tuple(_seal(row.seal_use, row.party) for row in signatories if row.seal_use and _counts(row)),
        scans=(*map(_scan, by_file(documents)), *(_sealed(row) for row in sealed_elsewhere)),
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


def _sealed(row: AgreementDocument) -> ScanNote:
    return ScanNote(f"{_name(row.party)} {label(row.kind)}（{row.origin}）", row.file.sha256)


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


def _cells(agreement: Agreement, text: RenderedText) -> tuple[PartyCell, ...]:
    """Parties that sign, as the paper calls them; a witness signs nothing."""
    named = zip(agreement.parties, text.parties, strict=True)
    return tuple(_cell(party, line.label) for party, line in named if party.role is not PartyRole.WITNESS)


def _cell(party: AgreementParty, called: str) -> PartyCell:
    school = bool(party.organisation and party.organisation.moe_code and not party.organisation.uscc)
    return PartyCell(
        label=called,
        name=party.name,
        name_en=party.snapshot_name_en,
        code_label="学校标识码" if school else "统一社会信用代码",
        code=party.snapshot_code,
        address=party.snapshot_address,
        representative=party.snapshot_representative,
        field=field_of(party),
    )


def field_of(party: AgreementParty) -> str:
    """Where the party may sign digitally in the signing copy."""
    return f"{FIELD_PREFIX}{party.position}"


def _paragraphs(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(piece.text for piece in pieces if piece.kind in (PieceKind.PARAGRAPH, PieceKind.ITEM))


def _articles(text: RenderedText) -> tuple[Article, ...]:
    return tuple(Article(article.heading, _paragraphs(article.pieces)) for article in text.articles)


def _annexes(text: RenderedText) -> tuple[Annex, ...]:
    if not text.tasks.rows:
        return ()
    return (Annex("年度量化任务表", "Commitments", table=Table(text.tasks.columns, text.tasks.rows)),)


def _signatory(row: Signatory) -> SignatoryRow:
    day = prose_date(row.signed_on) if row.signed_on else ""
    return SignatoryRow(row.party.name, row.name, row.title, str(label(row.method)), day)


def _counts(row: Signatory) -> bool:
    return row.status is SignatoryStatus.SIGNED


def _seal(row: SealUse, party: AgreementParty) -> SealRow:
    return SealRow(party.name, str(label(row.seal)), prose_date(row.sealed_on), row.copies)


def _dates(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    end = "无固定期限" if agreement.open_ended else _day(agreement.expires_on)
    return (
        ("签约日期", _day(agreement.signed_on)),
        ("生效日期", _day(agreement.effective_on)),
        ("到期日期", end),
    )


def _day(value: Any) -> str:
    return prose_date(value) if value else "—"


def _name(party: AgreementParty | None) -> str:
    return party.name if party else ""
