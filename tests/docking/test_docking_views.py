"""Pages of enterprise docking: happy paths, invalid input, wrong roles, somebody else's cases, export, cost."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.docking import services
from registry.docking.enums import DropReason, Stage
from registry.docking.inputs import Link, Loss
from registry.docking.models import DockingCase
from registry.organisations.models import OrganisationStatus
from registry.records.happenings import Happening, Told, tell
from tests.agreements.scene import make_scene
from tests.agreements.test_speed import counted
from tests.conftest import Client
from tests.factories import make_user
from tests.workstations.stations import operating

from .pipeline import Pipeline

DAY = f"{today():%Y-%m-%d}"


@pytest.fixture(autouse=True)
def signed_in(client: Client, line: Pipeline) -> Client:
    """The bureau's handler has signed in."""
    return client.sign_in(line.handler)


def values(line: Pipeline, **changes: str) -> dict[str, str]:
    return {
        "enterprise": line.enterprise.public_id,
        "university": line.university.public_id,
        "bureau": line.bureau.public_id,
        "region": "",
        "majors": "材料",
        "posts": "20",
    } | changes


def version(case: DockingCase) -> dict[str, str]:
    db.session.rollback()
    return {"row_version": str(db.session.get_one(DockingCase, case.id, populate_existing=True).row_version)}


def test_entering_changing_and_looking(line: Pipeline, client: Client) -> None:
    assert line.bureau.public_id in client.get("/docking/new").text
    answer = client.post("/docking/new", data=values(line))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "测试制造有限公司—测试大学" in page
    assert "登记环节：需求核实" in page
    changed = values(line, majors="机械") | {"row_version": "1"}
    changed.pop("posts")
    assert client.post(f"{answer.location}/edit", data=changed).status_code == 303
    assert 'value="机械"' in client.get(f"{answer.location}/edit").text
    stale = client.post(f"{answer.location}/edit", data=changed | {"majors": "电气"})
    assert stale.status_code == 409
    assert "电气" in stale.text


@pytest.mark.parametrize(
    "changes",
    [{"university": ""}, {"enterprise": ""}, {"posts": "许多"}, {"remark": "学生13900139000"}, {"uscc": "123"}],
)
def test_bad_input_keeps_what_was_typed(line: Pipeline, client: Client, changes: dict[str, str]) -> None:
    answer = client.post("/docking/new", data=values(line, majors="冶金工程", **changes))
    assert answer.status_code == 422
    assert "冶金工程" in answer.text
    assert db.session.scalars(select(DockingCase)).all() == []


