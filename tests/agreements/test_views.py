"""Pages of agreements: who sees what, and what a refused act looks like."""

import pytest

from registry.agreements.inputs import HistoricRecord, PartyLine
from registry.agreements.models import AgreementKind, AgreementStatus, PartyRole
from registry.agreements.services import entry
from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


STATES = ("draft", "review", "negotiation", "approved", "signing", "signed_by_all", "in_force")


@pytest.mark.parametrize("state", STATES)
def test_everybody_of_the_owner_can_open_every_state(scene: Scene, client: Client, state: str) -> None:
    with transaction():
        agreement = getattr(scene, state)()
        address = f"/agreements/{agreement.public_id}"
    for person in scene.bureau.people.values():
        page = client.sign_in(person).get(address)
        assert page.status_code == 200
        assert "鞍山市与西北工业大学" in page.text


def test_list_shows_it_to_the_owner_and_later_to_the_other_side(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.review()
        title = agreement.title_zh
    assert title in client.sign_in(scene.bureau.handler).get("/agreements").text
    assert title not in client.sign_in(scene.university.handler).get("/agreements").text
    assert client.get(f"/agreements/{agreement.public_id}").status_code == 404


def test_submitting_by_the_button(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft()
        public_id, version = agreement.public_id, agreement.row_version
    client.sign_in(scene.bureau.handler)
    answer = client.post(f"/agreements/{public_id}/submit", data={"row_version": version})
    assert answer.status_code == 303
    assert agreement.status is AgreementStatus.REVIEW


def test_a_stale_button_tells_what_happened_since(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft()
        public_id, version = agreement.public_id, agreement.row_version
    client.sign_in(scene.bureau.handler)
    client.post(f"/agreements/{public_id}/submit", data={"row_version": version})
    answer = client.post(f"/agreements/{public_id}/submit", data={"row_version": version})
    assert answer.status_code == 409
    assert scene.bureau.handler.name in answer.text


def test_a_refused_act_lists_its_reasons_and_keeps_what_was_typed(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.review()
        public_id, version = agreement.public_id, agreement.row_version
    client.sign_in(scene.bureau.section_head)
    answer = client.post(
        f"/agreements/{public_id}/clear",
        data={"row_version": version, "opinion": "我的意见", "minutes_on": "2026-02-30"},
    )
    assert answer.status_code == 422
    assert "我的意见" in answer.text


def test_wrong_role_is_refused(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft()
        public_id, version = agreement.public_id, agreement.row_version
    client.sign_in(scene.bureau.seal_keeper)
    assert client.post(f"/agreements/{public_id}/submit", data={"row_version": version}).status_code == 403


def test_signed_out_is_sent_to_sign_in(scene: Scene, client: Client) -> None:
    assert client.get("/agreements").status_code == 303


def test_verification_is_public_and_tells_no_people(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.in_force()
        code = agreement.verification_code
    page = client.get(f"/v/{code}")
    assert page.status_code == 200
    assert str(agreement.number) in page.text
    assert "测试签字人" not in page.text


def test_unknown_code_is_told_plainly(client: Client) -> None:
    assert client.get("/v/0000").status_code == 404


def test_an_organisations_page_lists_what_the_reader_sees(scene: Scene, client: Client) -> None:
    with transaction():
        title = scene.draft().title_zh
        address = f"/organisations/{scene.university.organisation.public_id}"
    assert title in client.sign_in(scene.bureau.handler).get(address).text
    assert title not in client.sign_in(scene.university.handler).get(address).text


def test_a_historic_record_has_a_cell_for_each_party(scene: Scene, client: Client) -> None:
    lines = (
        PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
        PartyLine(scene.university.organisation.public_id),
        PartyLine(name_as_reported="第三方（待核）"),
    )
    with transaction():
        given = HistoricRecord(AgreementKind.STRATEGIC, "补录的战略合作协议", lines, "报道")
        address = f"/agreements/{entry.record(given, scene.bureau.handler).public_id}"
    page = client.sign_in(scene.bureau.section_head).get(address, headers={"Accept-Language": "zh"})
    assert page.text.count("据来源记载已签署") == 3
    assert "签订地点" in page.text
