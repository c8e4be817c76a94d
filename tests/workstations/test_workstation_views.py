"""Pages of workstations: happy paths, invalid input, wrong roles, somebody else's records, export."""

import io
import re
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.scope import without_scope
from registry.core.crypto import encrypt
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import Contact, OrganisationKind
from registry.workstations.enums import Grade, WorkstationState
from registry.workstations.inputs import ContactChoice, Verdict
from registry.workstations.models import Workstation, WorkstationActivity
from registry.workstations.services import entry, moves, reminders, yearly
from tests.agreements.scene import Scene, make_scene, make_side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client

from .stations import FAIR, INTRODUCED, days_ago, expect, make_station, operating, record

YEAR = today().year


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def values(scene: Scene, **changes: str) -> dict[str, str]:
    return {
        "title_zh": "鞍山市驻西北大学人才合作工作站",
        "title_en": "",
        "kind": "talent_coop",
        "founder-0": scene.bureau.organisation.public_id,
        "founder-1": "",
        "host": scene.university.organisation.public_id,
        "number": "",
        "host_department": "就业指导中心",
        "place": "长安校区",
        "opening_hours": "每周三下午",
        "unveiled_on": "2024年3月",
        "term_from": "",
        "term_until": "",
        "agreement": "",
        "agreement_number": "",
        "fund_wan": "12.50",
        "remark": "",
        "source": "",
        "source_url": "",
    } | changes


def version(station: Workstation) -> str:
    with without_scope():
        return str(db.session.get_one(Workstation, station.id, populate_existing=True).row_version)


def post(client: Client, station: Workstation, verb: str, **given: str) -> int:
    data = {"row_version": version(station)} | given
    return client.post(f"/workstations/{station.public_id}/{verb}", data=data).status_code