def test_moving_on_by_the_form(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
    here = f"/docking/{case.public_id}"
    page = client.get(f"{here}?to=interview").text
    assert "登记环节：面试" in page
    assert 'name="interviewed"' in page
    assert "实地对接, 岗位发布, 宣讲招聘" in page.replace("、", ", ")  # what would be left out
    refused = client.post(f"{here}/advance", data=version(case) | {"stage": "interview", "actual_on": DAY})
    assert refused.status_code == 422
    assert "登记环节：面试" in refused.text
    given = {"stage": "interview", "actual_on": DAY, "interviewed": "15", "skip_reason": "直接面试"}
    assert client.post(f"{here}/advance", data=version(case) | given).status_code == 303
    assert "面试人数 <b>15</b>" in client.get(here).text
    assert client.post(f"{here}/advance", data=given | {"row_version": "1"}).status_code == 409
    assert client.post(f"{here}/advance", data=version(case) | {"stage": "fired"}).status_code == 422
    assert client.post(f"{here}/advance", data=version(case) | given | {"stage": "posted"}).status_code in (409, 422)


def test_rising_numbers_are_told_and_stay_told(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.ONBOARDED)
    here = f"/docking/{case.public_id}"
    given = {"stage": "retained_6m", "actual_on": DAY, "retained": "9"}
    assert client.post(f"{here}/advance", data=version(case) | given).status_code == 303
    for _time in range(2):
        assert "留任6个月9人，多于报到8人" in client.get(here).text
    assert "80 %" in client.get(here).text


def test_correcting_by_the_form(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.SIGNED)
    here = f"/docking/{case.public_id}"
    page = client.get(f"{here}?record=signed").text
    assert "更正环节：签约" in page
    assert "登记环节：" not in page  # one form at a time
    given = version(case) | {"actual_on": str(case.reached[-1].actual_on), "signed": "11"}
    refused = client.post(f"{here}/stages/signed", data=given)
    assert refused.status_code == 422
    assert "请填写更正原因" in refused.text
    assert client.post(f"{here}/stages/signed", data=given | {"why": "补签"}).status_code == 303
    page = client.get(here).text
    assert "补签" in page
    assert "<del>10</del> → 11" in page
    assert client.post(f"{here}/stages/nothing", data=version(case)).status_code == 404


def test_planning_leaving_out_losing_and_reopening(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.POSTED)
    here = f"/docking/{case.public_id}"
    assert client.post(f"{here}/plan", data=version(case) | {"plan_fair": "2099-01-05"}).status_code == 303
    assert "2099-01-05" in client.get(here).text
    assert client.post(f"{here}/plan", data=version(case) | {"plan_fair": "2001-01-05"}).status_code == 422
    assert client.post(f"{here}/skip", data=version(case) | {"reason": ""}).status_code == 422
    assert client.post(f"{here}/skip", data=version(case) | {"reason": "不办专场"}).status_code == 303
    assert "不办专场" in client.get(here).text
    assert client.post(f"{here}/lose", data=version(case) | {"drop_reason": "pay", "words": ""}).status_code == 422
    given = {"drop_reason": "pay", "words": "薪酬低于预期"}
    assert client.post(f"{here}/lose", data=version(case) | given).status_code == 303
    assert "薪酬低于预期" in client.get(here).text
    assert client.post(f"{here}/reopen", data=version(case) | {"reason": "提高薪酬"}).status_code == 303
    assert "岗位发布" in client.get(here).text


def test_linking_and_taking_away(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.case()
    here = f"/docking/{case.public_id}"
    absent = {"kind": "mechanism", "record": "/mechanisms/01J0000000000000000000000A"}
    refused = client.post(f"{here}/links", data=version(case) | absent)
    assert refused.status_code == 422
    assert "没有您可见的此类记录" in refused.text
    assert client.post(f"{here}/links/remove", data=version(case) | absent).status_code == 404


def test_buttons_are_those_that_would_succeed(line: Pipeline, client: Client) -> None:
    with transaction():
        case, lost = line.at(Stage.VERIFIED), line.case()
        services.lose(lost, Loss(DropReason.PAY, "薪酬"), line.handler)
        viewer = make_user(Role.VIEWER, organisation=line.bureau)
    acts = ("edit", "advance", "plan", "skip", "lose", "reopen", "links", "?record=")
    offered = {}
    for name, person in {"keeper": line.handler, "school": line.school, "firm": line.firm, "viewer": viewer}.items():
        client.sign_in(person)
        for one in (case, lost):
            here = f"/docking/{one.public_id}"
            page = client.get(here).text
            joined = {act: here + act if act.startswith("?") else f'{here}/{act}"' for act in acts}
            offered[name, one is lost] = [act for act, text in joined.items() if text in page]
    assert offered == {
        ("keeper", False): ["edit", "advance", "plan", "skip", "lose", "links", "?record="],
        ("keeper", True): ["reopen"],
        ("school", False): ["advance", "?record="],  # it verifies as well
        ("school", True): [],
        ("firm", False): ["advance"],
        ("firm", True): [],
        ("viewer", False): [],
        ("viewer", True): [],
    }


def test_somebody_elses_is_not_found(line: Pipeline, client: Client) -> None:
    with transaction():
        case, stranger = line.at(Stage.VERIFIED), make_user()
    here = f"/docking/{case.public_id}"
    client.sign_in(stranger)
    assert [client.get(one).status_code for one in (here, f"{here}/edit")] == [404, 404]
    for act in ("edit", "advance", "stages/verified", "plan", "skip", "lose", "links", "links/remove"):
        data = {"row_version": str(case.row_version), "reason": "x", "kind": "mechanism", "record": "0" * 26}
        assert client.post(f"{here}/{act}", data=data | {"drop_reason": "pay", "words": "x"}).status_code in (404, 422)
    for page in ("/docking", "/docking/board", "/docking/figures"):
        assert "测试制造有限公司" not in client.get(page).text


@pytest.mark.parametrize("path", ["", "/board", "/figures", "/new"])
def test_nobody_looks_without_signing_in(client: Client, path: str) -> None:
    answer = client.application.test_client().get(f"/docking{path}")
    assert (answer.status_code, "/sign-in" in answer.location) == (303, True)


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/docking/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def test_the_ledger_as_a_file(line: Pipeline, client: Client) -> None:
    with transaction():
        line.at(Stage.ONBOARDED, remark="=1+1")
        line.case()
    head, first, second = exported(client, "", "csv").decode("utf-8-sig").splitlines()
    assert head == (
        "序号,企业名称,统一社会信用代码,所属行业,所在市,对接高校,关联协议/工作站,意向登记日期,实地对接日期,岗位发布日期,发布岗位数,需求人数,"
        "宣讲/招聘日期,收取简历（份）,面试人数,拟录用人数,签约人数,报到人数,满6个月留任,满12个月留任,当前阶段,未成原因,责任人,下一步及时限,备注,"
        "需求核实日期,面试日期,录用日期,其中硕士及以上,签约日期,报到日期,登记单位"
    )
    assert ",15," in first
    assert "'=1+1" in first
    assert "留任6个月 20" in first  # the next step with its day
    assert second.count(",") == head.count(",")
    assert len(exported(client, "?stage=onboarded", "csv").decode().splitlines()) == 2
    sheet = ZipFile(io.BytesIO(exported(client, "", "xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3 + 2  # title and foot
    assert "<f>" not in sheet
    told = db.session.scalars(select(AuditEvent.changes).where(AuditEvent.action == "docking:export")).all()
    assert [changes["count"] for changes in told] == [["", 2], ["", 1], ["", 2]]


def test_the_board_offers_each_its_own_moves(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
    page = client.get("/docking/board").text
    assert f'href="/docking/{case.public_id}?to=field_docking#advance"' in page  # works without a script
    assert 'data-to="field_docking posted fair interview' in page
    client.sign_in(line.firm)
    assert (
        'data-to="field_docking interview offer onboarded retained_6m retained_12m"'
        in client.get("/docking/board").text
    )


def test_what_came_of_an_agreement_tells_its_hires(line: Pipeline, client: Client) -> None:
    with transaction():
        scene = make_scene()
        agreement = scene.in_force()
        handler = scene.bureau.handler
        given = line.details(agreement=agreement.public_id, bureau=scene.bureau.organisation.public_id)
        case = services.enter(given, handler)
        for stage in list(Stage)[1:9]:
            line.move(case, stage, by=handler)
        station = operating(scene)
        services.link(case, Link("workstation", station.public_id), handler)
    client.sign_in(handler)
    page = client.get(f"/agreements/{agreement.public_id}/follow-up").text
    links = {f"/docking?agreement={agreement.public_id}": 1}
    links[f"/docking?reached=signed&amp;agreement={agreement.public_id}"] = 10
    links[f"/docking?reached=onboarded&amp;agreement={agreement.public_id}"] = 8
    for address, number in links.items():
        assert f'<a href="{address}">{number}</a>' in page
        assert "共 1 条" in client.get(address.replace("&amp;", "&")).text
    assert agreement.public_id in client.get(f"/docking/new?agreement={agreement.public_id}").text
    assert f"/agreements/{agreement.public_id}" in client.get(f"/docking/{case.public_id}").text
    address = f"/docking?kind=workstation&record={station.public_id}"
    assert f'<a href="{address.replace("&", "&amp;")}">1</a>' in client.get(f"/workstations/{station.public_id}").text
    assert "共 1 条" in client.get(address).text
    client.sign_in(line.firm)  # a side of the case, but no party of the agreement
    page = client.get(f"/docking/{case.public_id}").text
    assert agreement.title_zh not in page
    assert "本单位不可见" in page
    assert agreement.title_zh not in exported(client, "", "csv").decode()  # the ledger tells no more than the page
    client.sign_in(handler)
    assert f",{agreement.title_zh}；{station.title_zh}," in exported(client, "", "csv").decode()


def test_files_beside_a_case_are_every_sides_until_it_is_lost(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.FIELD_DOCKING)
        stranger = make_user()
    files = f"/attachments/docking_case/{case.public_id}"
    for person, status in ((line.handler, 200), (line.firm, 200), (stranger, 404)):
        client.sign_in(person)
        assert client.get(files).status_code == status
    client.sign_in(line.firm)
    assert 'type="file"' in client.get(f"/docking/{case.public_id}").text
    with transaction():
        services.lose(case, Loss(DropReason.PAY, "薪酬"), line.handler)
    assert 'type="file"' not in client.get(f"/docking/{case.public_id}").text


def test_pages_cost_the_same_whatever_there_is(line: Pipeline, client: Client) -> None:
    def cost(address: str) -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    with transaction():
        one = line.at(Stage.POSTED)
    pages = ("/docking", "/docking/board", "/docking/figures?by=university", f"/docking/{one.public_id}")
    few = [cost(page) for page in pages]
    with transaction():
        for _ in range(6):
            line.at(Stage.SIGNED)
        line.move(one, Stage.SIGNED, skip_reason="直接签约")
    assert [cost(page) for page in pages] == few
    assert few == [11, 8, 9, 9]


def test_a_visit_is_suggested_as_field_docking(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.at(Stage.VERIFIED)
        tell(Happening.VISIT_HELD, Told(object(), today(), "docking_case", case.public_id))
    here = f"/docking/{case.public_id}"
    page = client.get(here).text
    assert f"已于{DAY}走访" in page
    assert "登记环节：实地对接" in page
    given = {"stage": "field_docking", "actual_on": DAY}
    assert client.post(f"{here}/advance", data=version(case) | given).status_code == 303
    assert f"已于{DAY}走访" not in client.get(here).text


def test_sides_that_were_dissolved_since_are_still_chosen(line: Pipeline, client: Client) -> None:
    with transaction():
        case = line.case()
        line.university.status = OrganisationStatus.CLOSED
    page = client.get(f"/docking/{case.public_id}/edit").text
    assert f'<option value="{line.university.public_id}" selected' in page
    assert line.university.public_id not in client.get("/docking/new").text
