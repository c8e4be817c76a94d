"""Pages of relationships: looking, filtering, explaining, exporting; wrong roles and somebody else's."""

import pytest
from sqlalchemy import select

from registry.core.db import db, transaction
from registry.mechanisms.services import upgrade
from registry.organisations.models import OrganisationKind
from registry.relationships import services
from registry.relationships.models import Relationship
from registry.relationships.pairs import Pair
from registry.relationships.sources.catalogue import TIMELINE
from tests.agreements.scene import Scene, make_scene, make_side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.mechanisms.meetings import make_mechanism


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        made = make_scene()
        make_mechanism(made, meetings=2)
    return made


@pytest.fixture
def here(scene: Scene) -> str:
    return f"/relationships/{db.session.scalars(select(Relationship.public_id)).one()}"


def test_looking(scene: Scene, here: str, client: Client) -> None:
    assert client.get(here).status_code == 303
    client.sign_in(scene.university.handler)
    assert "西北工业大学" in client.get("/relationships").text
    assert "没有校地关系" in client.get("/relationships?level=agreement").text
    page = client.get(here).text
    assert "下次会商" in page
    assert "双方商定岗位征集安排" in page or "四月底前征集岗位" in page
    assert f"{here}/explain" in page  # their last meeting was in April
    client.set_cookie("language", "en")
    assert "Docking mechanism" in client.get(here).text


def test_what_an_agreement_came_from_and_led_to(scene: Scene, client: Client) -> None:
    with transaction():
        signed = scene.in_force()
        mechanism = make_mechanism(scene, meetings=1)
        agreement = upgrade(mechanism, scene.bureau.handler)
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/agreements/{agreement.public_id}/follow-up").text
    assert f"/mechanisms/{mechanism.public_id}" in page
    assert "未计入任何校地关系" in page
    assert f"/agreements/{signed.public_id}/follow-up" in client.get(f"/agreements/{signed.public_id}").text
    assert "协议生效中" in client.get(f"/agreements/{signed.public_id}/follow-up").text
    client.sign_in(scene.university.handler)
    assert client.get(f"/agreements/{agreement.public_id}/follow-up").status_code == 404


def test_explaining_a_silent_one(scene: Scene, here: str, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert f"{here}/explain" in client.get(here).text
    version = str(db.session.scalars(select(Relationship.row_version)).one())
    assert client.post(f"{here}/explain", data={"row_version": version, "reason": ""}).status_code == 422
    assert client.post(f"{here}/explain", data={"row_version": version, "reason": "专业调整"}).status_code == 303
    assert "专业调整" in client.get(here).text
    client.sign_in(scene.bureau.leader)
    assert f"{here}/explain" not in client.get(here).text
    assert client.post(f"{here}/explain", data={"row_version": "9", "reason": "无"}).status_code == 403


def test_somebody_elses_is_not_found(scene: Scene, here: str, client: Client) -> None:
    with transaction():
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    client.sign_in(stranger.handler)
    assert client.get(here).status_code == 404
    assert client.post(f"{here}/explain", data={"row_version": "1", "reason": "无"}).status_code == 404


def test_the_list_as_a_file(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    with client.post("/relationships/export", data={"format": "csv"}) as answer:
        lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "地区与高校,层级,最近活动,静默天数,下一到期,静默原因"
    assert len(lines) == 2
    assert lines[1].startswith("鞍山市 — 西北工业大学,对接机制,2026-04-02,")


def test_the_page_costs_the_same_whatever_there_is(scene: Scene, here: str, client: Client) -> None:
    client.sign_in(scene.bureau.handler)

    def cost(address: str) -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    few = cost("/relationships"), cost(here)
    with transaction():
        for _ in range(4):
            make_mechanism(scene, meetings=5)
    with transaction():
        services.refresh(Pair("210300", scene.university.organisation.id))
    assert (cost("/relationships"), cost(here)) == few
    assert few[0] <= 4 + SHELL
    assert few[1] <= 5 + len(TIMELINE) + SHELL  # one for each source
