"""Instructions of leaders, and tasks about a record."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.core.access.roles import Role
from registry.core.access.scope import without_scope
from registry.core.db import db, transaction
from registry.tasks import services
from registry.tasks.enums import TaskSource
from registry.tasks.models import Task
from tests.agreements import scene as agreements
from tests.conftest import Client
from tests.mechanisms.meetings import make_mechanism
from tests.tasks.pages import exported, only_task, overdue, values
from tests.tasks.scene import Scene, make_scene, outsider


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def test_a_leaders_instruction_becomes_a_task(client: Client) -> None:
    with transaction():
        scene = agreements.make_scene()
        mechanism = make_mechanism(scene)
    page, form = f"/mechanisms/{mechanism.public_id}", f"/tasks/instruct/mechanism/{mechanism.public_id}"
    client.sign_in(scene.bureau.handler)
    assert form not in client.get(page).text
    assert client.get(form).status_code == 403
    client.sign_in(scene.bureau.leader)
    assert form in client.get(page).text
    typed = {
        "title_zh": "落实批示",
        "goal": "",
        "lead": scene.university.organisation.public_id,
        "days": "5",
    }
    assert f'<option value="{scene.bureau.organisation.public_id}" selected' in client.get(form).text
    assert client.post(form, data=typed).status_code == 422
    answer = client.post(form, data=typed | {"goal": "请抓紧推进，月底前报结果。"})
    assert answer.status_code == 303
    task = only_task()
    assert (task.origin, task.subject_kind, task.owner) == (
        TaskSource.INSTRUCTION,
        "mechanism",
        scene.bureau.organisation,
    )
    shown = client.get(answer.location).text
    assert page in shown
    assert "月底前报结果" in shown
    assert "领导批示" in shown
    assert answer.location in client.get(page).text


def test_a_subject_is_linked_for_those_who_see_it(client: Client) -> None:
    with transaction():
        sides, scene = agreements.make_scene(), make_scene()
        agreement = sides.draft()
        about = {"subject_kind": "agreement", "subject_public_id": agreement.public_id}
        given = scene.new(lead=sides.university.organisation.public_id, **about)
        services.assign(given, sides.bureau.handler)
    here, there = f"/tasks/{only_task().public_id}", f"/agreements/{agreement.public_id}/follow-up"
    client.sign_in(sides.bureau.handler)
    assert there.removesuffix("/follow-up") in client.get(here).text
    assert here in client.get(there).text
    assert agreement.public_id in client.get(f"/tasks/new?kind=agreement&subject={agreement.public_id}").text
    client.sign_in(sides.university.handler)  # a draft is not shown to the other side
    page = client.get(here).text
    assert agreement.title_zh not in page
    assert "不在您查看范围内的记录" in page
    assert client.get(f"/tasks/new?kind=agreement&subject={agreement.public_id}").text.count(agreement.title_zh) == 0
    unknown = values(scene, subject_kind="agreement", subject_public_id=agreement.public_id)
    assert client.post("/tasks/new", data=unknown).status_code == 404


@pytest.mark.parametrize("kind", ["agreement", "mechanism", "task", "nothing"])
def test_no_instruction_on_what_is_not_there(scene: Scene, client: Client, kind: str) -> None:
    client.sign_in(scene.bureau.leader)
    assert client.get(f"/tasks/instruct/{kind}/01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404


def typed(scene: Scene, **changes: str) -> dict[str, str]:
    lead = scene.bureau.organisation.public_id
    return {"title_zh": "落实批示", "goal": "请抓紧，逐周报告。", "lead": lead, "days": "5"} | changes


def listed(client: Client) -> set[bool]:
    """Whether page and file of the supervised tasks have the instruction: one answer, or they differ."""
    files = (exported(client, "?state=supervised", form) for form in ("csv", "xlsx"))
    lines = next(files).decode("utf-8-sig").splitlines()[1:]
    with ZipFile(io.BytesIO(next(files))) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    page = client.get("/tasks?state=supervised").text
    return {"落实批示" in page, any("领导批示,落实批示" in line for line in lines), "落实批示" in cells}


def test_an_instruction_on_a_red_task_is_listed_until_it_is_struck_off(scene: Scene, client: Client) -> None:
    with transaction():
        red = overdue(scene.task())
    form, here = f"/tasks/instruct/task/{red.public_id}", f"/tasks/{red.public_id}"
    client.sign_in(scene.bureau.leader)
    page = client.get(here).text
    assert "红灯" in page
    assert form in page
    assert f'<option value="{scene.university.organisation.public_id}" selected' in client.get(form).text  # its lead
    address = client.post(form, data=typed(scene)).location
    shown = client.get(address).text
    assert all(word in shown for word in ("领导批示", "请抓紧，逐周报告。", here)), shown
    assert address in client.get(here).text
    assert red.title_zh not in client.get("/tasks?state=supervised").text
    assert listed(client) == {True}
    client.sign_in(scene.bureau.section_head)
    assert act(client, address, "cancel", reason="不办了") == 403  # not over the leader's head
    reporter, verifier = scene.bureau.handler, scene.bureau.section_head
    client.sign_in(reporter)
    assert act(client, address, "request-close", evidence="已补报") == 303
    assert listed(client) == {True}  # asked for, not struck off
    client.sign_in(verifier)
    assert act(client, address, "send-back", reason="缺少说明") == 303
    assert listed(client) == {True}
    assert act(client, address, "request-close", evidence="已补说明") == 303
    assert act(client, address, "close", note="属实") == 403  # by another person
    client.sign_in(scene.bureau.leader)
    assert act(client, address, "close", note="属实") == 303
    assert listed(client) == {False}
    assert act(client, address, "reopen", reason="再次逾期") == 303
    assert listed(client) == {True}


def act(client: Client, address: str, verb: str, **more: str) -> int:
    db.session.rollback()
    db.session.expire_all()
    with without_scope():
        found = db.session.scalars(select(Task).where(Task.public_id == address.rpartition("/")[2])).one()
    return client.post(f"{address}/{verb}", data={"row_version": str(found.row_version)} | more).status_code


@pytest.mark.parametrize("changes", [{"goal": ""}, {"lead": "nothing"}, {"title_zh": ""}, {"days": ""}])
def test_a_bad_instruction_keeps_what_was_typed(scene: Scene, client: Client, changes: dict[str, str]) -> None:
    with transaction():
        form = f"/tasks/instruct/task/{scene.task().public_id}"
    client.sign_in(scene.bureau.leader)
    answer = client.post(form, data=typed(scene, leader="王局长") | changes)
    assert answer.status_code == 422
    assert "王局长" in answer.text
    assert only_task().title_zh == "落实专场招聘会筹备"


def test_who_may_not_instruct(scene: Scene, client: Client) -> None:
    with transaction():
        task = scene.task()
        stranger = outsider(scene, Role.LEADER)
    form = f"/tasks/instruct/task/{task.public_id}"
    assert client.get(form).status_code == client.post(form, data=typed(scene)).status_code == 303  # signed out
    client.sign_in(scene.bureau.section_head)
    assert client.get(form).status_code == client.post(form, data=typed(scene)).status_code == 403
    assert form not in client.get(f"/tasks/{task.public_id}").text
    client.sign_in(stranger)
    assert client.get(form).status_code == client.post(form, data=typed(scene)).status_code == 404
    assert only_task() == task
