"""One digest a day for each person, of what is still due and still theirs to see."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, text

from registry.accounts.models import User
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.instance import settings
from registry.messages.enums import Topic, Via, Way
from registry.messages.models import Message, Preference
from registry.messages.services import bundles, outbox
from registry.organisations.workdays import calendar
from registry.reminders import delivery, digest, jobs
from registry.reminders.models import Reminder
from registry.tasks import closing
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.models import Task, TaskVisibility
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, make_scene
from tests.messages.scene import deliveries, wants, with_email
from tests.states import Begin

FRIDAY = date(2026, 11, 13)
ONE_DAY = timedelta(days=1)


def scene_of_november() -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def scene(begin_with: Begin) -> Scene:
    return begin_with(scene_of_november)


@pytest.fixture
def clock(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(FRIDAY), monkeypatch)


@pytest.fixture
def handler(scene: Scene, clock: Clock) -> User:
    """Of the university; nobody else there is told of tasks."""
    return scene.university.handler


def give(scene: Scene, due_on: date, title: str = "落实筹备") -> Task:
    lead, to = scene.university.organisation.public_id, scene.university.handler.public_id
    new = NewTask(title, TaskSource.JOINT_MEETING, lead, due_on=due_on, assignee=to)
    return tasks.assign(new, scene.bureau.handler)


def given(scene: Scene, *due: date) -> list[Task]:
    with transaction():
        return [give(scene, day, f"任务{number}") for number, day in enumerate(due, start=1)]


def digests(user: User) -> list[Message]:
    own = (Message.recipient_id == user.id, Message.topic == Topic.DIGEST)
    return list(db.session.scalars(select(Message).where(*own).order_by(Message.id)))


def run(clock: Clock, days: int = 0) -> None:
    clock.pass_days(days)
    jobs.remind(clock.today)


def test_a_person_has_one_digest_by_groups_with_an_address_for_each(clock: Clock, scene: Scene, handler: User) -> None:
    late, now, soon = given(scene, FRIDAY, FRIDAY, FRIDAY + 3 * ONE_DAY)
    with transaction():
        late = db.session.get_one(Task, late.id)
        late.starts_on = late.due_on = FRIDAY - ONE_DAY
    run(clock)
    (one,) = digests(handler)
    assert one.title_zh == "2026-11-13 提醒汇总：已过期或停滞1项，今日到期1项，即将到期1项"
    assert one.title_en == "Reminders of 2026-11-13: overdue or stalled 1, due today 1, soon 1"
    places = [one.body_zh.index(words) for words in ("【已过期", "任务1", "【今日", "任务2", "【即将", "任务3")]
    assert places == sorted(places)
    assert all(f"/messages/to/task/{task.public_id}" in one.body_zh for task in (late, now, soon))
    assert "Task due in 3 days: 任务3" in one.body_en
    assert (one.subject_kind, one.urgent) == ("", False)


def test_each_reminder_stands_in_the_message_centre_at_once(clock: Clock, scene: Scene, handler: User) -> None:
    given(scene, FRIDAY, FRIDAY)
    run(clock)
    of_reminders = select(Message).where(Message.topic == Topic.REMINDER, Message.recipient_id == handler.id)
    assert len(db.session.scalars(of_reminders).all()) == 2
    assert len(digests(handler)) == 1


def test_a_second_run_makes_no_second_digest(clock: Clock, scene: Scene, handler: User) -> None:
    given(scene, FRIDAY)
    run(clock)
    run(clock)
    given(scene, FRIDAY)
    run(clock)
    assert len(digests(handler)) == 1
    run(clock, 3)
    assert [one.key for one in digests(handler)] == ["digest:2026-11-13", "digest:2026-11-16"]


def test_free_days_wait_for_the_next_working_day(clock: Clock, scene: Scene, handler: User) -> None:
    given(scene, FRIDAY + ONE_DAY, FRIDAY + 2 * ONE_DAY)
    for _day in ("Saturday", "Sunday"):
        run(clock, 1)
        assert digests(handler) == []
    run(clock, 1)
    (one,) = digests(handler)
    assert one.key == "digest:2026-11-16"
    assert "任务1" in one.body_zh
    assert "任务2" in one.body_zh


def test_who_works_on_free_days_is_told_then(clock: Clock, scene: Scene, handler: User) -> None:
    given(scene, FRIDAY + ONE_DAY)
    with transaction():
        db.session.add(Preference(user_id=handler.id, working_days_only=False))
    run(clock, 1)
    assert len(digests(handler)) == 1


def test_a_holiday_is_no_working_day(clock: Clock, scene: Scene, handler: User) -> None:
    holiday = date(2027, 1, 1)
    assert not calendar().works_on(holiday)
    clock.pass_days((holiday - FRIDAY).days)
    given(scene, holiday)
    run(clock)
    assert digests(handler) == []


def test_what_was_done_meanwhile_is_left_out(clock: Clock, scene: Scene, handler: User) -> None:
    done, _open = given(scene, FRIDAY + ONE_DAY, FRIDAY + ONE_DAY)
    run(clock, 1)
    with transaction():
        closing.request_close(db.session.get_one(Task, done.id), "已办结", handler)
    run(clock, 2)
    (one,) = digests(handler)
    assert "任务1" not in one.body_zh
    assert "任务2" in one.body_zh
    assert db.session.query(Reminder).filter(Reminder.digest_on.is_(None)).count() == 0


def test_what_a_person_no_longer_sees_is_left_out(clock: Clock, scene: Scene, handler: User) -> None:
    hidden, _seen = given(scene, FRIDAY + ONE_DAY, FRIDAY + ONE_DAY)
    run(clock, 1)
    with transaction():
        theirs = (TaskVisibility.record_id == hidden.id, TaskVisibility.organisation_id == handler.organisation_id)
        db.session.execute(delete(TaskVisibility).where(*theirs))
    run(clock, 2)
    (one,) = digests(handler)
    assert "任务1" not in one.body_zh


def test_nothing_left_makes_no_digest(clock: Clock, scene: Scene, handler: User) -> None:
    (done,) = given(scene, FRIDAY + ONE_DAY)
    run(clock, 1)
    with transaction():
        closing.request_close(db.session.get_one(Task, done.id), "已办结", handler)
    run(clock, 2)
    assert digests(handler) == []


def test_who_moved_away_is_told_nothing_of_the_former_office(clock: Clock, scene: Scene, handler: User) -> None:
    given(scene, FRIDAY + ONE_DAY)
    run(clock, 1)
    with transaction():
        db.session.get_one(User, handler.id).organisation_id = scene.bureau.organisation.id
    run(clock, 2)
    assert digests(handler) == []


def test_many_people_are_gone_through_in_batches(clock: Clock, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = scene.university.organisation.public_id
    with transaction():
        tasks.assign(NewTask("落实", TaskSource.JOINT_MEETING, lead, due_on=FRIDAY), scene.bureau.handler)
    monkeypatch.setattr(digest, "PEOPLE", 1)
    delivery.remind(clock.today)
    assert digest.put_together(clock.today) == 2
    assert [len(digests(one)) for one in (scene.university.handler, scene.university.section_head)] == [1, 1]
    assert today() == FRIDAY


def test_the_digest_is_in_the_same_days_email(
    clock: Clock, scene: Scene, handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the day's tasks comes first."""
    monkeypatch.setattr(outbox, "settings", lambda: replace(settings(), smtp_url="smtp://mail.example.cn"))
    given(scene, FRIDAY)
    with transaction():
        wants(with_email(handler), Way.DIGEST, Topic.DIGEST)
    bundles.gather(clock.today)
    run(clock)
    assert [(one.via, one.bundle_on) for one in deliveries()] == [(Via.EMAIL, FRIDAY)]


def test_who_waits_is_found_without_going_through_what_was_told_before(app: Flask) -> None:
    """Years of reminders stay, so that none is repeated: each look at them has an index to go by."""
    seen: list[tuple[Any, Any]] = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *given: seen.append((given[2], given[3])))
    try:
        digest.put_together(FRIDAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    (asked,) = [one for one in seen if "FROM reminder" in one[0]]
    on_sqlite = db.engine.dialect.name == "sqlite"
    if not on_sqlite:  # which reads a small table through as long as it may
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    plan = "\n".join(str(row[-1]) for row in db.session.connection().exec_driver_sql(f"{explain} {asked[0]}", asked[1]))
    assert "ix_reminder_digest" in plan
    assert "SCAN reminder" not in plan
