"""Pages of visits: logging, recording, findings, the board, the plan, export, and who may not."""

import re

import pytest

from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.visits.enums import LeadLevel, VisitState
from registry.visits.models import Visit
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client

from .pages import ENGLISH, LEDGER, log, values
from .scene import Scene, make_scene


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def stored(public_id: str) -> Visit:
    db.session.rollback()
    with without_scope():
        return db.session.query(Visit).filter_by(public_id=public_id).one()


# The form


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(scene: Scene, client: Client) -> None:
    client.sign_in(scene.school.handler)
    answer = client.post("/visits/new", data=values(day="2022-02-30", visited_name="示例公司", posts="很多"))
    assert answer.status_code == 422
    assert 'value="示例公司"' in answer.text
    assert 'aria-describedby="f-posts-wrong' in answer.text
    assert db.session.query(Visit).count() == 0


def test_who_else_was_there_without_a_script(scene: Scene, client: Client) -> None:
    with transaction():
        scene.visit(scene.stranger.handler, day=today())
    client.sign_in(scene.school.handler)
    typed = values(day=str(today()), visited=scene.employer.public_id, leader_name="测试乙")
    page = client.post("/visits/company", data=typed, headers=ENGLISH).text
    assert "1 visit in the last 90 days" in page
    assert f"{today():%Y-%m} (1)" in page
    assert "测试外校" not in page
    assert 'value="测试乙"' in page
    part = client.post("/visits/company", data=typed, headers=ENGLISH | {"X-Partial": "company"}).text
    assert "1 visit in the last 90 days" in part
    assert "<form" not in part
    assert db.session.query(Visit).count() == 0


def test_an_address_prefills_the_form(scene: Scene, client: Client) -> None:
    page = (
        client.sign_in(scene.bureau.handler).get(f"/visits/new?kind=reciprocal&visited={scene.employer.public_id}").text
    )
    assert '<option value="reciprocal" selected>' in page
    assert "示例钢铁有限公司" in page


# One visit


def test_recording_what_was_planned(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.planned()
    client.sign_in(scene.school.handler)
    address = f"/visits/{visit.public_id}"
    page = client.get(f"{address}/record").text
    version = re.search(r'name="row_version" value="(\d+)"', page)
    assert version is not None
    given = values(day="2022-05-11", visited=scene.employer.public_id, row_version=version[1])
    given.pop("took_place")
    assert client.post(f"{address}/record", data=given | {"findings": ""}).status_code == 422
    assert client.post(f"{address}/record", data=given).status_code == 303
    assert stored(visit.public_id).state is VisitState.HELD
    assert client.post(f"{address}/record", data=given).status_code == 409
    assert client.get(f"{address}/record").status_code == 409
    page = client.get(f"{address}/edit").text
    assert "愿意来校招聘" in page


def test_it_did_not_take_place(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.planned()
    client.sign_in(scene.school.handler)
    given = {"row_version": str(visit.row_version), "state": "cancelled"}
    address = f"/visits/{visit.public_id}"
    assert client.post(f"{address}/drop", data=given | {"reason": ""}).status_code == 422
    assert client.post(f"{address}/drop", data=given | {"reason": "原因", "state": "held"}).status_code == 422
    assert client.post(f"{address}/drop", data=given | {"reason": "企业改期"}).status_code == 303
    assert "企业改期" in client.get(address).text


def test_a_finding_becomes_a_task_on_the_page(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.visit()
    client.sign_in(scene.school.handler)
    address = f"/visits/{visit.public_id}"
    assert client.post(f"{address}/findings", data={"row_version": "1", "text": "缺岗位"}).status_code == 303
    found = stored(visit.public_id)
    task = {"row_version": str(found.row_version), "lead": scene.school.organisation.public_id, "days": ""}
    to = f"{address}/findings/{found.problems[0].public_id}/task"
    assert client.post(to, data=task).status_code == 422
    assert client.post(to, data=task | {"days": "10"}).status_code == 303
    page = client.get(address, headers=ENGLISH).text
    assert "Findings being rectified" in page
    assert "Has become a task" in page
    assert "Findings being rectified" in client.get("/visits", headers=ENGLISH).text
    nowhere = f"{address}/findings/01ARZ3NDEKTSV4RRFFQ69G5FAV/task"
    version = str(stored(visit.public_id).row_version)
    assert client.post(nowhere, data=task | {"days": "10", "row_version": version}).status_code == 404


def test_foreign_visits_are_not_found(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.visit()
    client.sign_in(scene.stranger.handler)
    for page in ("", "/edit", "/record"):
        assert client.get(f"/visits/{visit.public_id}{page}").status_code == 404
    assert client.post(f"/visits/company?of={visit.public_id}", data=values()).status_code == 404
    assert "示例钢铁有限公司" not in client.get("/visits").text


def test_readers_see_no_buttons(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.visit()
    page = client.sign_in(scene.province.viewer).get(f"/visits/{visit.public_id}").text
    assert "/edit" not in page
    assert "/findings" not in page
    assert client.get("/visits/new").status_code == 403


# Lists


@pytest.fixture
def story(scene: Scene, client: Client) -> Scene:
    client.sign_in(scene.school.handler)
    log(client, LEDGER)
    return scene


FILTERS = {
    "": 3,
    "kind=field_docking": 0,
    "direction=online": 1,
    "state=held": 3,
    "level=head": 2,
    "level=leadership": 1,
    "since=2022-05-11": 2,
    "until=2022.5.10": 1,
    "first=yes": 3,
    "place=untold": 3,
    "q=软件": 1,
    "q=乙某": 1,
    "aftermath=settled": 0,
    "subject_kind=agreement": 0,
    "college=-": 3,
    "kind=nonsense&since=soon": 3,
}


def test_filters(story: Scene, client: Client) -> None:
    pages = {query: client.get(f"/visits?{query}", headers=ENGLISH).text for query in FILTERS}
    assert {query: f"{count} in total" in pages[query] for query, count in FILTERS.items()} == dict.fromkeys(
        FILTERS, True
    )


def test_parties_are_a_filter(story: Scene, client: Client) -> None:
    own, other = story.school.organisation.public_id, story.employer.public_id
    assert "3 in total" in client.get(f"/visits?party={own}", headers=ENGLISH).text
    assert "0 in total" in client.get(f"/visits?party={other}", headers=ENGLISH).text
    assert "3 in total" in client.get(f"/visits?visitor={own}&once=1", headers=ENGLISH).text


@pytest.mark.parametrize("address", ["/visits", "/visits/board?year=2022"])
def test_a_page_costs_the_same_at_any_length(scene: Scene, client: Client, address: str) -> None:
    client.sign_in(scene.school.handler)

    def cost() -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    with transaction():
        scene.named("示例公司0", problems=("问题",))
    few = cost()
    with transaction():
        for number in range(1, 6):
            scene.named(f"示例公司{number}", problems=("问题",), college=f"学院{number}", lead_level=LeadLevel.HEAD)
    assert cost() == few <= SHELL + 5
