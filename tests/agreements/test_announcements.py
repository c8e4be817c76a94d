"""Who is told of an agreement's steps, and who is not."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.inputs import Opinion
from registry.agreements.models import Agreement, Verdict
from registry.agreements.services import clearance, negotiation
from registry.core.db import db, transaction
from registry.messages.models import Message

from .scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def told(user: User) -> list[Message]:
    """What somebody was told."""
    return list(db.session.scalars(select(Message).where(Message.recipient_id == user.id).order_by(Message.id)))


def titles(user: User) -> list[str]:
    """The same in short."""
    return [one.title_zh.partition("》")[2] for one in told(user)]


def test_put_before_the_other_side_and_sent_back_with_changes(scene: Scene) -> None:
    """Dossier, story 10: the bureau is notified."""
    with transaction():
        agreement = scene.negotiation()
    for one in (scene.university.handler, scene.university.section_head, scene.university.leader):
        assert titles(one) == ["已送达，请研究答复"]
    assert titles(scene.bureau.handler) == titles(scene.university.seal_keeper) == []
    with transaction():
        negotiation.request_changes(agreement, Verdict.CHANGES_REQUESTED, "第三条请修改", scene.university.leader)
    for one in (scene.bureau.handler, scene.bureau.section_head, scene.bureau.leader):
        assert titles(one) == ["提出意见，已退回起草"]
        assert told(one)[0].body_zh == "第三条请修改"
        assert (told(one)[0].subject_kind, told(one)[0].subject_public_id) == ("agreement", agreement.public_id)


def test_an_opinion_of_the_review_stays_inside(scene: Scene) -> None:
    """What the leader wrote on passing the text on stands in no message to the other side."""
    with transaction():
        scene.negotiation()
    assert titles(scene.university.handler) == ["已送达，请研究答复"]
    assert [one.body_zh + one.body_en for one in db.session.scalars(select(Message))] == [""] * 3


def test_returned_in_review_is_the_handlers_own_matter(scene: Scene) -> None:
    with transaction():
        agreement = scene.review()
        clearance.send_back(agreement, "标题有误", scene.bureau.section_head)
    assert titles(scene.bureau.handler) == ["被退回修改"]
    assert titles(scene.bureau.leader) == titles(scene.university.leader) == []


def test_signed_by_everybody(scene: Scene) -> None:
    with transaction():
        scene.in_force()
    assert titles(scene.university.leader)[-1] == "已签署完成"
    assert titles(scene.bureau.handler) == ["已签署完成"]
    assert titles(scene.bureau.leader) == ["已签署完成"]  # approved it before, which they know


def test_what_was_not_yet_put_before_them_is_not_told(scene: Scene) -> None:
    """A step inside the bureau is nobody else's business, nor is its title."""
    with transaction():
        agreement: Agreement = scene.review()
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    assert db.session.scalars(select(Message)).all() == []
