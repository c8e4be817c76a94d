"""From the outbox to real receivers: once in the centre, at least once outside, never what was rolled back."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from registry.accounts.models import UserStatus
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.core.i18n import msg
from registry.jobs import leases
from registry.jobs.models import JobStatus
from registry.messages import jobs as works
from registry.messages.backoff import MOST_ATTEMPTS, PAUSES, pause_after
from registry.messages.enums import PER_MINUTE, DeliveryStatus, Outcome, Topic, Via, Way
from registry.messages.models import Attempt
from registry.messages.senders import MailErrand, PostErrand
from registry.messages.services import bundles, delivering, tell
from registry.messages.services.proving import forget_email
from registry.records import kinds

from .conftest import Outbound
from .receivers import Mailbox, Receiver, text_of
from .scene import (
    EMAIL_OF,
    KEY_OF_ROBOT,
    SECRET_OF_ROBOT,
    Scene,
    attempts,
    deliveries,
    jobs,
    make_channel,
    make_scene,
    time_passes,
    told,
    wants,
    with_email,
    work,
)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def mailed(scene: Scene, outbound: Outbound, mailbox: Mailbox) -> Scene:
    """The reader has a proven address, and the registry a mail server."""
    outbound(smtp_url=mailbox.url)
    with transaction():
        with_email(scene.reader)
    return scene


@pytest.fixture
def chatting(scene: Scene, outbound: Outbound, receiver: Receiver) -> Scene:
    """The bureau has a group chat."""
    outbound(webhook_hosts=(receiver.allowed,))
    with transaction():
        make_channel(scene.bureau, receiver.url)
    return scene


def test_an_email_arrives_in_the_persons_language(mailed: Scene, mailbox: Mailbox) -> None:
    mailed.reader.language = "en"
    db.session.commit()
    mailed.tell(body_zh="请答复", body_en="Please answer")
    assert [one.status for one in deliveries()] == [DeliveryStatus.QUEUED]
    work()
    (mail,), (delivery,), (attempt,) = mailbox.mails, deliveries(), attempts()
    assert (mail["To"], mail["Subject"], mail["X-Registry-Delivery"]) == (
        EMAIL_OF,
        "Put before you",
        delivery.public_id,
    )
    assert f"http://127.0.0.1:8000/messages/{told(mailed.reader)[0].public_id}" in text_of(mail)
    assert "Please answer" in text_of(mail)
    assert (delivery.status, attempt.outcome, attempt.status_code) == (DeliveryStatus.SENT, Outcome.ACCEPTED, 250)


def test_what_is_rolled_back_is_never_sent(
    mailed: Scene, chatting: Scene, mailbox: Mailbox, receiver: Receiver
) -> None:
    def tell_and_fail() -> None:
        with transaction():
            tell([chatting.bureau.id], mailed.reader.roles, topic=Topic.AGREEMENT, key="a", title_zh="不会发生")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tell_and_fail()
    work()
    assert (told(mailed.reader), deliveries(), jobs(), mailbox.mails, receiver.posts) == ([], [], [], [], [])


def test_without_a_mail_server_or_a_proven_address_nothing_is_planned(scene: Scene, outbound: Outbound) -> None:
    with transaction():
        with_email(scene.reader)
    scene.tell(scene.reader, scene.head)
    outbound(smtp_url="smtp://mail.example.cn")
    scene.tell(scene.head, key="b")
    assert deliveries() == []


def test_a_group_chat_hears_once_what_several_are_told(chatting: Scene, receiver: Receiver) -> None:
    chatting.tell(chatting.reader, chatting.head)
    work()
    assert (len(receiver.posts), len(told(chatting.reader)), len(told(chatting.head))) == (1, 1, 1)
    assert receiver.posts[0].headers["X-Registry-Delivery"] == deliveries()[0].public_id
    assert "sign=" in receiver.posts[0].path
    assert receiver.posts[0].json["markdown"]["title"] == "协议已送达"


def test_a_group_chat_does_not_hear_everything(chatting: Scene, receiver: Receiver) -> None:
    with transaction():
        stranger = make_scene().reader
    chatting.tell(key="personal", personal=True)
    chatting.tell(key="topic", topic=Topic.COMMITMENT)
    chatting.tell(stranger, key="foreign")
    work()
    assert (deliveries(), receiver.posts) == ([], [])


def test_a_temporary_failure_is_tried_again_later(mailed: Scene, mailbox: Mailbox) -> None:
    mailbox.says = "451 try later"
    mailed.tell()
    work()
    (delivery,) = deliveries()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
    assert now() + timedelta(seconds=40) < delivery.due_at < now() + timedelta(seconds=80)
    assert jobs()[0].run_after == delivery.due_at
    mailbox.says = "250 OK"
    work()  # not yet
    assert len(attempts()) == 1
    time_passes()
    work()
    assert deliveries()[0].status is DeliveryStatus.SENT
    assert [(one.outcome, one.status_code) for one in attempts()] == [(Outcome.DEFERRED, 451), (Outcome.ACCEPTED, 250)]


def test_it_is_given_up_in_the_end_and_somebody_sees_it(chatting: Scene, receiver: Receiver) -> None:
    receiver.status = 503
    chatting.tell()
    for _ in range(MOST_ATTEMPTS + 2):
        work()
        time_passes()
    assert len(receiver.posts) == MOST_ATTEMPTS
    assert (deliveries()[0].status, jobs()[0].status) == (DeliveryStatus.FAILED, JobStatus.FAILED)
    assert "503" in jobs()[0].last_error
    assert [one.topic for one in told(chatting.head)] == [Topic.SYSTEM]
    assert len({one.headers["X-Registry-Delivery"] for one in receiver.posts}) == 1


def test_a_refusal_for_good_is_not_tried_again_unless_somebody_wants_it(mailed: Scene, mailbox: Mailbox) -> None:
    mailbox.says_of[EMAIL_OF] = "550 no such user"
    mailed.tell()
    work()
    assert (deliveries()[0].status, len(attempts())) == (DeliveryStatus.FAILED, 1)
    assert [one.topic for one in told(mailed.reader)] == [Topic.AGREEMENT, Topic.SYSTEM]  # the centre says so
    assert "核对" in told(mailed.reader)[-1].title_zh
    mailbox.says_of.clear()
    with transaction():
        jobs()[0].retry(now())
    work()
    assert (deliveries()[0].status, len(mailbox.mails)) == (DeliveryStatus.SENT, 1)


def test_a_mail_server_that_is_gone_makes_nobody_doubt_their_address(mailed: Scene, mailbox: Mailbox) -> None:
    mailbox.says = "451 try later"
    mailed.tell()
    for _ in range(MOST_ATTEMPTS):
        work()
        time_passes()
    assert deliveries()[0].status is DeliveryStatus.FAILED
    assert told(mailed.reader)[-1].title_zh == "邮件服务器未能接收发给您的邮件，请在消息中心查看消息"


class Killed(BaseException):
    """What no handler catches: the process ends here."""


def _killed(*_given: object, **_more: object) -> None:
    raise Killed


def _killed_after(work: Callable[..., object]) -> Callable[..., None]:
    def run(*given: object, **more: object) -> None:
        work(*given, **more)
        raise Killed

    return run


POINTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "before anything": ("jobs._attempt", _killed),
    "when the attempt is noted": ("delivering.begin", _killed_after),
    "before it is handed over": ("errand.run", _killed),
    "when it is handed over": ("errand.run", _killed_after),
    "before the answer is noted": ("delivering.settle", _killed),
    "when the answer is noted": ("delivering.settle", _killed_after),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_it_arrives_at_least_once(
    point: str, mailed: Scene, chatting: Scene, mailbox: Mailbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    chatting.tell(mailed.reader)
    with monkeypatch.context() as broken:
        _break(point, broken)
        for _ in deliveries():  # the worker that does the first is killed, and the one that does the second
            with pytest.raises(Killed):
                leases.run_next()
            db.session.rollback()
    assert not leases.run_next()  # the leases of those who were killed still hold
    for _ in range(3):
        time_passes()
        work()
    times = 2 if point in ("when it is handed over", "before the answer is noted") else 1
    by_mail, by_post = deliveries()
    assert [str(one["X-Registry-Delivery"]) for one in mailbox.mails] == [by_mail.public_id] * times
    assert [one.headers["X-Registry-Delivery"] for one in receiver.posts] == [by_post.public_id] * times
    assert (by_mail.status, by_post.status) == (DeliveryStatus.SENT, DeliveryStatus.SENT)
    assert len(told(mailed.reader)) == 1


def _break(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, how = POINTS[point]
    owner, name = place.split(".")
    owners: dict[str, list[Any]] = {"jobs": [works], "delivering": [delivering], "errand": [MailErrand, PostErrand]}
    for one in owners[owner]:
        monkeypatch.setattr(one, name, how if how is _killed else how(getattr(one, name)))


def _unknown(_public_id: str, _actor: object) -> object:
    raise NotFound


@pytest.mark.parametrize("what", ["disabled", "out of sight", "forgotten"])
def test_what_a_person_may_not_have_any_more_is_not_sent(
    mailed: Scene, mailbox: Mailbox, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = kinds.Kind("test", msg("Test"), "messages.index", _unknown)
    monkeypatch.setattr(kinds, "_kinds", {"test": kind})
    mailed.tell(**({"subject_kind": "test", "subject_public_id": "01J0X"} if what == "out of sight" else {}))
    with transaction():
        if what == "disabled":
            mailed.reader.status = UserStatus.DISABLED
        if what == "forgotten":
            forget_email(mailed.reader)
    work()
    (delivery,) = deliveries()
    assert (delivery.status, attempts(), mailbox.mails) == (DeliveryStatus.SKIPPED, [], [])
    assert delivery.reason
    assert jobs()[0].status is JobStatus.DONE


@pytest.mark.parametrize("what", ["off", "out of sight"])
def test_nor_a_group_chat(chatting: Scene, receiver: Receiver, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.Kind("test", msg("Test"), "messages.index", _unknown)
    monkeypatch.setattr(kinds, "_kinds", {"test": kind})
    chatting.tell(**({"subject_kind": "test", "subject_public_id": "01J0X"} if what == "out of sight" else {}))
    with transaction():
        channel = deliveries()[0].channel
        assert channel
        channel.active = what != "off"
    work()
    assert (deliveries()[0].status, receiver.posts) == (DeliveryStatus.SKIPPED, [])


def test_no_more_in_a_minute_than_the_robot_takes(chatting: Scene, receiver: Receiver) -> None:
    chatting.tell()
    first = now() - timedelta(seconds=50)
    with transaction():
        (delivery,) = deliveries()
        db.session.add_all(
            Attempt(delivery_id=delivery.id, channel_id=delivery.channel_id, began_at=first, outcome=Outcome.ACCEPTED)
            for _ in range(20)
        )
    work()
    (delivery,) = deliveries()
    assert (receiver.posts, delivery.attempts, delivery.status) == ([], 0, DeliveryStatus.QUEUED)
    assert delivery.due_at == first + timedelta(minutes=1)
    time_passes(timedelta(minutes=2))
    with transaction():
        for one in attempts():
            one.began_at -= timedelta(minutes=2)
    work()
    assert len(receiver.posts) == 1


def test_what_waits_for_its_turn_looks_once_and_goes_in_order(
    chatting: Scene, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand that all looked again every minute would leave the worker no time for anything else."""
    monkeypatch.setitem(PER_MINUTE, Via.DINGTALK, 2)
    for number in range(7):
        chatting.tell(key=f"told {number}")
    work()
    sent = [one.due_at for one in deliveries() if one.status is DeliveryStatus.QUEUED]
    assert (len(receiver.posts), len(sent)) == (2, 5)
    first, minute = sent[0], timedelta(minutes=1)
    assert sent == [first, first, first + minute, first + minute, first + 2 * minute]


