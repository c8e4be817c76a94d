"""Pages of signing events and of found details: happy paths, invalid input, wrong roles, somebody else's records."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event as sa_event

from registry.agreements import queries
from registry.agreements.models import AgreementStatus, SigningEvent
from registry.agreements.services import batch, supplement
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.conftest import Client

from .ceremony import FUTURE, PAST, make_event
from .test_batch import row

VALUES = {
    "title_zh": "集中签约",
    "title_en": "",
    "held_on": "2099年5月",
    "place": "鞍山市",
    "programme": "09:00 | 签约 | 局长\n合影",
    "source": "",
    "source_url": "",
}


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def event(scene: Scene) -> SigningEvent:
    with transaction():
        return make_event(scene, PAST)


def test_entering_one_by_the_form(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert client.get("/events/new").status_code == 200
    answer = client.post("/events/new", data=VALUES)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "2099年5月" in page
    assert "09:00" in page
    assert "合影" in page
    form = client.get(f"{answer.location}/edit").text
    assert 'value="2099年5月"' in form
    assert "09:00 | 签约 | 局长" in form


def test_english_pages_write_the_month_as_figures(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    address = client.post("/events/new", data=VALUES).location
    client.set_cookie("language", "en")
    page = client.get(address).text
    assert "2099-05" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("title_zh", ""), ("held_on", "2099-13"), ("source_url", "ftp://x"), ("programme", "\n".join(["x"] * 41))],
)
def test_invalid_input_keeps_what_was_typed(scene: Scene, client: Client, field: str, value: str) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post("/events/new", data=VALUES | {field: value})
    assert answer.status_code == 422
    assert "鞍山市" in answer.text


def test_changing_one_and_a_stale_change(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    address, version = f"/events/{event.public_id}/edit", event.row_version
    values = VALUES | {"held_on": "2023-03-18", "source": "报道", "row_version": version}
    assert client.post(address, data=values).status_code == 303
    assert client.post(address, data=values | {"place": "别处"}).status_code == 409
    assert client.post(address, data=values | {"held_on": "x"}).status_code == 422


def test_the_list_and_who_sees_what(scene: Scene, event: SigningEvent, client: Client) -> None:
    with transaction():
        stranger = make_side("西北大学", OrganisationKind.UNIVERSITY, "610100")
    assert event.title_zh in client.sign_in(scene.bureau.leader).get("/events").text
    for person in (stranger.handler, scene.university.handler):
        client.sign_in(person)
        assert event.title_zh not in client.get("/events").text
        for path in ("", "/edit", "/table", "/pack.zip", "/batch"):
            assert client.get(f"/events/{event.public_id}{path}").status_code == 404, path


def test_the_order_by_the_buttons(scene: Scene, client: Client) -> None:
    with transaction():
        one, two = scene.draft(), scene.draft(title_zh="二")
        event = make_event(scene, FUTURE)
    address = f"/events/{event.public_id}"
    client.sign_in(scene.bureau.handler)

    def post(path: str, **values: object) -> int:
        return client.post(f"{address}{path}", data={"row_version": event.row_version, **values}).status_code

    assert one.public_id in client.get(address).text  # to choose from
    assert post("/agreements") == 422
    assert post("/agreements", agreement=one.public_id) == 303
    assert post("/agreements", agreement=two.public_id) == 303
    assert post(f"/agreements/{two.public_id}/move", to="up") == 303
    order = [row.public_id for row in queries.programme_of(event, scene.bureau.handler).agreements]
    assert order == [two.public_id, one.public_id]
    assert post(f"/agreements/{two.public_id}/remove") == 303
    assert post(f"/agreements/{two.public_id}/remove") == 404
    assert f"{address}" in client.get(f"/agreements/{one.public_id}").text  # links back
    client.sign_in(scene.bureau.leader)
    assert post("/agreements", agreement=two.public_id) == 403
    assert "/move" not in client.get(address).text


def test_a_batch_is_looked_at_then_entered(scene: Scene, event: SigningEvent, client: Client) -> None:
    address = f"/events/{event.public_id}/batch"
    values = {"rows": "甲协议 | 鞍山市人力资源和社会保障局 | 待补高校", "kind": "school_locality"}
    client.sign_in(scene.bureau.handler)
    assert address in client.get(f"/events/{event.public_id}").text
    assert client.get(address).status_code == 200
    looked = client.post(address, data=values | {"do": "preview", "row_version": event.row_version})
    assert looked.status_code == 200
    assert 'value="save"' in looked.text
    assert queries.count_agreements(event) == 0
    version = event.row_version
    assert client.post(address, data=values | {"do": "save", "row_version": version}).status_code == 303
    assert queries.count_agreements(event) == 1
    assert client.post(address, data=values | {"do": "save", "row_version": version}).status_code == 409
    again = client.post(address, data=values | {"do": "preview", "row_version": event.row_version})
    assert 'value="save"' not in again.text  # nothing to add
    assert client.post(address, data={"rows": "x", "kind": "school_locality"}).status_code == 422
    assert client.sign_in(scene.bureau.leader).post(address, data=values).status_code == 403


def test_confirming_one_and_all(scene: Scene, event: SigningEvent, client: Client) -> None:
    with transaction():
        made = batch.record_batch(event, [row(), row(2, "乙"), row(3, "丙")], scene.bureau.handler)
    address = f"/events/{event.public_id}"
    one, *rest = [f"{agreement.public_id}:{agreement.row_version}" for agreement in made]
    assert "/confirm" not in client.sign_in(scene.bureau.handler).get(address).text
    client.sign_in(scene.bureau.section_head)
    assert f'value="{one}"' in client.get(address).text
    post = {"row_version": event.row_version}
    assert client.post(f"{address}/confirm", data=post | {"seen": one}).status_code == 303
    assert [agreement.status for agreement in made].count(AgreementStatus.IN_FORCE) == 1
    assert client.post(f"{address}/confirm", data=post | {"seen": rest}).status_code == 303
    assert {agreement.status for agreement in made} == {AgreementStatus.IN_FORCE}
    assert client.post(f"{address}/confirm", data=post).status_code == 409


def test_scans_by_the_page(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.signing()
        event = make_event(scene, FUTURE, agreement)
    address = f"/events/{event.public_id}/scans"
    client.sign_in(scene.bureau.seal_keeper)
    assert address in client.get(f"/events/{event.public_id}").text
    assert client.post(address, data={}).status_code == 422
    bad = {"files": (BytesIO(b"MZ"), "x.exe")}
    answer = client.post(address, data=bad, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "x.exe" in answer.text
    sent = client.post(address, data={"files": (BytesIO(picture()), "a.png")}, content_type="multipart/form-data")
    assert sent.status_code == 303
    (scan,) = queries.scans_of_event(event, scene.bureau.seal_keeper)
    page, here = client.get(address).text, f"{address}/{scan.public_id}"
    assert f"{here}/assign" in page
    assert client.get(here).data == picture()
    party = agreement.parties[0].public_id
    chosen = {"parties": f"{agreement.public_id}:{party}"}
    assert client.post(f"{here}/assign", data={"compared": "true"}).status_code == 422
    assert client.post(f"{here}/assign", data=chosen).status_code == 422
    assert client.post(f"{here}/set-aside", data={"reason": ""}).status_code == 422
    client.sign_in(scene.university.seal_keeper)
    for path in ("", "/assign", "/set-aside"):
        answer = client.get(here) if not path else client.post(f"{here}{path}", data={"reason": "x"})
        assert answer.status_code == 404, path
    client.sign_in(scene.bureau.seal_keeper)
    assert client.post(f"{here}/assign", data=chosen | {"compared": "true"}).status_code == 303
    assert client.post(f"{here}/set-aside", data={"reason": "x"}).status_code == 409
    assert client.sign_in(scene.bureau.handler).get(address).status_code == 403


def test_a_second_click_hands_nothing_in_twice(scene: Scene, client: Client) -> None:
    with transaction():
        event = make_event(scene, FUTURE, scene.signing())
    address = f"/events/{event.public_id}/scans"
    client.sign_in(scene.bureau.seal_keeper)
    for _click in range(2):
        sent = {"files": (BytesIO(picture()), "a.png"), "nonce": "one-form"}
        answer = client.post(address, data=sent, content_type="multipart/form-data")
        assert (answer.status_code, answer.location) == (303, address)
    assert len(queries.scans_of_event(event, scene.bureau.seal_keeper)) == 1


def test_found_details_by_the_pages(scene: Scene, event: SigningEvent, client: Client) -> None:
    with transaction():
        (stub,) = batch.record_batch(event, [row()], scene.bureau.handler)
    with transaction():
        batch.confirm_batch(event, {stub.public_id: stub.row_version}, scene.bureau.section_head)
    address = f"/agreements/{stub.public_id}"
    client.sign_in(scene.bureau.handler)
    assert f"{address}/supplement" in client.get("/agreements/details-missing").text
    assert 'name="signed_on"' not in client.get(f"{address}/supplement").text  # it is known
    party = f"organisation-{stub.parties[1].public_id}"
    values = {"source": "原件", party: scene.university.organisation.public_id, "row_version": stub.row_version}
    looked = client.post(f"{address}/supplement", data={f"search-{party}": "西北", "do": "lookup"})
    assert looked.status_code == 200
    assert client.post(f"{address}/supplement", data=values | {"source": ""}).status_code == 422
    assert client.post(f"{address}/supplement", data=values | {"row_version": 1}).status_code == 409
    assert client.post(f"{address}/supplement", data=values).status_code == 303
    waiting = supplement.pending_of(stub)
    assert waiting
    confirm = f"{address}/supplement/{waiting.public_id}/confirm"
    assert confirm not in client.get(address).text
    assert client.post(confirm, data={"row_version": stub.row_version}).status_code == 403
    client.sign_in(scene.bureau.section_head)
    assert confirm in client.get(address).text
    assert "西北工业大学" in client.get(address).text
    refuse = confirm.replace("/confirm", "/refuse")
    assert client.post(refuse, data={"row_version": stub.row_version, "reason": ""}).status_code == 422
    assert client.post(confirm, data={"row_version": stub.row_version}).status_code == 303
    assert client.post(confirm, data={"row_version": stub.row_version}).status_code == 404
    assert client.sign_in(scene.university.handler).get(f"{address}/supplement").status_code == 403


def test_signed_out_everything_leads_to_the_sign_in_page(app: Flask, client: Client) -> None:
    for path in ("/events", "/events/new", "/agreements/details-missing"):
        assert client.get(path).location.startswith("/sign-in")


def test_the_page_costs_the_same_for_many_agreements(scene: Scene, event: SigningEvent, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    counts = []
    for number in (1, 9):
        with transaction():
            batch.record_batch(event, [row(n, f"第{n}份") for n in range(1, number + 1)], scene.bureau.handler)
        with counted() as seen:
            assert client.get(f"/events/{event.public_id}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    listener = (db.engine, "before_cursor_execute", note)
    sa_event.listen(*listener)
    try:
        yield seen
    finally:
        sa_event.remove(*listener)


def picture() -> bytes:
    """A white page without a code."""
    with BytesIO() as target:
        Image.new("L", (40, 60), "white").save(target, "PNG")
        return target.getvalue()
