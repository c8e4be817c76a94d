"""Scans find their agreement by the codes on their pages; files that were sealed elsewhere are labelled as such."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.accounts.models import User
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
from registry.agreements.scan_words import about_pages, ranges
from registry.agreements.services import clearance, files, incoming, negotiation, scans, signing
from registry.audit.models import AuditEvent
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from registry.core.i18n import Message
from registry.core.instance import settings
from registry.documents import produce, store
from registry.documents import scans as documents
from registry.documents import signing as sealing
from registry.documents.authority import make_development_authority
from registry.documents.places import places
from registry.documents.scans import Outline, PageCode
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side, stored
from tests.conftest import Client
from tests.documents import paper
from tests.documents.test_sealed import FakeSealService, make_ofd, order
from tests.factories import make_organisation

OUTLINE = Outline(5, {"Party-1": 5, "Party-2": 5})


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def signed_by_hand(scene: Scene) -> Agreement:
    """Being signed."""
    with transaction():
        return scene.signing()


def code(agreement: Agreement, page: int | None, revision: int = 1, host: str = "") -> tuple[PageCode, ...]:
    """What stands at the foot of a page; without a page, on the last one."""
    address = f"{host or settings().public_url}/v/{agreement.verification_code}"
    return (PageCode(f"{address}?r={revision}&p={page}" if page else address, 0),)


def matched(
    agreement: Agreement,
    pages: Sequence[Sequence[PageCode]],
    actor: User,
    *,
    by_eye: bool = False,
    outline: Outline | None = OUTLINE,
) -> scans.Matched:
    """The outcome for the agreement's first party."""
    found = scans.find(pages)
    return scans.match(found, agreement, agreement.parties[:1], outline, actor, checked_by_eye=by_eye)


def refused(agreement: Agreement, pages: Sequence[Sequence[PageCode]], actor: User, *, by_eye: bool = False) -> str:
    """All reasons in English."""
    with pytest.raises(Invalid) as caught:
        matched(agreement, pages, actor, by_eye=by_eye)
    return "; ".join(
        f"{field}: {message.english if isinstance(message, Message) else message}"
        for field, messages in caught.value.fields.items()
        for message in messages
    )


def notes(found: scans.Matched) -> list[str]:
    """In English."""
    return [note.english for note in found.notes]


def test_pages_in_any_order_are_placed(scene: Scene, signed_by_hand: Agreement) -> None:
    pages = [code(signed_by_hand, number) for number in (3, 1, 2, 5, 4)]
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper)
    assert [entry["page"] for entry in found.scan_pages] == [3, 1, 2, 5, 4]
    assert notes(found) == []
    assert [said.english for said in about_pages(found.scan_pages)] == ["pages 1–5 of 5, read by their codes"]


def test_missing_and_double_pages_are_told(scene: Scene, signed_by_hand: Agreement) -> None:
    found = matched(signed_by_hand, [code(signed_by_hand, n) for n in (1, 1, 4)], scene.bureau.seal_keeper)
    assert notes(found) == [
        "Page 1 of the signing copy is in the scan more than once",
        "Not found by its code: page 2–3, 5 of the signing copy",
        f"The page on which {signed_by_hand.parties[0].name} signs is not in the scan",
    ]


def test_the_page_of_signatures_alone_is_enough(scene: Scene, signed_by_hand: Agreement) -> None:
    both = (*code(signed_by_hand, None), *code(signed_by_hand, 5))
    found = matched(signed_by_hand, [both], scene.bureau.seal_keeper)
    assert found.scan_pages == [{"page": 5, "turn": 0, "of": 5}]
    assert notes(found) == ["Not found by its code: page 1–4 of the signing copy"]


def test_without_a_signing_copy_nothing_is_told_of_how_many(scene: Scene, signed_by_hand: Agreement) -> None:
    found = matched(signed_by_hand, [code(signed_by_hand, 2)], scene.bureau.seal_keeper, outline=None)
    assert found.scan_pages == [{"page": 2, "turn": 0}]
    assert [said.english for said in about_pages(found.scan_pages)] == ["page 2, read by code"]


def test_a_page_of_another_agreement_is_named_as_far_as_the_reader_sees(
    scene: Scene, signed_by_hand: Agreement
) -> None:
    with transaction():
        other = another(scene)
        hidden = make_scene_elsewhere()
    keeper = scene.bureau.seal_keeper
    pages = [code(signed_by_hand, 1), code(other, 2), code(hidden, 3), code(hidden, 4)]
    told = refused(signed_by_hand, pages, keeper)
    assert told == (
        f"file: Page 2 of the scan: it belongs to the agreement {other.number}; "
        "file: Page 3–4 of the scan: it belongs to another agreement"
    )
    assert str(hidden.number) not in told


