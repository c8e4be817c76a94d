"""The list of tasks, its filters and files, and the to-do list."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.tasks import services
from registry.tasks.enums import TaskSource
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.tasks.pages import exported, overdue, post
from tests.tasks.scene import Scene, make_scene


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def test_the_list_shows_what_is_in_hand_and_filters(scene: Scene, client: Client) -> None:
    with transaction():
        scene.task(title_zh="在办的")
        services.assign(scene.new(title_zh="提醒的", source=TaskSource.REMINDER), None)
        scene.closed()
    client.sign_in(scene.university.handler)

    def titles(query: str) -> set[str]:
        page = client.get(f"/tasks?{query}").text
        return {title for title in ("在办的", "提醒的", "落实专场招聘会筹备", "本局的") if title in page}

    assert titles("") == {"在办的", "提醒的"}
    assert titles("state=all") == {"在办的", "提醒的", "落实专场招聘会筹备"}
    assert titles("state=closed") == titles("light=closed") == {"落实专场招聘会筹备"}
    assert titles("source=reminder") == titles("q=提醒") == {"提醒的"}
    assert titles("light=blue&whose=unit") == {"在办的", "提醒的"}
    assert titles("whose=mine") == titles("overdue=true") == titles("light=red") == set()
    assert titles("light=nothing&source=nothing&whose=nothing&state=nothing") == titles("state=all")
    assert titles("sort=-due&page=2") == set()
    with transaction():
        scene.own(title_zh="本局的")
    client.sign_in(scene.bureau.handler)
    school = scene.university.organisation.public_id
    assert titles("") == titles("region=") == {"在办的", "本局的"}
    assert titles("region=210300") == {"本局的"}  # a locality is led by its bureau, a university by itself
    assert titles("region=210100") == titles(f"region=210300&lead={school}") == set()
    assert titles(f"lead={school}") == {"在办的"}


def test_supervised_are_those_with_an_instruction_or_a_slip_until_they_are_struck_off(
    scene: Scene, client: Client
) -> None:
    with transaction():
        scene.task(title_zh="只是交办的")
        scene.task(title_zh="已发督办单的").slip_count = 1
        scene.closed().slip_count = 1
    client.sign_in(scene.university.handler)
    page = client.get("/tasks?state=supervised").text
    assert [title in page for title in ("已发督办单的", "只是交办的", "落实专场招聘会筹备")] == [True, False, False]
    assert 'aria-current="true">督办未销号' in page
    assert "已发督办单的" in client.get("/tasks?state=supervised&whose=unit&light=blue").text
    assert "已发督办单的" not in client.get("/tasks?state=supervised&whose=mine").text


def test_the_to_do_list_and_its_count(scene: Scene, client: Client) -> None:
    with transaction():
        late = scene.task(title_zh="逾期的", assignee=scene.university.handler.public_id)
        overdue(late)
        scene.task(title_zh="无人的")
    client.sign_in(scene.university.handler)
    page = client.get("/todo").text
    assert page.index("逾期的") < page.index("无人的")
    assert f"/tasks/{late.public_id}" in page
    assert "由您负责的任务" in page
    assert "逾期的" in client.get("/").text
    assert '<span class="count">2</span>' in page


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
    assert len(seen) <= 5 + SHELL, "\n".join(seen)  # calendar, rows, count, chips, localities of the filter
    address = f"/tasks/{tasks[0].public_id}"
    client.get(address)
    with counted() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 11 + SHELL, "\n".join(seen)
