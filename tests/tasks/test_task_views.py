"""Pages of tasks: happy paths, invalid input, wrong roles, somebody else's records, instructions, slips, export."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.tasks import services
from registry.tasks.enums import TaskSource, TaskState
from registry.tasks.models import SupervisionSlip, Task
from tests.agreements import scene as agreements
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.mechanisms.meetings import make_mechanism
from tests.tasks.scene import Scene, make_scene, outsider


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def values(scene: Scene, **changes: str) -> dict[str, str]:
    return {
        "title_zh": "落实专场招聘会筹备",
        "title_en": "",
        "goal": "全年2场",
        "source": "joint_meeting",
        "lead": scene.university.organisation.public_id,
        "supporting-0": scene.helper.organisation.public_id,
        "supporting-1": "",
        "leader": "副校长",
        "starts_on": "",
        "days": "10",
        "due_on": "",
        "subject_kind": "",
        "subject_public_id": "",
    } | changes


def only_task() -> Task:
    db.session.rollback()
    db.session.expire_all()
    with without_scope():
        return db.session.scalars(select(Task)).one()


def post(client: Client, verb: str, **more: str) -> int:
    task = only_task()
    data = {"row_version": str(task.row_version)} | more
    return client.post(f"/tasks/{task.public_id}/{verb}", data=data).status_code


def test_assigning_changing_and_looking(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert client.get("/tasks/new").status_code == 200
    answer = client.post("/tasks/new", data=values(scene))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "蓝灯" in page
    assert "测试中心" in page
    form = client.get(f"{answer.location}/edit").text
    assert 'name="days" class="form-control" value="10"' in form
    changed = values(scene, goal="全年3场", row_version="1", days="", due_on=str(today() + timedelta(days=90)))
    for name in ("source", "subject_kind", "subject_public_id"):
        changed.pop(name)
    assert client.post(f"{answer.location}/edit", data=changed).status_code == 303
    page = client.get(answer.location).text
    assert "全年3场" in page
    assert "绿灯" in page
    assert "修改任务" in page  # its change log
    stale = client.post(f"{answer.location}/edit", data=changed | {"goal": "全年4场", "row_version": "1"})
    assert stale.status_code == 409
    assert "全年4场" in stale.text


@pytest.mark.parametrize(
    "changes",
    [
        {"title_zh": ""},
        {"lead": ""},
        {"lead": "nothing"},
        {"supporting-1": "nothing"},
        {"days": ""},
        {"days": "0"},
        {"days": "many"},
        {"due_on": "2020-01-01"},
        {"source": "instruction"},
        {"source": "reminder"},
        {"starts_on": "2026-13-01"},
    ],
)
def test_bad_input_keeps_what_was_typed(scene: Scene, client: Client, changes: dict[str, str]) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post("/tasks/new", data=values(scene, **changes))
    assert answer.status_code == 422
    assert "全年2场" in answer.text
    assert db.session.scalars(select(Task)).all() == []


def test_from_hand_over_to_close_out(scene: Scene, client: Client) -> None:
    with transaction():
        scene.task()
    client.sign_in(scene.university.section_head)
    assert post(client, "assignee", assignee=scene.bureau.handler.public_id) == 422
    assert post(client, "assignee", assignee=scene.university.handler.public_id) == 303
    client.sign_in(scene.university.handler)
    assert post(client, "progress", note="", percent="40") == 422
    assert post(client, "progress", note="已联系", percent="101") == 422
    assert post(client, "progress", note="已联系20家单位", percent="40") == 303
    assert post(client, "request-close", evidence="") == 422
    assert post(client, "close") == 403
    assert post(client, "request-close", evidence="已举办2场") == 303
    client.sign_in(scene.bureau.section_head)
    assert post(client, "send-back", reason="") == 422
    assert post(client, "send-back", reason="缺少签到表") == 303
    client.sign_in(scene.university.handler)
    assert "缺少签到表" in client.get(f"/tasks/{only_task().public_id}").text
    assert post(client, "request-close", evidence="已补签到表") == 303
    client.sign_in(scene.bureau.section_head)
    assert post(client, "close", note="属实") == 303
    page = client.get(f"/tasks/{only_task().public_id}").text
    assert f"{today()}销号" in page
    assert post(client, "close") == 409
    assert post(client, "reopen", reason="重复计数") == 303
    assert post(client, "cancel", reason="不再需要") == 303
    assert only_task().state is TaskState.CANCELLED


def test_acts_are_shown_to_whom_they_would_succeed_for(scene: Scene, client: Client) -> None:
    with transaction():
        address = f"/tasks/{scene.requested().public_id}"
    seen = {}
    for side in ("bureau", "university"):
        for role in ("handler", "section_head", "leader", "viewer"):
            client.sign_in(getattr(getattr(scene, side), role))
            seen[side, role] = f'action="{address}/close"' in client.get(address).text
    assert {who for who, shown in seen.items() if shown} == {("bureau", "section_head"), ("bureau", "leader")}


def test_somebody_elses_task_does_not_exist(scene: Scene, client: Client) -> None:
    with transaction():
        address = f"/tasks/{scene.task().public_id}"
        stranger = outsider(scene)
    client.sign_in(stranger)
    assert client.get(address).status_code == 404
    assert client.get("/tasks").text.count("落实专场招聘会筹备") == 0
    assert post(client, "progress", note="已办") == 404


def test_signed_out(scene: Scene, client: Client) -> None:
    with transaction():
        address = f"/tasks/{scene.task().public_id}"
    assert client.get(address).status_code == 303
    assert client.get("/tasks").status_code == 303


def test_a_slip_is_numbered_and_printed(scene: Scene, client: Client) -> None:
    with transaction():
        task = scene.task(days=1)
    address = f"/tasks/{task.public_id}"
    client.sign_in(scene.bureau.section_head)
    assert "黄灯" in client.get(address).text
    assert post(client, "slips", colour="red", demand="说明", answer_by="") == 422
    assert post(client, "slips", colour="yellow", demand="", answer_by="") == 422
    assert post(client, "slips", colour="yellow", demand="五日内办结", answer_by="") == 303
    slip = db.session.scalars(select(SupervisionSlip)).one()
    client.sign_in(scene.university.handler)
    page = client.get(f"/tasks/slips/{slip.public_id}").text
    assert f"督〔{today().year}〕1号" in page
    assert "五日内办结" in page
    assert slip.number in client.get(address).text
    with transaction():
        stranger = outsider(scene)
    assert client.sign_in(stranger).get(f"/tasks/slips/{slip.public_id}").status_code == 404


# Instructions, and tasks about a record


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


# Lists


def test_the_list_shows_what_is_in_hand_and_filters(scene: Scene, client: Client) -> None:
    with transaction():
        scene.task(title_zh="在办的")
        services.assign(scene.new(title_zh="提醒的", source=TaskSource.REMINDER), None)
        scene.closed()
    client.sign_in(scene.university.handler)

    def titles(query: str) -> set[str]:
        page = client.get(f"/tasks?{query}").text
        return {title for title in ("在办的", "提醒的", "落实专场招聘会筹备") if title in page}

    assert titles("") == {"在办的", "提醒的"}
    assert titles("state=all") == {"在办的", "提醒的", "落实专场招聘会筹备"}
    assert titles("state=closed") == titles("light=closed") == {"落实专场招聘会筹备"}
    assert titles("source=reminder") == titles("q=提醒") == {"提醒的"}
    assert titles("light=blue&whose=unit") == {"在办的", "提醒的"}
    assert titles("whose=mine") == titles("overdue=true") == titles("light=red") == set()
    assert titles("light=nothing&source=nothing&whose=nothing&state=nothing") == titles("state=all")
    assert titles("sort=-due&page=2") == set()


def test_the_to_do_list_and_its_count(scene: Scene, client: Client) -> None:
    with transaction():
        late = scene.task(title_zh="逾期的", assignee=scene.university.handler.public_id)
        late.set_deadline(today() - timedelta(days=9), today() - timedelta(days=1), None, None)
        scene.task(title_zh="无人的")
    client.sign_in(scene.university.handler)
    page = client.get("/todo").text
    assert page.index("逾期的") < page.index("无人的")
    assert f"/tasks/{late.public_id}" in page
    assert "由您负责的任务" in page
    assert "逾期的" in client.get("/").text
    assert '<span class="count">2</span>' in page


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/tasks/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def test_export(scene: Scene, client: Client) -> None:
    with transaction():
        task = scene.task()
    client.sign_in(scene.university.handler)
    assert post(client, "progress", note="=已联系", percent="40", problems="缺经费") == 303
    head, row = exported(client, "?state=all", "csv").decode("utf-8-sig").splitlines()
    assert head.startswith("任务来源,任务,目标要求,牵头单位,配合单位")
    assert "'=已联系,40,蓝灯,办理中,缺经费" in row
    assert task.due_on.isoformat() in row
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(exported(client, "?state=closed", "xlsx"))).namelist()
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "task:export").order_by(AuditEvent.seq))
    assert [event.changes["count"] for event in events] == [["", 1], ["", 0]]


def test_lists_and_pages_ask_a_fixed_number_of_questions(scene: Scene, client: Client) -> None:
    with transaction():
        tasks = [scene.task(title_zh=f"任务{number}") for number in range(8)]
    client.sign_in(scene.university.handler)
    client.get("/tasks")
    with counted() as seen:
        assert client.get("/tasks").status_code == 200
    assert len(seen) <= 4 + SHELL, "\n".join(seen)  # calendar, rows, count, chips
    address = f"/tasks/{tasks[0].public_id}"
    client.get(address)
    with counted() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 10 + SHELL, "\n".join(seen)