class Again(Scene):
    """The same people once more, who know of their other agreement."""

    def review(self) -> Agreement:
        """Submitted."""
        agreement = self.draft()
        clearance.submit(agreement, self.bureau.handler, duplicates_known=True)
        return agreement


def another(scene: Scene) -> Agreement:
    """A second agreement between the same parties, being signed as well."""
    return Again(scene.bureau, scene.university).signing()


def make_scene_elsewhere() -> Agreement:
    """An agreement of other people."""
    bureau = make_side("大连市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    return Scene(bureau, make_side("吉林大学", OrganisationKind.UNIVERSITY, "610100")).signing()


def test_an_old_revision_is_refused(scene: Scene, signed_by_hand: Agreement) -> None:
    told = refused(signed_by_hand, [code(signed_by_hand, 1, revision=7)], scene.bureau.seal_keeper)
    assert told == (
        "file: Page 1 of the scan: its signing copy is void: it is of revision 7, and revision 1 is being signed"
    )


@pytest.mark.parametrize("host", ["https://elsewhere.example.cn", ""])
def test_a_code_that_was_never_given_out_is_refused(scene: Scene, signed_by_hand: Agreement, host: str) -> None:
    text = f"{host or settings().public_url}/v/{'0' * 32}?r=1&p=1"
    told = refused(signed_by_hand, [(PageCode(text, 0),)], scene.bureau.seal_keeper, by_eye=True)
    assert "its code is not one of this registry" in told


def test_another_address_before_a_right_code_is_told(scene: Scene, signed_by_hand: Agreement) -> None:
    pages = [code(signed_by_hand, number, host="https://old.example.cn/registry") for number in range(1, 6)]
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper)
    assert notes(found) == ["The codes name another address (old.example.cn); they were matched by what follows it"]


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("https://mp.example.com/a/b",),
        ("WIFI:T:WPA;S:x;;",),
        ("http://[broken/v/00",),
        ("javascript:/v/0011",),
        ("{base}",),
        ("{base}?p=3",),
        ("{base}?r=1&p=0",),
        ("{base}?r=1&p=99999999999999999999",),
        ("{base}?r=1&p=²",),
        ("{base}?r=1&p=1", "{base}?r=1&p=2"),
    ],
)
def test_pages_that_no_code_places_want_an_eye(scene: Scene, signed_by_hand: Agreement, texts: tuple[str, ...]) -> None:
    base = f"{settings().public_url}/v/{signed_by_hand.verification_code}"
    page = [PageCode(text.replace("{base}", base), 90) for text in texts]
    pages = [code(signed_by_hand, 5), page]
    assert refused(signed_by_hand, pages, scene.bureau.seal_keeper).startswith(
        "checked_by_eye: No code could be read on page 2 of the scan"
    )
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper, by_eye=True)
    assert [entry["page"] for entry in found.scan_pages] == [5, None]
    assert [said.english for said in about_pages(found.scan_pages)] == [
        "page 5 of 5, read by its code",
        "page 2 of the scan compared by eye",
    ]


def test_a_page_beyond_the_signing_copy_is_refused(scene: Scene, signed_by_hand: Agreement) -> None:
    told = refused(signed_by_hand, [code(signed_by_hand, 6)], scene.bureau.seal_keeper)
    assert "it says page 6, but the signing copy has 5" in told


def test_the_agreement_is_found_without_being_named(scene: Scene, signed_by_hand: Agreement) -> None:
    found = scans.find([code(signed_by_hand, 2), ()])
    assert [row.public_id for row in found.agreements.values()] == [signed_by_hand.public_id]
    assert found.pages[0].place
    assert (found.pages[0].place.revision, found.pages[0].place.page) == (1, 2)
    assert scans.find([()]).agreements == {}


@pytest.mark.parametrize(("numbers", "told"), [([], ""), ([4], "4"), ([5, 3, 2, 1], "1–3, 5"), ([2, 2, 3], "2–3")])
def test_numbers_in_words(numbers: list[int], told: str) -> None:
    assert ranges(numbers) == told


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
    assert "由其他系统签章（省电子印章系统）" in chinese
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
    assert "carries no electronic signature" in answer.text
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


def test_thirty_pages_are_matched_in_time(app: Flask) -> None:
    """Ten seconds an upload are the goal; a busy machine gets twice that before it counts as a fault."""
    pages = [paper.photographed(paper.with_code(f"https://r.example/v/ab?r=1&p={n}")) for n in range(1, 31)]
    scan = paper.as_pdf(pages)
    started = monotonic()
    read = documents.page_codes(scan)
    assert monotonic() - started < 20
    assert [page[0].text.rpartition("=")[2] for page in read] == [str(n) for n in range(1, 31)]
