"""Copies to read, and what the registry copy tells of signatures."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from registry.agreements import papers, queries
from registry.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementRevision,
    DigitalSignature,
    DocumentKind,
    Signatory,
    SignatureMethod,
)
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.i18n import speaking
from registry.documents.data import Language, RegistryCopy
from registry.documents.models import SigningCertificate
from tests.agreements.scene import Scene, make_scene, stored

URL = "https://registry.example.gov.cn"
SERIAL, SUBJECT = "4F3A9C0B", "CN=DEVELOPMENT 示例"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def revision_of(agreement: Agreement) -> AgreementRevision:
    revision = agreement.open_revision or agreement.effective_revision
    assert revision
    return revision


@pytest.mark.parametrize("edition", ["zh", "en", "both"])
def test_a_copy_to_read_cannot_be_signed(scene: Scene, edition: Language) -> None:
    with transaction():
        agreement = scene.signing()
    data = papers.reading_copy(agreement, revision_of(agreement), edition, URL)
    assert data.language == edition
    assert data.mark == ("阅读件，不供签署", "Reading copy, not for signing")
    assert data.verification.url == ""
    assert data.verification.content_sha256 == revision_of(agreement).content_sha256
    assert all(party.field == "" for party in data.parties)


def test_a_draft_says_so_and_knows_its_parties(scene: Scene) -> None:
    with transaction():
        agreement = scene.draft(signing_place="")
    data = papers.reading_copy(agreement, revision_of(agreement), "en", URL)
    assert data.mark[1] == "Draft preview, not for signing"
    assert data.watermark == "DRAFT"
    assert [party.label_en for party in data.parties] == ["Party A", "Party B"]
    assert data.place == "＿＿＿＿"
    assert data.title_en
    assert data.articles_en
    assert data.annexes[0].table_en
    assert data.annexes[0].table_en.header[0] == "No."


def test_the_copy_to_sign_keeps_the_language_of_the_agreement(scene: Scene) -> None:
    with transaction():
        made = [scene.draft(), scene.draft(language="both")]
    copies = [papers.signing_copy(one, revision_of(one), URL) for one in made]
    assert [copy.language for copy in copies] == ["zh", "both"]
    assert copies[0].articles_en == ()
    assert len(copies[1].articles_en) == len(copies[1].articles)
    assert [party.field for party in copies[1].parties] == ["Party-1", "Party-2"]


def test_the_annex_is_named_where_the_table_would_stand(scene: Scene) -> None:
    with transaction():
        agreement = scene.draft()
    data = papers.reading_copy(agreement, revision_of(agreement), "both", URL)
    assert any("（表见附件。）" in article.paragraphs for article in data.articles)
    assert any("(See the table in the annex.)" in article.paragraphs for article in data.articles_en)


def certificate_page(agreement: Agreement, rows: list[Signatory], elsewhere: list[AgreementDocument]) -> RegistryCopy:
    with speaking("zh"):
        return papers.registry_copy(agreement, revision_of(agreement), rows, [], URL, "", sealed_elsewhere=elsewhere)


def sign_digitally(row: Signatory) -> DigitalSignature:
    """As signing in the browser leaves it."""
    row.method = SignatureMethod.DIGITAL
    at = datetime(2026, 3, 18, 16, 30, 5, tzinfo=UTC)
    document = AgreementDocument(kind=DocumentKind.SIGNED_FILE, file=stored(), filename="x.pdf", added_at=at)
    row.digital = DigitalSignature(
        document=document, certificate=SigningCertificate(subject=SUBJECT, serial=SERIAL), field="Party-1", signed_at=at
    )
    return row.digital


def test_the_certificate_page_proves_a_digital_signature(scene: Scene) -> None:
    with transaction():
        agreement = scene.signed_by_all()
        first, second = queries.signatories_of(revision_of(agreement))
    with db.session.no_autoflush:  # the rows exist for the page only
        digital = sign_digitally(first)
        page = certificate_page(agreement, [first, second], [])
    row, other = page.signatories
    assert (row.method, row.method_en) == ("电子签名", "Digital signature")
    assert row.signed_on == "2026年3月19日00:30:05"
    assert [text for _label, text in row.proof] == [SUBJECT, SERIAL, digital.document.file.sha256]
    assert other.proof == ()
    assert page.made_at >= digital.signed_at


def test_the_certificate_page_tells_where_a_file_was_sealed(scene: Scene) -> None:
    with transaction():
        agreement = scene.signed_by_all()
        row, _other = queries.signatories_of(revision_of(agreement))
    file = stored()
    row.method = SignatureMethod.E_SEAL
    sealed = AgreementDocument(
        kind=DocumentKind.EXTERNAL_FILE, file=file, filename="x.ofd", party_id=row.party_id, added_at=now(),
        revision_id=row.revision_id, origin="示例省统一电子印章系统", void_reason="",
    )  # fmt: skip
    wrong = AgreementDocument(
        kind=DocumentKind.EXTERNAL_FILE, file=file, filename="y.ofd", party_id=row.party_id, added_at=now(),
        revision_id=row.revision_id, origin="旧", void_reason="作废",
    )  # fmt: skip
    proof = certificate_page(agreement, [row], [sealed, wrong]).signatories[0].proof
    assert [text for _label, text in proof] == ["示例省统一电子印章系统", file.sha256]


def test_what_was_voided_or_declined_is_told_with_its_reason(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
        first, second = queries.signatories_of(revision_of(agreement))
        first.sign("测试甲", "局长", today(), scene.bureau.seal_keeper.id, now())
        first.void("职务有误")
        second.decline("尚未批准", scene.university.seal_keeper.id, now())
    page = certificate_page(agreement, [first, second], [])
    assert page.signatories == ()
    assert [(row.what_en, row.reason) for row in page.set_aside] == [
        ("Signature void", "职务有误"),
        ("Signature declined", "尚未批准"),
    ]
    assert all(row.on for row in page.set_aside)
