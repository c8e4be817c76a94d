"""The ceremony pack: the order of signing, all copies that are ready, and why the others are not."""

from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask

from registry.agreements import ceremony
from registry.agreements.models import Agreement, SigningEvent
from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.core.errors import Unmet
from registry.documents import produce
from registry.documents.html import order_sheet_html
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client

from .ceremony import FUTURE, make_event, signing_again, with_copy


@pytest.fixture
def scene(app: Flask, fonts: object) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def ready(scene: Scene) -> Agreement:
    with transaction():
        made = scene.signing()
        with_copy(made)
    return made


@pytest.fixture
def event(scene: Scene, ready: Agreement) -> SigningEvent:
    """In order: one that is ready, one whose copy is being made, a draft."""
    with transaction():
        late, draft = signing_again(scene), scene.draft(title_zh="草稿协议")
        return make_event(scene, FUTURE, ready, late, draft)


def test_the_sheet_says_what_is_not_ready_and_why(scene: Scene, event: SigningEvent) -> None:
    sheet = ceremony.sheet(event, scene.bureau.handler, "both")
    assert [row.hindrance_en for row in sheet.rows] == [
        "",
        "Not ready: its signing copy is still being made",
        "Not ready: its state is “Draft”",
    ]
    assert sheet.rows[2].hindrance == "未就绪：当前状态为“草稿”"
    first = sheet.rows[0]
    assert [(seat.label, seat.name, seat.signatory, seat.turn) for seat in first.seats] == [
        ("甲方", "鞍山市人力资源和社会保障局", "测试甲 局长", 0),
        ("乙方", "西北工业大学", "测试乙 校长", 0),
    ]
    assert (first.order, first.copies, first.copies_en) == (1, "共4份，各执2份", "4 in all, 2 each")
    assert (sheet.day, sheet.programme) == ("2099年5月4日", (("09:00", "签约", "局长"),))


def test_turns_are_told_where_the_parties_sign_in_their_order(scene: Scene, ready: Agreement) -> None:
    with transaction():
        ready.signs_in_order = True
        event = make_event(scene, FUTURE, ready)
    (row,) = ceremony.sheet(event, scene.bureau.handler, "zh").rows
    assert [seat.turn for seat in row.seats] == [1, 2]


def test_the_sheet_becomes_a_pdf_in_either_edition(scene: Scene, event: SigningEvent) -> None:
    chinese, both = (ceremony.sheet(event, scene.bureau.handler, language) for language in ("zh", "both"))
    assert "Order of signing" not in order_sheet_html(chinese)
    assert "Order of signing" in order_sheet_html(both)
    with pikepdf.open(BytesIO(produce.render_order_sheet(both))) as pdf:
        assert len(pdf.pages) >= 1


def test_text_in_the_sheet_is_only_text(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        event.title_zh = "<script>alert(1)</script>"
    assert "<script>" not in order_sheet_html(ceremony.sheet(event, scene.bureau.handler, "zh"))


def test_one_archive_named_by_order_and_number(
    scene: Scene, event: SigningEvent, ready: Agreement, client: Client
) -> None:
    with client.sign_in(scene.bureau.handler).get(f"/events/{event.public_id}/pack.zip") as answer:
        assert answer.status_code == 200
        data = answer.data
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == ["00-签约顺序单.pdf", f"01-{ready.number}-鞍山市与西北工业大学校地合作框架协议.pdf"]
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    (told,) = db.session.query(AuditEvent).filter_by(action="event:download").all()
    assert told.changes["agreements"] == [None, 1]


def test_a_party_gets_its_own_copies_only(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        sheet = ceremony.sheet(event, scene.university.handler, "zh")
    assert (len(sheet.rows), sheet.untold) == (2, 1)  # the draft is nobody else's business


def test_it_has_bounds(scene: Scene, event: SigningEvent, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/events/{event.public_id}/pack.zip"
    for name in ("MOST_BYTES", "MOST_AGREEMENTS"):
        with monkeypatch.context() as small:
            small.setattr(ceremony, name, 1)
            with pytest.raises(Unmet):
                ceremony.members(event, scene.bureau.handler)
            assert client.sign_in(scene.bureau.handler).get(address).status_code == 409
