"""Pages of bases: entering, changing, giving up, wrong roles, somebody else's, as files."""

import pytest

from registry.core.db import transaction
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.states import Begin

VALUES = {
    "title_zh": "示例就业见习基地", "kind": "trainee", "level": "city", "employer_as_reported": "示例制造有限公司",
    "approved_on": "2023年3月", "posts": "30", "completed": "20", "retained": "15",
}  # fmt: skip


def build() -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def scene(client: Client, begin_with: Begin) -> Scene:
    return begin_with(build)


def test_from_entering_to_giving_up(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert client.get("/bases/new").status_code == 200
    assert client.post("/bases/new", data=VALUES | {"retained": "21"}).status_code == 422
    here = client.post("/bases/new", data=VALUES).location
    page = client.get(here).text
    assert "75 %" in page
    assert "2023年3月" in page
    assert 'value="2023年3月"' in client.get(f"{here}/edit").text
    assert client.post(f"{here}/edit", data=VALUES | {"posts": "40", "row_version": "1"}).status_code == 303
    assert client.post(f"{here}/edit", data=VALUES | {"posts": "50", "row_version": "1"}).status_code == 409
    assert client.post(f"{here}/close", data={"row_version": "2", "reason": "到期"}).status_code == 403
    client.sign_in(scene.bureau.section_head)
    assert client.post(f"{here}/close", data={"row_version": "2", "reason": ""}).status_code == 422
    assert client.post(f"{here}/close", data={"row_version": "2", "reason": "到期"}).status_code == 303
    assert "到期" in client.get(here).text


def test_the_list_and_its_file(scene: Scene, client: Client) -> None:
    assert client.get("/bases").status_code == 303
    client.sign_in(scene.bureau.handler)
    here = client.post("/bases/new", data=VALUES).location
    assert "示例制造有限公司" in client.get("/bases?q=示例制造&kind=trainee&level=city").text
    assert "示例制造有限公司" not in client.get("/bases?kind=training").text
    with client.post("/bases/export", data={"format": "csv"}) as answer:
        assert "示例就业见习基地,示例制造有限公司" in answer.data.decode()
        assert "75 %" in answer.data.decode()
    with counted() as statements:
        client.get("/bases")
    assert len(statements) <= 4 + SHELL + 1  # and the localities of the filter
    with transaction():
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    client.sign_in(stranger.handler)
    assert client.get(here).status_code == 404
    assert client.get(f"{here}/edit").status_code == 404
    assert "示例制造有限公司" not in client.get("/bases").text