def test_quiet_hours_hold_everything_but_what_is_urgent(scene: Scene, outbound: Outbound, mailbox: Mailbox) -> None:
    outbound(smtp_url=mailbox.url)
    clock = (now() + timedelta(hours=8)).time().replace(microsecond=0)
    hour = timedelta(hours=1)
    begin, end = ((now() + timedelta(hours=8) + one).time() for one in (-hour, hour))
    with transaction():
        with_email(scene.reader, quiet_from=begin, quiet_until=end)
    scene.tell(key="can wait")
    scene.tell(key="urgent", urgent=True, title_zh="紧急")
    work()
    assert [one["Subject"] for one in mailbox.mails] == ["紧急"]
    waiting = deliveries()[0]
    assert now() + hour - timedelta(minutes=5) < waiting.due_at <= now() + hour, clock


def test_one_email_a_day_for_who_wants_it_so(mailed: Scene, mailbox: Mailbox) -> None:
    with transaction():
        other = with_email(mailed.head, "li@example.cn")
        wants(other, Way.DIGEST)
    mailed.tell(mailed.head, key="one", title_zh="第一件")
    mailed.tell(mailed.head, key="two", title_zh="第二件")
    work()
    assert mailbox.mails == []
    day = now().date()
    assert (bundles.gather(day), bundles.gather(day)) == (1, 0)
    time_passes()
    work()
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("li@example.cn", "登记系统有2条消息")
    assert "1. 第一件" in text_of(mail)
    assert "2. 第二件" in text_of(mail)
    assert {one.status for one in deliveries()} == {DeliveryStatus.SENT}
    assert mail["Message-ID"] == f"<{deliveries()[0].public_id}@127.0.0.1>"