def test_entering_changing_and_looking(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert scene.bureau.organisation.public_id in client.get("/workstations/new").text
    answer = client.post("/workstations/new", data=values(scene))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for told in ("2024年3月", "12.5", "每周三下午", "筹建", "就业指导中心"):
        assert told in page
    form = client.get(f"{answer.location}/edit").text
    for told in ('value="2024年3月"', 'value="12.5"', scene.university.organisation.public_id):
        assert told in form
    changed = values(scene, remark="暑期搬迁", row_version="1")
    assert client.post(f"{answer.location}/edit", data=changed).status_code == 303
    page = client.get(answer.location).text
    assert "暑期搬迁" in page
    assert "修改人才工作站" in page  # its change log
    stale = client.post(f"{answer.location}/edit", data=values(scene, remark="另一处", row_version="1"))
    assert stale.status_code == 409
    assert "另一处" in stale.text


@pytest.mark.parametrize(
    "changes",
    [
        {"title_zh": ""},
        {"kind": "club"},
        {"unveiled_on": "2026-13"},
        {"founder-0": ""},
        {"founder-1": "nothing"},
        {"founder-1": "x" * 40},
        {"host": ""},
        {"fund_wan": "many"},
        {"agreement_number": "没有〔2026〕1号"},
        {"source_url": "ftp://x"},
    ],
)
def test_bad_input_keeps_what_was_typed(scene: Scene, client: Client, changes: dict[str, str]) -> None:
    client.sign_in(scene.bureau.section_head)
    answer = client.post("/workstations/new", data=values(scene, remark="暑期搬迁", **changes))
    assert answer.status_code == 422
    assert "暑期搬迁" in answer.text
    assert db.session.scalars(select(Workstation)).all() == []


def test_the_states_on_the_page(scene: Scene, client: Client) -> None:
    with transaction():
        station = make_station(scene, unveiled_on=None)
    client.sign_in(scene.bureau.leader)
    assert post(client, station, "start", started_on="") == 422
    assert post(client, station, "start", started_on="2099-01-01") == 422
    assert post(client, station, "start", started_on=days_ago(400).isoformat()) == 303
    assert post(client, station, "rectify", reason="") == 422
    assert post(client, station, "rectify", reason="缺少活动计划") == 303
    assert "缺少活动计划" in client.get(f"/workstations/{station.public_id}").text
    assert post(client, station, "resume", reason="已补充计划") == 303
    assert post(client, station, "withdraw", reason="不再需要") == 409
    assert post(client, station, "keep", reason="理由") == 409
    assert post(client, station, "suspend", reason="停办") == 303
    client.sign_in(scene.bureau.section_head)
    assert post(client, station, "withdraw", reason="不再需要") == 403
    client.sign_in(scene.bureau.leader)
    assert post(client, station, "withdraw", reason="不再需要") == 303
    assert station.state is WorkstationState.WITHDRAWN


def test_a_year_on_the_page(scene: Scene, client: Client) -> None:
    """The story of a station's year, step by step as people would enter it."""
    with transaction():
        station = operating(scene)
    here = f"/workstations/{station.public_id}"
    client.sign_in(scene.bureau.handler)
    assert post(client, station, f"targets/{YEAR}", **{"target-talk": "two"}) == 422
    assert post(client, station, f"targets/{YEAR}", **{"target-dance": "2"}) == 422
    assert (
        post(client, station, f"targets/{YEAR}", **{"target-talk": "2", "target-fair": "1", "target-posts": ""}) == 303
    )
    activity = {
        "kind": "talk",
        "state": "held",
        "day": today().isoformat(),
        "number": "",
        "master_plus": "",
        "note": "",
    }
    assert post(client, station, "activities", **(activity | {"day": "2099-01-01"})) == 422
    assert post(client, station, "activities", **activity) == 303
    client.sign_in(scene.university.handler)
    assert post(client, station, "activities", **(activity | {"kind": "fair", "note": "双选会"})) == 303
    page = client.get(here).text
    assert "50 %" in page
    assert "双选会" in page
    assert "系统建议等次" in page
    assert "宣讲场次：完成1，目标2" in page
    assert f"{here}/assessments/{YEAR}" not in page
    assert post(client, station, f"assessments/{YEAR}", grade="qualified", why="") == 403
    client.sign_in(scene.bureau.section_head)
    assert post(client, station, f"assessments/{YEAR}", grade="excellent", why="") == 422
    assert post(client, station, f"assessments/{YEAR}", grade="qualified", why="") == 303
    assert post(client, station, f"assessments/{YEAR}", grade="basic", why="") == 422
    assert post(client, station, f"assessments/{YEAR}", grade="basic", why="活动质量一般") == 303
    page = client.get(here).text
    assert "活动质量一般" in page
    assert f"{here}/targets/{YEAR}" not in page
    assert post(client, station, f"targets/{YEAR}", **{"target-talk": "9"}) in (403, 409)
    for year in (1000, YEAR + 2, 99_999_999_999_999):
        assert post(client, station, f"assessments/{year}", grade="basic", why="x") == 404
        assert client.get(f"{here}?year={year}").status_code == 200


def test_entering_a_result_and_correcting(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
    client.sign_in(scene.bureau.handler)
    given = {
        "kind": "talk",
        "state": "planned",
        "day": today().isoformat(),
        "number": "1",
        "master_plus": "",
        "note": "",
    }
    assert post(client, station, "activities", **given) == 303
    activity = db.session.scalars(select(WorkstationActivity)).one()
    verb = f"activities/{activity.public_id}"
    form = client.get(f"/workstations/{station.public_id}/{verb}").text
    assert re.search(r'<option value="held" selected', form)
    assert post(client, station, verb, **(given | {"state": "cancelled", "reason": ""})) == 422
    assert post(client, station, verb, **(given | {"state": "held", "reason": ""})) == 303
    assert post(client, station, verb, **(given | {"state": "held", "number": "3", "reason": ""})) == 422
    assert post(client, station, verb, **(given | {"state": "held", "number": "3", "reason": "合并三场"})) == 303
    page = client.get(f"/workstations/{station.public_id}").text
    assert "<del>1</del>" in page
    assert client.get(f"/workstations/{station.public_id}/{verb}").status_code == 409
    (latest,) = db.session.scalars(select(WorkstationActivity).where(WorkstationActivity.number == 3))
    client.sign_in(scene.university.handler)
    assert client.get(f"/workstations/{station.public_id}/activities/{latest.public_id}").status_code == 403
    assert post(client, station, f"activities/{latest.public_id}/strike", mistake="x") == 403
    client.sign_in(scene.bureau.handler)
    assert post(client, station, f"activities/{latest.public_id}/strike", mistake="") == 422
    assert post(client, station, f"activities/{latest.public_id}/strike", mistake="重复") == 303
    assert client.get(f"/workstations/{station.public_id}/activities/{'0' * 26}").status_code == 404


def test_buttons_are_those_that_would_succeed(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
        reminders.propose(station, YEAR - 1)
    here = f"/workstations/{station.public_id}"
    verbs = ["edit", "contacts", "activities", f"targets/{YEAR}", f"assessments/{YEAR}"]
    verbs += ["start", "rectify", "resume", "suspend", "withdraw", "keep"]
    offered = {}
    for name, person in {
        "handler": scene.bureau.handler,
        "section_head": scene.bureau.section_head,
        "leader": scene.bureau.leader,
        "theirs": scene.university.section_head,
        "their_leader": scene.university.leader,
    }.items():
        client.sign_in(person)
        page = client.get(here).text
        offered[name] = [verb.split("/")[0] for verb in verbs if f'{here}/{verb}"' in page]
    writing = ["edit", "contacts", "activities", "targets"]
    assert offered == {
        "handler": writing,
        "section_head": [*writing, "assessments", "rectify", "suspend"],
        "leader": ["assessments", "rectify", "suspend", "withdraw", "keep"],
        "theirs": ["contacts", "activities"],
        "their_leader": [],
    }


def test_somebody_elses_is_not_found(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
        (activity,) = record(scene, station, today())
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    here = f"/workstations/{station.public_id}"
    form = f"{here}/activities/{activity.public_id}"
    assert client.get(here).status_code == 303
    for person in (stranger.handler, stranger.section_head, stranger.leader):
        client.sign_in(person)
        assert client.get(here).status_code == 404
        assert {client.get(one).status_code for one in (f"{here}/edit", form)} <= {403, 404}
        for verb in ("edit", "contacts", "activities", "start", "suspend", "withdraw", "keep", f"targets/{YEAR}"):
            assert client.post(f"{here}/{verb}", data={"row_version": "1"}).status_code in (403, 404)
        assert station.title_zh not in client.get("/workstations").text
    with without_scope():
        assert db.session.scalar(select(Workstation.state)) is WorkstationState.OPERATING


def test_a_contact_is_named_and_shown_with_a_masked_phone(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
        ours = scene.bureau.organisation.id
        contact = Contact(
            organisation_id=ours,
            recorded_by_id=ours,
            name="测试联络员",
            phone_encrypted=encrypt(b"13800001234"),
            phone_hint="138****1234",
        )
        db.session.add(contact)
    client.sign_in(scene.bureau.handler)
    slot = scene.bureau.organisation.public_id
    assert post(client, station, "contacts", slot=slot, contact="nobody") == 422
    assert post(client, station, "contacts", slot=slot, contact=contact.public_id) == 303
    page = client.get(f"/workstations/{station.public_id}").text
    assert "测试联络员 138****1234" in page
    client.sign_in(scene.university.handler)
    page = client.get(f"/workstations/{station.public_id}").text
    assert "测试联络员" not in page  # stands in the bureau's own address book


def test_either_side_attaches_files_until_it_is_withdrawn(scene: Scene, client: Client) -> None:
    with transaction():
        station = make_station(scene)
    takes = f'action="/attachments/workstation/{station.public_id}"'
    for person, offered in (
        (scene.bureau.handler, True),
        (scene.university.section_head, True),
        (scene.bureau.leader, False),
    ):
        client.sign_in(person)
        assert (takes in client.get(f"/workstations/{station.public_id}").text) is offered
    with transaction():
        moves.withdraw(station, "不建了", scene.bureau.leader)
    client.sign_in(scene.bureau.handler)
    assert takes not in client.get(f"/workstations/{station.public_id}").text


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/workstations/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def test_the_list_and_its_files(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene, number="ZD-1", remark="=1+1")
        operating(scene, title_zh="另一工作站")
        expect(scene, station, YEAR)
        record(scene, station, today(), kind=FAIR)
        yearly.decide_grade(station, Verdict(YEAR, Grade.BASIC, "缺一场宣讲"), scene.bureau.leader)
        contact = Contact(organisation_id=scene.bureau.organisation.id, recorded_by_id=scene.bureau.organisation.id)
        contact.name, contact.phone_hint = "测试联络员", "138****1234"
        db.session.add(contact)
        db.session.flush()
        choice = ContactChoice(scene.bureau.organisation.public_id, contact.public_id)
        entry.name_contact(station, choice, scene.bureau.handler)
    client.sign_in(scene.bureau.leader)
    page = client.get("/workstations?q=另一").text
    assert "另一工作站" in page
    assert station.title_zh not in page
    assert "（50%）" in client.get("/workstations").text  # one of two was active in 90 days
    assert "另一工作站" in client.get("/workstations?mark=silent").text
    assert "另一工作站" not in client.get("/workstations?mark=active").text
    plain = exported(client, "?q=ZD", "csv").decode("utf-8-sig").splitlines()
    assert len(plain) == 2
    assert plain[0] == (
        "序号,工作站编号,工作站名称,类型,设立单位,依托高校,依托部门,协议签订日期,揭牌日期,有效期至,地点,站长,联络员,"
        "联系电话,年度宣讲场次（目标）,年度宣讲场次（完成）,年度专场招聘（目标）,年度专场招聘（完成）,推送岗位数,"
        "组织实习见习人数,引进（签约）人数,其中硕士及以上,工作经费（万元）,年度考核,运行状态,备注"
    )
    row = plain[1].split(",")
    assert row[:4] == ["1", "ZD-1", station.title_zh, "人才合作工作站"]
    assert row[12:22] == ["测试联络员", "138****1234", "2", "0", "1", "1", "0", "0", "0", "0"]
    assert row[23:] == ["基本合格", "运行", "'=1+1"]
    sheet = ZipFile(io.BytesIO(exported(client, "", "xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3 + 2  # title and foot
    assert "<f>" not in sheet
    exports = select(AuditEvent).where(AuditEvent.action == "workstation:export").order_by(AuditEvent.seq)
    counts = [event.changes["count"] for event in db.session.scalars(exports)]
    assert counts == [["", 1], ["", 2]]


def test_what_came_of_an_agreement_names_its_stations(scene: Scene, client: Client) -> None:
    with transaction():
        signed = scene.in_force()
        station = operating(scene, agreement=signed.public_id)
    client.sign_in(scene.university.handler)
    named = f"/workstations/{station.public_id}"
    assert named in client.get(f"/agreements/{signed.public_id}/follow-up").text
    assert named not in client.get(f"/agreements/{signed.public_id}").text  # whose page costs the same as ever
    assert f"/agreements/{signed.public_id}" in client.get(f"/workstations/{station.public_id}").text


def test_a_proposed_withdrawal_is_answered_on_the_page(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
        reminders.propose(station, YEAR - 1)
    client.sign_in(scene.bureau.leader)
    page = client.get(f"/workstations/{station.public_id}").text
    assert f"{YEAR - 2}" in page
    assert "建议撤销" in page
    assert "建议撤销" in client.get("/workstations?mark=proposed").text
    assert post(client, station, "keep", reason="") == 422
    assert post(client, station, "keep", reason="已恢复活动") == 303
    assert station.title_zh not in client.get("/workstations?mark=proposed").text


def test_pages_cost_the_same_whatever_there_is(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)

    def cost(address: str) -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    with transaction():
        one = operating(scene)
        record(scene, one, today())
    few = cost("/workstations"), cost(f"/workstations/{one.public_id}")
    with transaction():
        for _ in range(5):
            many = operating(scene)
            record(scene, many, today(), today(), days_ago(1))
            record(scene, many, today(), kind=INTRODUCED)
            moves.rectify(many, "补计划", scene.bureau.leader)
    assert (cost("/workstations"), cost(f"/workstations/{many.public_id}")) == few
    assert few[0] <= 6 + SHELL
    assert few[1] <= 14 + SHELL


def test_a_refused_form_keeps_a_founder_beyond_a_gap(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    own = scene.bureau.organisation.public_id
    answer = client.post(
        "/workstations/new", data={"title_zh": "", "kind": "talent_coop", "founder-5": own, "host": ""}
    )
    assert answer.status_code == 422
    assert f'value="{own}" selected' in answer.text
