"""The upload panel: scans for one party or several, files that were sealed elsewhere, and who may not."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.agreements import papers, queries
from registry.agreements.inputs import Opinion, PartyLine
from registry.agreements.models import (
    Agreement,
    AgreementDocument,
    DocumentKind,
    LegalResult,
    PartyRole,
    SignatoryStatus,
    SignatureMethod,
)
from registry.agreements.services import clearance, files, incoming, negotiation, signing
from registry.audit.models import AuditEvent
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from registry.core.instance import settings
from registry.documents import produce, store
from registry.documents import scans as documents
from registry.documents import signing as sealing
from registry.documents.authority import make_development_authority
from registry.documents.places import places
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, stored
from tests.conftest import Client
from tests.documents import paper
from tests.documents.test_sealed import FakeSealService, make_ofd, order
from tests.factories import make_organisation

from .test_scans import another, make_scene_elsewhere


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def signed_by_hand(scene: Scene) -> Agreement:
    """Being signed."""
    with transaction():
        return scene.signing()


def make_signing_copy(agreement: Agreement) -> bytes:
    """What the worker makes."""
    revision = agreement.open_revision
    assert revision
    pdf = produce.render_signing_copy(papers.signing_copy(agreement, revision, settings().public_url))
    with transaction():
        files.add(agreement, DocumentKind.SIGNING_COPY, store.save(pdf, "application/pdf"), "签署稿.pdf", None)
    return pdf


@pytest.fixture
def copy(client: Client, scene: Scene, signed_by_hand: Agreement, fonts: Path) -> bytes:
    """The signing copy is made, and the bureau's seal keeper is here."""
    client.sign_in(scene.bureau.seal_keeper)
    return make_signing_copy(signed_by_hand)


def send(
    client: Client, agreement: Agreement, data: bytes, name: str = "扫描.pdf", **fields: str | list[str]
) -> TestResponse:
    """The upload panel, sent."""
    values = {
        "row_version": str(agreement.row_version),
        "kind": "party_scan",
        "parties": [agreement.parties[0].public_id],
        **fields,
    }
    return client.post(
        f"/agreements/{agreement.public_id}/files",
        data={**values, "file": (BytesIO(data), name)},
        headers={"Accept-Language": "en"},
    )


def scanned(pdf: bytes) -> list[Image.Image]:
    """Its pages in one bit a dot: small, as the test client wants its files."""
    return [paper.black_and_white(page) for page in paper.printed(pdf)]


def uploaded(agreement: Agreement, kind: DocumentKind = DocumentKind.PARTY_SCAN) -> list[AgreementDocument]:
    """The agreement's files of a kind."""
    db.session.expire_all()
    return [row for row in queries.documents_of(agreement) if row.kind is kind]


def shown(client: Client, agreement: Agreement) -> str:
    """The agreement's page in English."""
    return client.get(f"/agreements/{agreement.public_id}", headers={"Accept-Language": "en"}).text


