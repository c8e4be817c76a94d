"""Pages of tasks: happy paths, invalid input, wrong roles, somebody else's records, signed out, slips."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.tasks.enums import TaskState
from registry.tasks.models import SupervisionSlip, Task
from tests.attachments.files import picture
from tests.conftest import Client
from tests.tasks.pages import only_task, post, values
from tests.tasks.scene import Scene, make_scene, outsider


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def test_a_refused_form_keeps_every_organisation_that_was_chosen(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    helper = scene.helper.organisation.public_id
    gaps = {"supporting-0": "", "supporting-3": helper, "title_zh": ""}
    answer = client.post("/tasks/new", data=values(scene, **gaps))
    assert answer.status_code == 422
    assert f'value="{helper}" selected' in answer.text


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
    for place in (address, f"{address}/edit", "/tasks", "/tasks/new"):
        assert "/sign-in" in client.get(place).location, place
    for act in (f"{address}/edit", f"{address}/progress", f"{address}/close", f"{address}/slips", "/tasks/export"):
        assert "/sign-in" in client.post(act, data={"row_version": "1"}).location, act


VERBS = ["assignee", "progress", "request-close", "close", "send-back", "reopen", "cancel", "slips", "edit"]


def test_a_viewer_only_looks(scene: Scene, client: Client) -> None:
    with transaction():
        scene.task()
    client.sign_in(scene.bureau.viewer)
    assert client.get(f"/tasks/{only_task().public_id}").status_code == 200
    assert client.get("/tasks/new").status_code == client.post("/tasks/new", data=values(scene)).status_code == 403
    assert {verb: post(client, verb) for verb in VERBS} == dict.fromkeys(VERBS, 403)
    assert only_task().state is TaskState.OPEN


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


# Attachments


def attach(client: Client, address: str) -> int:
    files = {"attachments": [(io.BytesIO(picture()), "签到表.jpg")]}
    return client.post(f"/attachments{address}", data=files, content_type="multipart/form-data").status_code


def test_evidence_is_put_beside_it_until_it_is_verified(scene: Scene, client: Client) -> None:
    with transaction():
        task, stranger = scene.task(), outsider(scene)
    here, files = f"/tasks/{task.public_id}", f"/task/{task.public_id}"
    assert attach(client, files) == 303  # to sign in
    client.sign_in(stranger)
    assert attach(client, files) == 404
    client.sign_in(scene.university.viewer)
    assert attach(client, files) == 403
    assert "签到表.jpg" not in client.get(here).text
    client.sign_in(scene.helper.handler)
    assert f'action="/attachments{files}"' in client.get(here).text
    assert attach(client, files) == 303
    client.sign_in(scene.university.handler)
    assert "签到表.jpg" in client.get(here).text
    assert post(client, "request-close", evidence="见签到表") == 303
    assert f'action="/attachments{files}"' not in client.get(here).text
    assert attach(client, files) == 409
    client.sign_in(scene.bureau.section_head)
    assert "签到表.jpg" in client.get(here).text  # whoever verifies sees it
