"""Channels: the section head's, for allowed hosts only; keys go in and never come out."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.messages.enums import DeliveryStatus, Topic
from registry.messages.models import Channel
from registry.messages.secrets import ADDRESS, SECRET, reveal
from tests.conftest import Client
from tests.factories import make_user

from .conftest import Outbound
from .receivers import Receiver
from .scene import KEY_OF_ROBOT, SECRET_OF_ROBOT, Scene, deliveries, make_channel, make_scene, work


@pytest.fixture
def scene(app: Flask, client: Client, outbound: Outbound, receiver: Receiver) -> Scene:
    outbound(webhook_hosts=(receiver.allowed, "hooks.example.cn"))
    with transaction():
        made = make_scene()
    client.sign_in(made.head)
    return made


def form(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    """A robot's settings, filled in."""
    return {
        "via": "dingtalk", "name": "工作群", "address": receiver.url, "secret": SECRET_OF_ROBOT, "language": "zh",
        "topics": ["agreement", "task"], "quiet_from": "00:00", "quiet_until": "00:00",
    } | changes  # fmt: skip


def channel() -> Channel:
    """The one that there is."""
    return db.session.scalars(select(Channel)).one()


def test_set_up_tried_out_changed_and_removed(scene: Scene, client: Client, receiver: Receiver) -> None:
    answer = client.post("/channels/new", data=form(receiver))
    assert answer.status_code == 303
    made, place = channel(), answer.location
    assert (made.host, made.topics) == ("127.0.0.1", [Topic.AGREEMENT, Topic.TASK])
    assert (reveal(made.address_encrypted, ADDRESS), reveal(made.secret_encrypted, SECRET)) == (
        receiver.url,
        SECRET_OF_ROBOT,
    )
    assert client.post(f"{place}/test").status_code == 303
    work()
    assert receiver.posts[0].json["markdown"]["title"] == "渠道测试：工作群"
    assert [one.status for one in deliveries()] == [DeliveryStatus.SENT]
    changed = form(receiver, name="新群", address="", secret="", row_version=made.row_version)
    assert client.post(f"{place}/edit", data=changed).status_code == 303
    assert client.post(f"{place}/edit", data=changed).status_code == 409
    db.session.expire_all()
    assert (channel().name, reveal(channel().address_encrypted, ADDRESS)) == ("新群", receiver.url)
    client.post(f"{place}/switch", data={"active": "false", "row_version": channel().row_version})
    assert client.post(f"{place}/test").status_code == 409
    pages = [client.get(one).text for one in ("/channels", place, f"{place}/edit")]
    audit = [str(row.changes) + row.object_label for row in db.session.scalars(select(AuditEvent))]
    for secret in (KEY_OF_ROBOT, SECRET_OF_ROBOT):
        assert secret not in "\n".join(pages + audit)
    db.session.expire_all()
    assert client.post(f"{place}/remove", data={"row_version": channel().row_version}).status_code == 303
    assert db.session.scalars(select(Channel)).all() == []
    assert deliveries() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": ""}, "address"),
        ({"address": "https://elsewhere.example.cn/x"}, "address"),
        ({"address": "https://hooks.example.cn:8443/x"}, "address"),
        ({"address": "ftp://hooks.example.cn/x"}, "address"),
        ({"via": "email"}, "via"),
        ({"via": "webhook", "secret": ""}, "secret"),
        ({"via": "webhook", "secret": "short"}, "secret"),
        ({"topics": []}, "topics"),
        ({"topics": ["system"]}, "topics"),
        ({"name": ""}, "name"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_cannot_be_taken(
    scene: Scene, client: Client, receiver: Receiver, changes: dict[str, Any], field: str
) -> None:
    answer = client.post("/channels/new", data=form(receiver, **changes))
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert SECRET_OF_ROBOT not in answer.text
    assert db.session.scalars(select(Channel)).all() == []


def test_what_was_given_up_is_sent_again(scene: Scene, client: Client, receiver: Receiver) -> None:
    with transaction():
        place = f"/channels/{make_channel(scene.bureau, receiver.url).public_id}"
    receiver.answer = {"errcode": 310000, "errmsg": "sign not match"}
    scene.tell()
    work()
    page = client.get(place).text
    assert "310000" in page
    assert "发送失败" in page
    receiver.answer = {"errcode": 0}
    again = f"{place}/deliveries/{deliveries()[0].public_id}/retry"
    assert client.post(again).status_code == 303
    work()
    assert deliveries()[0].status is DeliveryStatus.SENT
    assert client.post(again).status_code == 409
    assert client.post(f"{place}/deliveries/01J0NOTHING/retry").status_code == 404


def test_others_have_no_say(scene: Scene, client: Client, receiver: Receiver) -> None:
    with transaction():
        foreign = make_user(Role.SECTION_HEAD)
        place = f"/channels/{make_channel(scene.bureau, receiver.url).public_id}"
    client.sign_in(foreign)
    assert "工作群" not in client.get("/channels").text
    for act in ("", "/edit"):
        assert client.get(f"{place}{act}").status_code == 404
    for act in ("/edit", "/switch", "/test", "/remove", "/deliveries/01J0/retry"):
        assert client.post(f"{place}{act}", data=form(receiver)).status_code == 404
    client.sign_in(scene.reader)
    assert client.get("/channels").status_code == client.post(f"{place}/test").status_code == 403


def test_without_allowed_hosts_nothing_can_be_set_up(scene: Scene, client: Client, outbound: Outbound) -> None:
    outbound(webhook_hosts=())
    page = client.get("/channels").text
    assert "REGISTRY_WEBHOOK_HOSTS" in page
    assert "/channels/new" not in page
