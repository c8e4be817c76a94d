"""Signed papers with real files behind them, and ways to file them and to have their package made."""

from registry.agreements import archive_jobs, jobs, queries
from registry.agreements.inputs import ArchiveDetails, HistoricRecord, PartyLine
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    ArchiveEntry,
    Disclosure,
    DocumentKind,
    PartyRole,
    Retention,
    Secrecy,
)
from registry.agreements.services import archiving, entry, files, signing
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from registry.core.i18n import speaking
from registry.documents import store
from registry.documents.places import places
from tests.agreements.scene import Scene, details, stored
from tests.agreements.signers import make_certificate
from tests.agreements.test_digital import make_copy, row_of, sign
from tests.documents.conftest import make_image

DETAILS = ArchiveDetails(
    number="2026·WS·Y·0001",
    retention=Retention.PERMANENT,
    secrecy=Secrecy.INTERNAL,
    disclosure=Disclosure.ON_REQUEST,
    originals=2,
    place="综合档案室 3 排 2 柜",
)


def signed_papers(scene: Scene) -> Agreement:
    """In force: the bureau signed digitally, the university by hand; both papers of the registry are made."""
    with transaction():
        make_certificate(scene.bureau.organisation, places().keys)
        agreement = scene.signing()
    make_copy(agreement)
    sign(agreement, scene.bureau)
    kept = store.put(make_image("JPEG", (620, 877)), "image/jpeg")
    with transaction():
        row, keeper = row_of(agreement, scene.university), scene.university.seal_keeper
        signing.record_signature(agreement, row, details(today()), keeper)
        scan = store.register(kept)
        files.attach_for_party(agreement, row.party, DocumentKind.PARTY_SCAN, scan, "西工大 扫描件.jpg", keeper)
    with transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    revision = {"revision": agreement.revisions[-1].public_id}
    jobs.make_registry_copy(revision)
    jobs.make_signed_agreement(revision)
    return agreement


def with_rows_only(agreement: Agreement) -> Agreement:
    """Give a signed agreement its registry copy by a row; whoever needs bytes takes `signed_papers`."""
    files.add(agreement, DocumentKind.REGISTRY_COPY, stored(), "登记副本.pdf", None)
    return agreement


def historic(scene: Scene, *, source: bytes | None = None) -> Agreement:
    """A historic record, confirmed; with a source file where one is given."""
    record = HistoricRecord(
        kind=AgreementKind.DOCKING_MEMORANDUM,
        title_zh="鞍山市与西北工业大学对接备忘录",
        parties=(
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(scene.university.organisation.public_id),
        ),
        source="档案室原件",
        signed_on=today().replace(year=today().year - 3, day=1),
        signed_precision=Precision.DAY,
    )
    agreement = entry.record(record, scene.bureau.handler)
    if source is not None:
        file = store.register(store.put(source, "application/pdf"))
        entry_files = files.attach_source(agreement, file, "来源.pdf", scene.bureau.handler)
        assert entry_files.kind is DocumentKind.SOURCE
    entry.confirm(agreement, scene.bureau.section_head)
    return agreement


def entry_of(agreement: Agreement) -> ArchiveEntry:
    """Its only entry."""
    (found,) = queries.entries_of(agreement)
    return found


def archived(scene: Scene, agreement: Agreement) -> ArchiveEntry:
    """Filed by the bureau's handler."""
    with transaction(), speaking("en"):
        found = entry_of(agreement)
        archiving.archive(found, DETAILS, scene.bureau.handler)
    return found


def packed(found: ArchiveEntry) -> bytes:
    """The package as the worker makes it."""
    archive_jobs.make_archive_package({"entry": found.public_id})
    db.session.expire_all()
    assert found.package
    return store.read(found.package)
