"""Pages of docking mechanisms: happy paths, invalid input, wrong roles, somebody else's records, export."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.scope import without_scope
from registry.core.db import db, transaction
from registry.mechanisms.enums import Stage
from registry.mechanisms.models import DockingMechanism
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client

from .meetings import make_mechanism


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def values(scene: Scene, **changes: str) -> dict[str, str]:
    return {
        "title_zh": "鞍山市与西北工业大学对接机制",
        "title_en": "",
        "side-0-organisation": scene.bureau.organisation.public_id,
        "side-0-reported": "",
        "side-1-organisation": scene.university.organisation.public_id,
        "side-1-reported": "",
        "established_on": "2026年3月",
        "written_form": "minutes",
        "rhythm": "quarterly",
        "next_meeting_on": "",
        "plan": "",
        "source": "",
        "source_url": "",
    } | changes


def test_entering_changing_and_looking(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert scene.bureau.organisation.public_id in client.get("/mechanisms/new").text
    answer = client.post("/mechanisms/new", data=values(scene))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "2026年3月" in page
    assert "会议纪要" in page
    form = client.get(f"{answer.location}/edit").text
    assert 'value="2026年3月"' in form
    changed = values(scene, plan="四月走访", row_version="1")
    assert client.post(f"{answer.location}/edit", data=changed).status_code == 303
    page = client.get(answer.location).text
    assert "四月走访" in page
    assert "修改对接机制" in page  # its change log
    stale = client.post(f"{answer.location}/edit", data=values(scene, plan="五月走访", row_version="1"))
    assert stale.status_code == 409
    assert "五月走访" in stale.text


@pytest.mark.parametrize(
    "changes",
    [
        {"title_zh": ""},
        {"established_on": "2026-13"},
        {"side-1-organisation": ""},
        {"side-1-organisation": "nothing"},
        {"source_url": "ftp://x"},
        {"rhythm": "hourly"},
    ],
)
def test_bad_input_keeps_what_was_typed(scene: Scene, client: Client, changes: dict[str, str]) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post("/mechanisms/new", data=values(scene, plan="四月走访", **changes))
    assert answer.status_code == 422
    assert "四月走访" in answer.text
    assert db.session.scalars(select(DockingMechanism)).all() == []


def test_meeting_advancing_upgrading_and_ending(scene: Scene, client: Client) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
    here = f"/mechanisms/{mechanism.public_id}"

    def post(verb: str, **more: str) -> int:
        version = str(db.session.get_one(DockingMechanism, mechanism.id, populate_existing=True).row_version)
        return client.post(f"{here}/{verb}", data={"row_version": version} | more).status_code

    client.sign_in(scene.university.handler)
    assert post("meetings", held_on="2099-01-01", minutes="未开") == 422
    assert post("meetings", held_on="2026-03-02", minutes="商定", decisions="甲\n乙", next_on="") == 303
    assert post("advance") == 403
    client.sign_in(scene.bureau.handler)
    page = client.get(here).text
    assert "<li>乙" in page
    assert f"subject={mechanism.public_id}&amp;source=joint_meeting&amp;title=" in page
    assert post("advance") == 409
    assert post("end", reason="不再继续") == 403
    answer = client.post(f"{here}/upgrade", data={"row_version": str(mechanism.row_version)})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200  # the sheet of the draft
    agreement = answer.location.removesuffix("/edit")
    assert here in client.get(f"{agreement}/follow-up").text
    assert agreement in client.get(here).text
    client.sign_in(scene.bureau.leader)
    assert post("end", reason="") == 422
    assert post("end", reason="不再继续") == 303
    assert "不再继续" in client.get(here).text


def test_buttons_are_those_that_would_succeed(scene: Scene, client: Client) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
    here = f"/mechanisms/{mechanism.public_id}"
    offered = {}
    for name, person in {
        "handler": scene.bureau.handler,
        "leader": scene.bureau.leader,
        "theirs": scene.university.handler,
        "signatory": scene.university.signatory,
    }.items():
        client.sign_in(person)
        page = client.get(here).text
        offered[name] = [verb for verb in ("edit", "meetings", "advance", "upgrade", "end") if f"{here}/{verb}" in page]
    assert offered == {
        "handler": ["edit", "meetings", "upgrade"],
        "leader": ["end"],
        "theirs": ["meetings", "upgrade"],
        "signatory": [],
    }


def test_somebody_elses_is_not_found(scene: Scene, client: Client) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    here = f"/mechanisms/{mechanism.public_id}"
    assert client.get(here).status_code == 303
    client.sign_in(stranger.handler)
    assert [client.get(one).status_code for one in (here, f"{here}/edit")] == [404, 404]
    for verb in ("edit", "meetings", "advance", "upgrade", "end"):
        assert client.post(f"{here}/{verb}", data={"row_version": "1"} | values(scene)).status_code in (403, 404, 422)
    assert mechanism.title_zh not in client.get("/mechanisms").text
    with without_scope():  # the stranger's request put the wall up
        assert db.session.scalar(select(DockingMechanism.stage)) is Stage.PRELIMINARY


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/mechanisms/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def test_the_list_and_its_files(scene: Scene, client: Client) -> None:
    with transaction():
        make_mechanism(scene, meetings=1, plan="=1+1")
        make_mechanism(scene, title_zh="另一机制")
    client.sign_in(scene.bureau.leader)
    page = client.get("/mechanisms?q=另一").text
    assert "另一机制" in page
    assert "初步对接合作机制" not in page
    plain = exported(client, "", "csv").decode("utf-8-sig").splitlines()
    assert len(plain) == 3
    assert plain[0].startswith("机制名称,各方,建立日期,阶段,书面形式,联络人,会商频次,上次会商,下次会商,拟推进事项")
    assert "'=1+1" in plain[1] + plain[2]
    assert len(exported(client, "?q=另一", "csv").decode().splitlines()) == 2
    sheet = ZipFile(io.BytesIO(exported(client, "", "xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3 + 2  # title and foot
    assert "<f>" not in sheet
    counts = [
        row.changes["count"]
        for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == "mechanism:export"))
    ]
    assert counts == [["", 2], ["", 1], ["", 2]]


def test_pages_cost_the_same_whatever_there_is(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)

    def cost(address: str) -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    with transaction():
        one = make_mechanism(scene, meetings=1)
    few = cost("/mechanisms"), cost(f"/mechanisms/{one.public_id}")
    with transaction():
        for _ in range(5):
            many = make_mechanism(scene, meetings=6)
    assert (cost("/mechanisms"), cost(f"/mechanisms/{many.public_id}")) == few
    assert few[0] <= 4 + SHELL + 1  # and the localities of the filter
    assert few[1] <= 10 + SHELL


def test_a_refused_form_keeps_every_side_that_was_typed(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    sides = {
        "side-0-organisation": "",
        "side-1-organisation": "",
        "side-4-organisation": scene.bureau.organisation.public_id,
    }
    named = {"side-0-reported": "一所大学", "side-1-reported": "一座城市"}
    answer = client.post("/mechanisms/new", data=values(scene, title_zh="", **sides, **named))
    assert answer.status_code == 422
    assert f'value="{scene.bureau.organisation.public_id}" selected' in answer.text