def test_a_topic_that_is_not_wanted_is_in_the_centre_only(mailed: Scene, mailbox: Mailbox) -> None:
    mailed.tell(key="r", topic=Topic.REMINDER)  # stands in the digest
    mailed.tell(key="d", topic=Topic.DIGEST)
    work()
    assert (len(told(mailed.reader)), len(mailbox.mails)) == (2, 1)


def test_no_secret_is_written_anywhere(
    mailed: Scene, chatting: Scene, mailbox: Mailbox, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.says = "554 no"
    receiver.answer = {"errcode": 310000, "errmsg": f"bad {KEY_OF_ROBOT} token={SECRET_OF_ROBOT}"}
    mailed.tell()
    work()
    receiver.server.server_close()
    mailed.tell(key="nobody there")
    work()
    logged = [one.getMessage() for one in caplog.records if one.name != "mail.log"]  # the test's own mail server
    kept = [*logged, *(one.words for one in attempts()), *(one.reason for one in deliveries())]
    kept += [one.last_error for one in jobs()] + [str(one.payload) for one in jobs()]
    everything = "\n".join(kept)
    assert "310000" in everything
    for secret in (KEY_OF_ROBOT, SECRET_OF_ROBOT, EMAIL_OF):
        assert secret not in everything


def test_an_answer_that_no_database_keeps_is_noted_all_the_same(chatting: Scene, receiver: Receiver) -> None:
    """Else the attempt would be made again and again, though the receiver has had it."""
    receiver.answer = b'{"errcode": %d, "errmsg": "no\\u0000 \\ud800thanks"}' % 10**30
    chatting.tell()
    work()
    (attempt,), (delivery,) = attempts(), deliveries()
    assert (attempt.outcome, attempt.status_code, attempt.words) == (Outcome.REFUSED, None, "no   thanks")
    assert delivery.status is DeliveryStatus.FAILED
    assert len(receiver.posts) == 1


def test_pauses_grow_and_end() -> None:
    for number, pause in enumerate(PAUSES, 1):
        found = pause_after(number)
        assert found
        assert pause * 0.8 <= found <= pause * 1.2
    assert pause_after(MOST_ATTEMPTS) is None
