"""Pages of attachments: adding several, looking, downloading, removing; wrong role, foreign record, signed out."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from registry.agreements.models import SigningEvent
from registry.attachments import queries
from registry.audit.queries import history_of
from registry.core.db import transaction
from registry.documents.inspection.kinds import XLSX
from registry.organisations.models import OrganisationKind
from tests.agreements.events.ceremony import PAST, make_event
from tests.agreements.scene import Scene, make_scene, make_side
from tests.conftest import Client
from tests.documents.attached import WHERE, office, photo

from .files import picture

NOWHERE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
JSON = {"Accept": "application/json"}


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def event(scene: Scene) -> SigningEvent:
    with transaction():
        return make_event(scene, PAST)


def send(client: Client, event: SigningEvent, *files: tuple[str, bytes], **more: Any) -> TestResponse:
    data = {"attachments": [(BytesIO(content), name) for name, content in files], **more.pop("data", {})}
    return client.post(f"/attachments/event/{event.public_id}", data=data, content_type="multipart/form-data", **more)


def only(event: SigningEvent) -> queries.Row:
    (row,) = queries.attachments_of("event", event)
    return row


def test_several_files_by_the_form(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    here = f"/events/{event.public_id}"
    assert f'action="/attachments/event/{event.public_id}"' in client.get(here).text
    files = ("合影.jpg", photo("JPEG")), ("议程.docx", office())
    answer = send(client, event, *files, data={"attachment_caption": "签约合影"})
    assert (answer.status_code, answer.location) == (303, f"{here}#attachments")
    page = client.get(here).text
    for text in ("已添加2个附件", "合影.jpg", "议程.docx", "签约合影", "small.jpg", "Word"):
        assert text in page, text


def test_a_photo_is_stored_without_its_place(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("合影.jpg", photo("JPEG")))
    answer = client.get(f"/attachments/{only(event).public_id}/file")
    assert answer.data.startswith(b"\xff\xd8")
    assert WHERE not in answer.data


def test_good_ones_are_kept_and_bad_ones_told_by_name_and_reason(
    scene: Scene, event: SigningEvent, client: Client
) -> None:
    client.sign_in(scene.bureau.handler)
    macro = office(parts={"word/vbaProject.bin": b"x"})
    answer = send(client, event, ("坏.exe", b"MZ"), ("好.jpg", picture()), ("宏.docx", macro))
    assert answer.status_code == 422
    for text in ("坏.exe", "附件只能是", "宏.docx", "该文件含有宏", "已添加1个附件"):
        assert text in answer.text, text
    assert only(event).filename == "好.jpg"
    client.set_cookie("language", "en")
    assert "macros or controls" in send(client, event, ("m.docx", macro)).text


def test_a_script_is_told_in_json(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    good = send(client, event, ("好.jpg", picture()), headers=JSON)
    assert (good.status_code, good.json) == (200, {"added": ["好.jpg"], "refused": []})
    bad = send(client, event, ("好.jpg", picture()), headers=JSON)
    reason = "该文件已在附件中"
    assert (bad.status_code, bad.json) == (422, {"added": [], "refused": [{"name": "好.jpg", "reason": reason}]})
    nothing = send(client, event, headers=JSON)
    assert nothing.status_code == 422
    assert nothing.json
    assert "attachments" in nothing.json["errors"]
    client.sign_in(scene.bureau.leader)
    refused = send(client, event, ("好.jpg", picture()), headers=JSON)
    assert refused.status_code == 403
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("caption", ["长" * 401, "机密★"])
def test_a_bad_caption_keeps_what_was_typed(scene: Scene, event: SigningEvent, client: Client, caption: str) -> None:
    client.sign_in(scene.bureau.handler)
    answer = send(client, event, ("好.jpg", picture()), data={"attachment_caption": caption})
    assert answer.status_code == 422
    assert caption in answer.text
    assert queries.attachments_of("event", event) == []


def test_no_file_is_no_attachment(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert send(client, event).status_code == 422
    assert send(client, event, ("空.pdf", b"")).status_code == 422
    assert queries.attachments_of("event", event) == []


def test_a_second_click_attaches_nothing_twice(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    for _click in range(2):
        answer = send(client, event, ("好.jpg", picture()), data={"nonce": "one-form"})
        assert answer.status_code == 303
    assert only(event).filename == "好.jpg"


def test_looking_at_one(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("扫描.tif", photo("TIFF", pages=7)), ("表.xlsx", office(XLSX)))
    client.sign_in(scene.bureau.leader)
    first, second = [f"/attachments/{row.public_id}" for row in queries.attachments_of("event", event)]
    page = client.get(first).text
    assert page.count(f"{first}/pages/") == 5
    assert f"{first}?page=2" in page
    assert client.get(f"{first}?page=2").text.count(f"{first}/pages/") == 2
    assert client.get(f"{first}?page=99").text.count(f"{first}/pages/") == 2
    assert client.get(f"{first}/pages/7.png").data.startswith(b"\x89PNG")
    for number in (0, 8):
        assert client.get(f"{first}/pages/{number}.png").status_code == 404
    assert "无法预览" in client.get(second).text
    assert client.get(f"{second}/pages/1.png").status_code == 404
    assert client.get(f"{second}/small.jpg").status_code == 404


def test_pictures_are_kept_by_the_reader_alone_and_asked_for_again(
    scene: Scene, event: SigningEvent, client: Client
) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("好.jpg", picture()))
    for name in ("pages/1.png", "small.jpg"):
        address = f"/attachments/{only(event).public_id}/{name}"
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "private, no-cache"


def test_a_download_runs_nowhere_and_is_told(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("议程.docx", office()))
    client.sign_in(scene.bureau.leader)
    answer = client.get(f"/attachments/{only(event).public_id}/file")
    assert answer.data == office()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    latest = history_of("signingevent", event.public_id)[0]
    assert (latest.action, latest.actor_name) == ("attachment:download", scene.bureau.leader.name)


def test_removing_one(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("好.jpg", picture()))
    row = only(event)
    address = f"/attachments/{row.public_id}/remove"
    assert client.post(address, data={"reason": "错", "row_version": 99}).status_code == 409
    empty = client.post(address, data={"reason": "", "row_version": row.row_version})
    assert empty.status_code == 422
    assert "请填写" in empty.text or "原因" in empty.text
    done = client.post(address, data={"reason": "拍错了", "row_version": row.row_version})
    assert (done.status_code, done.location) == (303, f"/events/{event.public_id}#attachments")
    page = client.get(f"/events/{event.public_id}").text
    assert "拍错了" in page
    assert address not in page
    assert client.post(address, data={"reason": "再", "row_version": row.row_version}).status_code == 409


def test_what_was_removed_is_seen_by_those_who_may_remove_alone(
    scene: Scene, event: SigningEvent, client: Client
) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("好.jpg", picture()))
    row = only(event)
    here = f"/attachments/{row.public_id}"
    client.post(f"{here}/remove", data={"reason": "拍错了", "row_version": row.row_version})
    paths = ("", "/file", "/pages/1.png", "/small.jpg")
    assert [client.get(f"{here}{path}").status_code for path in paths] == [200] * 4
    client.sign_in(scene.bureau.leader)
    assert [client.get(f"{here}{path}").status_code for path in paths] == [404] * 4
    assert here not in client.get(f"/events/{event.public_id}").text


def test_who_may_not_is_offered_nothing(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("好.jpg", picture()))
    row = only(event)
    client.sign_in(scene.bureau.leader)
    page = client.get(f"/events/{event.public_id}").text
    assert "好.jpg" in page
    assert "data-attach " not in page
    assert "/remove" not in page
    assert send(client, event, ("乙.jpg", picture(1))).status_code == 403
    removal = client.post(f"/attachments/{row.public_id}/remove", data={"reason": "x", "row_version": row.row_version})
    assert removal.status_code == 403
    assert only(event).removed_at is None


def test_somebody_elses_record(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    send(client, event, ("好.jpg", picture()))
    row = only(event)
    with transaction():
        stranger = make_side("西北大学", OrganisationKind.UNIVERSITY, "610100")
    client.sign_in(stranger.handler)
    here = f"/attachments/{row.public_id}"
    for path in (
        f"/attachments/event/{event.public_id}",
        here,
        f"{here}/file",
        f"{here}/pages/1.png",
        f"{here}/small.jpg",
    ):
        assert client.get(path).status_code == 404, path
    assert send(client, event, ("乙.jpg", picture(1))).status_code == 404
    assert client.post(f"{here}/remove", data={"reason": "x", "row_version": row.row_version}).status_code == 404
    assert only(event).removed_at is None


@pytest.mark.parametrize("path", [f"event/{NOWHERE}", f"unknown/{NOWHERE}", NOWHERE, f"{NOWHERE}/file"])
def test_what_is_not_there(scene: Scene, client: Client, path: str) -> None:
    assert client.sign_in(scene.bureau.handler).get(f"/attachments/{path}").status_code == 404


def test_signed_out(event: SigningEvent, client: Client) -> None:
    assert client.get(f"/attachments/event/{event.public_id}").location.startswith("/sign-in")
    assert send(client, event, ("好.jpg", picture())).location.startswith("/sign-in")
    assert queries.attachments_of("event", event) == []
