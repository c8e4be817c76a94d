"""An agreement as the documents package takes it: plain frozen text for the signing copy and the registry copy."""

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
from .record import record_of
from .texts.rendering import Piece, PieceKind, RenderedText

WATERMARK = "演示"
"""What demonstration documents carry across every page."""


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
        record=record_of(agreement, revision, public_url),
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
) -> RegistryCopy:
    """The certificate page before the scans (登记副本); `documents` are the parties' scans in order."""
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
        made_at=max(row.added_at for row in documents),
        record=record_of(agreement, revision, public_url),
        seals=tuple(_seal(row.seal_use, row.party) for row in signatories if row.seal_use and _counts(row)),
        scans=tuple(ScanNote(f"{_name(row.party)} {label(row.kind)}", row.file.sha256) for row in documents),
        watermark=WATERMARK if agreement.is_demo else "",
    )


def scans_of(revision: AgreementRevision, documents: Sequence[AgreementDocument]) -> list[AgreementDocument]:
    """The parties' scans of this revision that count, in the parties' order."""
    found = [row for row in documents if row.kind is DocumentKind.PARTY_SCAN and row.counts_for(revision)]
    return sorted(found, key=lambda row: (row.party.position if row.party else 0, row.id))


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