def test_a_shuffled_turned_scan_is_stored_with_its_pages(
    scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    pages = scanned(copy)
    sheets = [paper.turned(page, 90) for page in reversed(pages)]
    assert send(client, signed_by_hand, paper.as_tiff(sheets), "a.tif").status_code == 303
    (row,) = uploaded(signed_by_hand)
    count = len(pages)
    assert row.scan_pages == [{"page": number, "turn": 270, "of": count} for number in range(count, 0, -1)]
    assert f"pages 1–{count} of {count}, read by their codes" in shown(client, signed_by_hand)


def test_a_page_of_another_agreement_in_between_is_refused(
    scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    with transaction():
        other = another(scene)
    foreign = scanned(make_signing_copy(other))
    pages = scanned(copy)
    pages.insert(1, foreign[1])
    answer = send(client, signed_by_hand, paper.as_pdf(pages))
    assert answer.status_code == 422
    assert f"Page 2 of the scan: it belongs to the agreement {other.number}" in answer.text
    assert uploaded(signed_by_hand) == []


def test_a_scan_without_codes_is_stored_with_the_tick_only(
    client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    blank = paper.as_image(Image.new("1", (1240, 1754), 1))
    answer = send(client, signed_by_hand, blank, "a.png")
    assert answer.status_code == 422
    assert "No code could be read on page 1 of the scan" in answer.text
    assert send(client, signed_by_hand, blank, "a.png", checked_by_eye="true").status_code == 303
    assert [row.scan_pages for row in uploaded(signed_by_hand)] == [[{"page": None, "turn": 0}]]
    assert "compared by eye" in shown(client, signed_by_hand)


def test_the_scan_without_the_page_of_signatures_is_stored_with_a_warning(
    scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    send(client, signed_by_hand, paper.as_image(scanned(copy)[0]), "a.png")
    assert "signs is not in the scan" in shown(client, signed_by_hand)


def test_one_paper_counts_for_several_parties(client: Client, scene: Scene, fonts: Path) -> None:
    with transaction():
        agreement = signing_with_absent(scene)
    pdf = make_signing_copy(agreement)
    client.sign_in(scene.bureau.seal_keeper)
    both = [party.public_id for party in agreement.parties]
    panel = shown(client, agreement)
    assert all(f'value="{public_id}"' in panel for public_id in both)
    scan = paper.as_pdf(scanned(pdf))
    assert send(client, agreement, scan, parties=[]).status_code == 422
    assert send(client, agreement, scan, parties=[*both, *both]).status_code == 303
    first, second = uploaded(agreement)
    assert first.file is second.file
    assert [first.party, second.party] == agreement.parties
    revision = agreement.open_revision
    assert revision
    made = papers.registry_copy(agreement, revision, (), [first, second], settings().public_url, "")
    (note,) = made.scans
    assert "、" in note.label
    assert [sheet.page for sheet in note.sheets] == list(range(1, len(note.sheets) + 1))


def signing_with_absent(scene: Scene) -> Agreement:
    """Being signed with a university that has nobody here."""
    absent = make_organisation("吉林大学", OrganisationKind.UNIVERSITY)
    lead = PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD)
    agreement = scene.draft(parties=(lead, PartyLine(absent.public_id)))
    clearance.submit(agreement, scene.bureau.handler)
    clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer)
    clearance.clear(agreement, Opinion("同意", minutes_number="纪要1号"), scene.bureau.leader)
    negotiation.approve_from_paper(agreement, agreement.parties[1], "复函", scene.bureau.leader)
    signing.start_signing(agreement, scene.bureau.leader)
    return agreement


def test_who_may_not_upload(scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes) -> None:
    scan = paper.as_image(scanned(copy)[0])
    other_party = signed_by_hand.parties[1].public_id
    assert send(client, signed_by_hand, scan, "a.png", parties=[other_party]).status_code == 403
    assert send(client, signed_by_hand, scan, "a.png", parties=["0" * 26]).status_code == 404
    assert send(client.sign_in(scene.bureau.handler), signed_by_hand, scan, "a.png").status_code == 403
    with transaction():
        foreign = make_scene_elsewhere()
    assert send(client.sign_in(scene.bureau.seal_keeper), foreign, scan, "a.png").status_code == 404
    assert uploaded(signed_by_hand) == []


def test_an_ofd_is_kept_with_its_digest_and_labelled(
    scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    sealed = make_ofd()
    answer = send(client, signed_by_hand, sealed, "盖章.ofd", kind="external_file")
    assert answer.status_code == 422
    assert "Name the electronic-seal system" in answer.text
    done = send(client, signed_by_hand, sealed, "盖章.ofd", kind="external_file", origin="省电子印章系统")
    assert done.status_code == 303
    (row,) = uploaded(signed_by_hand, DocumentKind.EXTERNAL_FILE)
    assert (row.origin, row.file.media_type, store.read(row.file)) == ("省电子印章系统", "application/ofd", sealed)
    page = shown(client, signed_by_hand)
    assert "Sealed elsewhere (省电子印章系统)" in page
    assert "digest kept; signatures not evaluated here" in page
    chinese = client.get(f"/agreements/{signed_by_hand.public_id}", headers={"Accept-Language": "zh"}).text
    assert "外部电子签章（省电子印章系统）" in chinese
    revision = signed_by_hand.open_revision
    assert revision
    signatory = next(one for one in queries.signatories_of(revision) if one.party_id == row.party_id)
    with transaction():
        signatory.method, signatory.status = SignatureMethod.E_SEAL, SignatoryStatus.SIGNED
        signatory.signed_on = today()
    address = settings().public_url
    made = papers.registry_copy(signed_by_hand, revision, [signatory], [], address, "", sealed_elsewhere=[row])
    assert [said for _label, said in made.signatories[0].proof] == ["省电子印章系统", row.file.sha256]


def test_a_scan_is_no_sealed_file_and_a_sealed_file_no_scan(
    client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    system = "省电子印章系统"
    answer = send(client, signed_by_hand, make_ofd(), "a.ofd")
    assert "Only PDF, JPEG, PNG and TIFF" in answer.text
    scan = paper.as_pdf(scanned(copy))
    answer = send(client, signed_by_hand, scan, kind="external_file", origin=system)
    assert "carries no digital signature" in answer.text
    answer = send(client, signed_by_hand, paper.as_image(scanned(copy)[0]), kind="external_file", origin=system)
    assert "Only PDF and OFD" in answer.text


def test_a_sealed_signing_copy_is_judged_but_never_called_ours(
    scene: Scene, client: Client, signed_by_hand: Agreement, copy: bytes
) -> None:
    make_development_authority(places().keys)
    sealed = sealing.close(copy)
    system = "省电子印章系统"
    assert send(client, signed_by_hand, sealed, kind="external_file", origin=system).status_code == 303
    (row,) = uploaded(signed_by_hand, DocumentKind.EXTERNAL_FILE)
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event
    assert "Valid" in str(event.changes)
    assert "Seals in the file, as far as the registry can tell: Valid" in shown(client, signed_by_hand)
    with transaction():
        other = another(scene)
    foreign = sealing.close(make_signing_copy(other))
    answer = send(client, signed_by_hand, foreign, kind="external_file", origin=system)
    assert answer.status_code == 422
    assert uploaded(signed_by_hand, DocumentKind.EXTERNAL_FILE) == [row]


def test_a_services_file_goes_the_same_way(scene: Scene, signed_by_hand: Agreement) -> None:
    service, keeper = FakeSealService(), scene.bureau.seal_keeper
    ticket = service.submit(order())
    assert incoming.take_sealed(service, ticket, signed_by_hand, keeper) is None
    taken = incoming.take_sealed(service, ticket, signed_by_hand, keeper)
    assert taken
    with transaction():
        files.attach(signed_by_hand, signed_by_hand.parties[:1], taken, keeper)
    (row,) = uploaded(signed_by_hand, DocumentKind.EXTERNAL_FILE)
    assert (row.origin, row.filename) == (service.name, "已签章.ofd")


def test_a_sealed_file_without_its_system_is_no_paper(scene: Scene, signed_by_hand: Agreement) -> None:
    party, keeper = signed_by_hand.parties[0], scene.bureau.seal_keeper
    with pytest.raises(Invalid), transaction():
        files.attach_for_party(signed_by_hand, party, DocumentKind.EXTERNAL_FILE, stored(), "a.ofd", keeper)


def test_thirty_pages_are_all_read(app: Flask) -> None:
    pages = [paper.photographed(paper.with_code(f"https://r.example/v/ab?r=1&p={n}")) for n in range(1, 31)]
    scan = paper.as_pdf(pages)
    read = documents.page_codes(scan)
    assert [page[0].text.rpartition("=")[2] for page in read] == [str(n) for n in range(1, 31)]
