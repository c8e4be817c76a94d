"""Pages of visits: logging, recording, findings, the board, the plan, export, and who may not."""

import io
import re
from zipfile import ZipFile

import pytest

from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.visits.enums import LeadLevel, VisitState
from registry.visits.models import Visit
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client

from .scene import Scene, make_scene

ENGLISH = {"Accept-Language": "en"}
HEADINGS = (
    "序号,学校名称,学校标识码,走访日期,走访单位名称,统一社会信用代码,单位性质,所属行业,单位所在地,是否首次走访,走访形式,带队领导,职务,"
    "领导层级,参与部门/学院,企业接待人及职务,拓展就业岗位数,拓展实习岗位数,需求专业,平均薪酬（元/月）,是否建立就业实习基地,达成合作意向,"
    "是否开展毕业生跟踪调查,用人单位意见建议,后续工作及责任人,完成时限,佐证材料,备注"
)
LEDGER = (
    {
        "day": "20220510",
        "visited_name": "示例汽车零部件有限公司",
        "visited_uscc": "91210100MB0T0637X0",
        "leader_name": "甲某",
        "leader_office": "党委书记",
        "direction": "实地",
        "posts": "30",
        "internships": "20",
        "base_built": "是",
        "intentions": "校园招聘、实习基地",
    },
    {
        "day": "2022.5.11",
        "visited_name": "示例装备制造有限公司",
        "visited_uscc": "91210100MB0T0637X1",
        "leader_name": "乙某",
        "leader_office": "校长",
        "direction": "线上",
        "posts": "约15",
        "base_built": "否",
        "intentions": "订单班/科研合作",
    },
    {
        "day": "2022-05-12",
        "visited_name": "示例软件有限公司",
        "leader_name": "丙某",
        "leader_office": "副校长",
        "direction": "请进来",
        "internships": "10",
        "base_built": "√",
    },
)


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def values(**changes: str) -> dict[str, str]:
    given = {"kind": "enterprise_expansion", "took_place": "yes", "direction": "go_out", "findings": "愿意来校招聘"}
    return given | changes


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/visits/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def stored(public_id: str) -> Visit:
    db.session.rollback()
    with without_scope():
        return db.session.query(Visit).filter_by(public_id=public_id).one()


# Story 11: three visits of a university in 2022


@pytest.fixture
def story(scene: Scene, client: Client) -> Scene:
    client.sign_in(scene.school.handler)
    for row in LEDGER:
        assert client.post("/visits/new", data=values(**row)).status_code == 303
    return scene


def test_two_of_a_hundred_are_the_heads(story: Scene, client: Client) -> None:
    board = client.get("/visits/board?year=2022", headers=ENGLISH).text
    assert re.search(r"level=head[^>]*>2</a> / 100", board)
    assert "To go: 98" in board
    assert "100.0 %" in board  # all three were first contacts
    heads = re.search(r'href="(/visits\?[^"]*level=head[^"]*)"', board)
    assert heads is not None
    assert "2 in total" in client.get(heads[1].replace("&amp;", "&"), headers=ENGLISH).text


def test_the_wrong_code_is_flagged_and_kept(story: Scene, client: Client) -> None:
    page = client.get("/visits?q=示例装备", headers=ENGLISH).text
    address = re.search(r'href="(/visits/[0-9A-Z]{26})"', page)
    assert address is not None
    shown = client.get(address[1], headers=ENGLISH).text
    assert "91210100MB0T0637X1 fails its check character" in shown
    assert "about 15 positions" in shown


def test_the_export_has_the_headings_of_the_ledger(story: Scene, client: Client) -> None:
    lines = exported(client, "?kind=enterprise_expansion", "csv").decode("utf-8-sig").splitlines()
    assert lines[0] == HEADINGS
    assert [line.split(",")[3] for line in lines[1:]] == ["2022-05-12", "2022-05-11", "2022-05-10"]
    second = dict(zip(lines[0].split(","), lines[2].split(","), strict=True))
    assert (second["领导层级"], second["拓展就业岗位数"], second["是否首次走访"]) == ("书记、校长", "约15", "是")
    assert (second["走访形式"], second["是否建立就业实习基地"], second["达成合作意向"]) == (
        "线上",
        "否",
        "订单培养、科研合作",
    )
    assert second["是否开展毕业生跟踪调查"] == ""
    assert "xl/worksheets/sheet1.xml" in ZipFile(io.BytesIO(exported(client, "", "xlsx"))).namelist()


def test_follow_ups_have_a_ledger_of_their_own(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    visited = scene.employer.public_id
    client.post(
        "/visits/new", data=values(kind="follow_up", day="2022-05-10", visited=visited, problems="联络人空缺\n缺岗位")
    )
    lines = exported(client, "?kind=follow_up", "csv").decode("utf-8-sig").splitlines()
    row = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert (row["回访对象"], row["对象类型"], row["发现问题"]) == ("示例钢铁有限公司", "企业", "联络人空缺；缺岗位")


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


@pytest.mark.parametrize("page", ["/visits", "/visits/board?year=2022"])
def test_a_page_costs_the_same_at_any_length(scene: Scene, client: Client, page: str) -> None:
    client.sign_in(scene.school.handler)

    def cost() -> int:
        client.get(page)
        with counted() as statements:
            assert client.get(page).status_code == 200
        return len(statements)

    with transaction():
        scene.named("示例公司0", problems=("问题",))
    few = cost()
    with transaction():
        for number in range(1, 6):
            scene.named(f"示例公司{number}", problems=("问题",), college=f"学院{number}", lead_level=LeadLevel.HEAD)
    assert cost() == few <= SHELL + 5
