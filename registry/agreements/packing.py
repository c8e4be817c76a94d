"""What of an agreement goes into its verification package. 核验包内容."""

from collections.abc import Sequence

from ..core.instance import settings
from ..documents import store, verdicts
from ..documents.package import PackageData, PackedFile, closing_certificate, package
from ..documents.verdicts import own_trust
from . import papers, queries, record
from .models import Agreement, AgreementDocument, DocumentKind

CLOSED_KINDS = (DocumentKind.SIGNED_AGREEMENT, DocumentKind.REGISTRY_COPY)


def closed_papers(agreement: Agreement, documents: Sequence[AgreementDocument]) -> list[AgreementDocument]:
    """The files of the text in force that the registry closed and that count; those of other texts are none of it."""
    revision = agreement.effective_revision
    return [row for row in documents if row.kind in CLOSED_KINDS and revision and row.counts_for(revision)]


def packed(agreement: Agreement) -> bytes | None:
    """The archive of a signed agreement, the same bytes each time; None while nothing was closed."""
    revision = agreement.effective_revision
    closed = closed_papers(agreement, queries.documents_of(agreement))
    if revision is None or not closed:
        return None
    files = tuple(PackedFile(row.filename, store.read(row.file)) for row in closed)
    trust, url = own_trust(), settings().public_url
    return package(
        PackageData(
            number=agreement.number or "",
            title=agreement.title_zh,
            url=papers.verification_url(agreement, url),
            made_at=max(row.added_at for row in closed),
            files=files,
            record=verdicts.judge(files[-1].data).record or record.record_of(agreement, revision, url),
            schema=record.schema_bytes(),
            roots=trust.roots,
            lists=trust.lists,
            certificate=closing_certificate(files[-1].data),
        )
    )
