"""Visits of a university in 2022: the sample ledger's rows, what counts of them, and the ledger that goes out again."""

import csv
import html
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from registry.core.dates import today
from registry.core.db import transaction
from registry.visits.enums import VisitKind
from registry.visits.inputs import FindingTask
from registry.visits.models import Visit
from registry.visits.services import findings
from tests.agreements import scene as agreements
from tests.attachments.files import picture
from tests.conftest import Client

from .pages import ENGLISH, LEDGER, exported, log
from .scene import Scene, make_scene

HEADINGS = (
    "序号,学校名称,学校标识码,走访日期,走访单位名称,统一社会信用代码,单位性质,所属行业,单位所在地,是否首次走访,走访形式,带队领导,职务,"
    "领导层级,参与部门/学院,企业接待人及职务,拓展就业岗位数,拓展实习岗位数,需求专业,平均薪酬（元/月）,是否建立就业实习基地,达成合作意向,"
    "是否开展毕业生跟踪调查,用人单位意见建议,后续工作及责任人,完成时限,佐证材料,备注"
)
FOLLOW_UP_HEADINGS = (
    "序号,回访日期,回访对象,对象类型,回访方式,关联协议/工作站/招聘活动,回访人员,受访人及职务,回访内容,协议履行评价,发现问题,"
    "整改/后续措施,责任人,完成时限,是否办结,下次回访日期,附件,备注"
)


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


# Story 11: three visits of a university in 2022


@pytest.fixture
def story(scene: Scene, client: Client) -> Scene:
    client.sign_in(scene.school.handler)
    log(client, LEDGER)
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
    assert "xl/worksheets/sheet1.xml" in ZipFile(BytesIO(exported(client, "", "xlsx"))).namelist()


def test_follow_ups_have_a_ledger_of_their_own(scene: Scene, client: Client) -> None:
    with transaction():
        given = {"visited": scene.employer.public_id, "problems": ("联络人空缺", "缺岗位"), "follow_up_days": 60}
        visit = scene.visit(scene.bureau.handler, kind=VisitKind.FOLLOW_UP, **given)
        task = FindingTask(lead=scene.bureau.organisation.public_id, days=10)
        made = findings.assign(visit, visit.problems[0], task, scene.bureau.handler)
    client.sign_in(scene.bureau.handler)
    send(client, visit, "走访照片.jpg", "会谈照片.jpg")
    (row,) = csv.DictReader(exported(client, "?kind=follow_up", "csv").decode("utf-8-sig").splitlines())
    assert ",".join(row) == FOLLOW_UP_HEADINGS
    assert (row["回访对象"], row["对象类型"], row["发现问题"]) == ("示例钢铁有限公司", "企业", "联络人空缺；缺岗位")
    assert (row["责任人"], row["完成时限"], row["是否办结"]) == ("测试市局", str(made.due_on), "否")
    assert (row["下次回访日期"], row["附件"]) == (str(visit.next_on), "附件2个")


def test_a_task_is_told_to_those_who_see_it(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.visit(visited=scene.bureau.organisation.public_id, kind=VisitKind.FOLLOW_UP, problems=("缺岗位",))
        task = FindingTask(lead=scene.school.organisation.public_id, days=10)
        findings.assign(visit, visit.problems[0], task, scene.school.handler)
    client.sign_in(scene.bureau.handler)
    (row,) = csv.DictReader(exported(client, "?kind=follow_up", "csv").decode("utf-8-sig").splitlines())
    assert (row["责任人"], row["完成时限"], row["是否办结"]) == ("", "", "否")


# Evidence: photos beside a visit


def send(client: Client, visit: Visit, *names: str) -> TestResponse:
    """Several photos at once, as a phone sends them."""
    data = {"attachments": [(BytesIO(picture(shade)), name) for shade, name in enumerate(names)]}
    return client.post(f"/attachments/visit/{visit.public_id}", data=data, content_type="multipart/form-data")


def test_photos_stand_beside_the_visit_of_who_keeps_it(scene: Scene, client: Client) -> None:
    with transaction():
        visit = scene.visit(visited=scene.bureau.organisation.public_id)
    here = f"/visits/{visit.public_id}"
    client.sign_in(scene.school.handler)
    assert f'action="/attachments{here.replace("visits", "visit")}"' in client.get(here).text
    assert send(client, visit, "一.jpg", "二.jpg").location == f"{here}#attachments"
    page = client.get(here).text
    assert "一.jpg" in page
    assert "二.jpg" in page
    client.sign_in(scene.bureau.handler)  # was visited: sees them and adds none
    assert "一.jpg" in client.get(here).text
    assert send(client, visit, "三.jpg").status_code == 403
    client.sign_in(scene.stranger.handler)
    assert send(client, visit, "四.jpg").status_code == 404


# What came of an agreement


def test_an_agreement_leads_to_its_visits(client: Client) -> None:
    with transaction():
        scene = agreements.make_scene()
        agreement = scene.in_force()
    page = client.sign_in(scene.bureau.handler).get(f"/agreements/{agreement.public_id}/follow-up").text
    plan = f"subject=agreement:{agreement.public_id}"
    assert plan in html.unescape(page).replace("%3A", ":")
    given = {"visited": scene.university.organisation.public_id, "subject": f"agreement:{agreement.public_id}"}
    log(client, [{"kind": "follow_up", "day": str(today()), **given}])
    for reader in (scene.bureau.leader, scene.university.leader):
        page = client.sign_in(reader).get(f"/agreements/{agreement.public_id}/follow-up").text
        assert f"subject={agreement.public_id}" in page
        assert plan not in html.unescape(page).replace("%3A", ":")
