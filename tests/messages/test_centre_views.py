"""The message centre: one's own messages only, read and unread, and where they lead."""

import re

import pytest
from flask import Flask

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.messages.enums import Topic
from registry.messages.inputs import NewMessage
from registry.messages.models import Message
from registry.messages.services import send, send_all
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.factories import make_user

from .scene import told


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def tell(scene: Scene, **values: object) -> Message:
    """Tell the university's leader of the agreement that was put before it."""
    with transaction():
        new = {"topic": Topic.TASK, "key": "k", "title_zh": "有新任务", "title_en": "A new task"} | values
        return send(NewMessage(recipient_id=scene.university.leader.id, **new))  # type: ignore[arg-type]


def test_signed_out_leads_to_signing_in(scene: Scene, client: Client) -> None:
    message = tell(scene)
    for path in ("/messages", f"/messages/{message.public_id}", "/account/messages", "/channels"):
        answer = client.get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_the_list_is_ones_own_with_a_number_beside_the_bell(scene: Scene, client: Client) -> None:
    message = tell(scene)
    client.sign_in(scene.university.leader)
    page = client.get("/messages").text
    assert "有新任务" in page
    assert re.search(r'href="/messages">.*?<span class="count">1</span>', page)
    assert "A new task" in client.get("/messages", headers={"Accept-Language": "en"}).text
    client.sign_in(scene.bureau.leader)
    assert "有新任务" not in client.get("/messages").text
    for act in ("", "/open", "/read", "/unread"):
        path = f"/messages/{message.public_id}{act}"
        assert (client.post(path) if act else client.get(path)).status_code == 404
    db.session.expire_all()
    assert told(scene.university.leader)[0].read_at is None


def test_opening_reads_it_and_leads_to_the_record(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.negotiation()
    message = told(scene.university.leader)[0]
    client.sign_in(scene.university.leader)
    answer = client.post(f"/messages/{message.public_id}/open")
    assert (answer.status_code, answer.location) == (303, f"/agreements/{agreement.public_id}")
    db.session.expire_all()
    assert told(scene.university.leader)[0].read_at
    assert "有新任务" not in client.get("/messages?state=unread").text


def test_a_record_out_of_sight_is_not_led_to(scene: Scene, client: Client) -> None:
    with transaction():
        draft = scene.draft()
    message = tell(scene, subject_kind="agreement", subject_public_id=draft.public_id, title_zh="一条消息")
    client.sign_in(scene.university.leader)
    answer = client.post(f"/messages/{message.public_id}/open")
    assert answer.location == f"/messages/{message.public_id}"
    page = client.get(answer.location).text
    assert "一条消息" in page
    assert "已不在您的可见范围内" in page
    assert draft.public_id not in page
    assert draft.title_zh not in page
    assert client.get(f"/messages/to/agreement/{draft.public_id}").status_code == 404
    client.sign_in(scene.bureau.handler)
    assert client.get(f"/messages/to/agreement/{draft.public_id}").location == f"/agreements/{draft.public_id}"
    assert client.get(f"/messages/to/nothing/{draft.public_id}").status_code == 404


def test_one_by_one_and_all_up_to_what_was_shown(scene: Scene, client: Client) -> None:
    reader = scene.university.leader
    first, newest = tell(scene), tell(scene, key="k2", topic=Topic.SYSTEM)
    client.sign_in(reader)
    client.post(f"/messages/{first.public_id}/read")
    db.session.expire_all()
    assert [bool(one.read_at) for one in told(reader)] == [True, False]
    client.post(f"/messages/{first.public_id}/unread", data={"next": "//evil.example"})
    later = tell(scene, key="k3")  # came after the page was drawn
    given = {"newest": newest.public_id, "topic": ""}
    assert client.post("/messages/read-all", data=given | {"topic": "task"}).status_code == 303
    db.session.expire_all()
    assert [bool(one.read_at) for one in told(reader)] == [True, False, False]
    client.post("/messages/read-all", data=given)
    client.post("/messages/read-all", data={"newest": "of somebody else"})
    db.session.expire_all()
    assert [one.public_id for one in told(reader) if not one.read_at] == [later.public_id]


def test_by_topic_and_page(scene: Scene, client: Client) -> None:
    reader = scene.university.leader
    with transaction():
        send_all([NewMessage(reader.id, Topic.TASK, f"t{number}", f"任务消息{number:02}") for number in range(30)])
        send_all([NewMessage(reader.id, Topic.SYSTEM, "s", "系统消息正文")])
    client.sign_in(reader)
    assert "系统消息正文" not in client.get("/messages?topic=task").text
    assert "系统消息正文" in client.get("/messages?topic=system").text
    assert "任务消息00" in client.get("/messages?page=2").text
    assert "任务消息00" not in client.get("/messages?topic=nonsense&page=x").text


def test_a_page_costs_the_same_however_many_there_are(scene: Scene, client: Client) -> None:
    reader = scene.university.handler
    client.sign_in(reader)
    client.get("/messages")
    with counted() as few:
        client.get("/messages")
    with transaction():
        send_all([NewMessage(reader.id, Topic.TASK, f"m{number}", "消息") for number in range(60)])
    client.get("/messages")
    with counted() as many:
        client.get("/messages")
    assert len(many) == len(few) <= 3 + SHELL, "\n".join(many)  # the list, its length, what is unread by topic


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_administrators_have_messages_too(app: Flask, client: Client, role: Role) -> None:
    with transaction():
        admin = make_user(role)
        send(NewMessage(admin.id, Topic.SYSTEM, "k", "备份已完成"))
    client.sign_in(admin)
    assert "备份已完成" in client.get("/messages").text
    assert client.get("/channels").status_code == 403
