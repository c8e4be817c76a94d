"""Who is told what and when: once, the latest only, by the settings that hold, to those who are there."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from registry.accounts.models import User
from registry.agreements.models import Agreement, Clearance
from registry.agreements.services import lifecycle
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.jobs.daily import names
from registry.messages.enums import Topic
from registry.messages.models import Message
from registry.organisations.models import OrganisationKind
from registry.reminders import delivery, services
from registry.reminders.inputs import Place
from registry.reminders.models import Reminder, ReminderRun
from registry.reminders.rules import Rule, Setting
from registry.reminders.sources.catalogue import SOURCES
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.models import Task
from tests.agreements.clock import Clock, install
from tests.agreements.scene import STAFF, Scene, make_scene, make_side
from tests.factories import make_user
from tests.states import Begin

ONE_DAY = timedelta(days=1)


def before_anything() -> Scene:
    with transaction():
        return make_scene()


def in_force() -> tuple[Scene, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


@pytest.fixture
def signed(begin_with: Begin) -> tuple[Scene, Agreement]:
    return begin_with(in_force)


@pytest.fixture
def agreement(signed: tuple[Scene, Agreement]) -> Agreement:
    return signed[1]


@pytest.fixture
def scene(request: pytest.FixtureRequest, begin_with: Begin) -> Scene:
    """With the agreement where a test asks for one."""
    if "agreement" in request.fixturenames:
        scene: Scene = request.getfixturevalue("signed")[0]
        return scene
    return begin_with(before_anything)


@pytest.fixture
def clock(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands at today until it is moved."""
    return install(Clock(today()), monkeypatch)


def on(clock: Clock, day: date, rule: Rule = Rule.EXPIRY) -> int:
    """The daily run of a day; how many reminders of a rule it gave."""
    clock.pass_days((day - clock.today).days)
    before = len(told(rule))
    delivery.remind(day)
    return len(told(rule)) - before


def told(rule: Rule) -> list[tuple[str, int, date]]:
    """Names of roles, days and day of all reminders of a rule."""
    rows = db.session.execute(select(Reminder, User).join(User, User.id == Reminder.user_id).order_by(Reminder.id))
    return [
        (f"{user.organisation.kind}:{'/'.join(sorted(user.roles))}", row.days, row.reminded_on)
        for row, user in rows
        if row.rule is rule
    ]


def reminding() -> list[Message]:
    """All reminders as messages, the first first."""
    return list(db.session.scalars(select(Message).where(Message.topic == Topic.REMINDER).order_by(Message.id)))


def before(days: int) -> date:
    """So many days before the last day in force."""
    last = db.session.scalars(select(Agreement.expires_on)).one()
    assert last
    return last - days * ONE_DAY


def give(scene: Scene, due_on: date, title: str = "落实筹备") -> Task:
    """A task of the university."""
    lead = scene.university.organisation.public_id
    return tasks.assign(NewTask(title, TaskSource.JOINT_MEETING, lead, due_on=due_on), scene.bureau.handler)


HEADS = [f"{kind}:{role}" for kind in ("hr_bureau", "university") for role in ("handler", "section_head")]


def test_it_is_daily_work(app: Flask) -> None:
    assert "reminders" in names()


def test_each_offset_tells_the_people_of_the_rules_roles(clock: Clock, agreement: Agreement) -> None:
    assert on(clock, before(61)) == 0
    assert on(clock, before(60)) == 4
    assert told(Rule.EXPIRY) == [(who, -60, before(60)) for who in HEADS]
    messages = reminding()
    assert {(one.subject_kind, one.subject_public_id) for one in messages} == {("agreement", agreement.public_id)}
    assert {one.title_zh for one in messages} == {f"协议到期（还有60天）：{agreement.title_zh}"}
    assert {one.title_en for one in messages} == {f"Agreement expires in 60 days: {agreement.title_zh}"}


def test_a_second_run_tells_nothing(clock: Clock, agreement: Agreement) -> None:
    assert on(clock, before(60)) == 4
    assert delivery.remind(clock.today) == 0
    assert on(clock, before(59)) == 0
    assert len(reminding()) == 4


def test_a_lost_run_is_known_by_what_was_told_already(clock: Clock, agreement: Agreement) -> None:
    """Killed after the messages and before the run was noted: it goes through the days once more."""
    on(clock, before(61))
    noted = dict(db.session.execute(select(ReminderRun.rule, ReminderRun.through)).all())
    on(clock, before(60))
    with transaction():
        for run in db.session.scalars(select(ReminderRun)):
            run.through = noted[run.rule]
    assert delivery.remind(clock.today) == 0
    assert len(told(Rule.EXPIRY)) == 4


def test_days_that_were_missed_are_caught_up_by_the_latest_alone(clock: Clock, agreement: Agreement) -> None:
    on(clock, before(200))
    assert on(clock, before(25)) == 4  # 180, 90, 60 and 30 lie between
    assert {days for _who, days, _day in told(Rule.EXPIRY)} == {-30}
    assert {days for _who, days, _day in told(Rule.RENEWAL)} == {-45}
    assert "还有25天" in reminding()[0].title_zh


def test_a_missed_day_beyond_the_days_for_latecomers_is_caught_up(clock: Clock, agreement: Agreement) -> None:
    on(clock, before(61))
    assert on(clock, before(60) + (delivery.LATE_DAYS + 5) * ONE_DAY) == 4


def test_jobs_of_missed_days_do_not_repeat_each_other(clock: Clock, agreement: Agreement) -> None:
    """The daily work has a job for each missed day; whichever runs first catches up."""
    on(clock, before(95))
    clock.pass_days(10)
    assert delivery.remind(clock.today - 3 * ONE_DAY) == 4
    assert [delivery.remind(clock.today - late * ONE_DAY) for late in (9, 0, 5)] == [0, 0, 0]


def test_a_clock_that_went_back_tells_nothing(clock: Clock, agreement: Agreement) -> None:
    on(clock, before(50))
    clock.pass_days(-10)
    assert delivery.remind(clock.today) == 0
    assert set(db.session.scalars(select(ReminderRun.through))) == {before(50)}


def test_what_is_entered_after_the_days_run_is_told_the_next_day(clock: Clock, scene: Scene) -> None:
    on(clock, clock.today)
    with transaction():
        give(scene, clock.today)
    assert on(clock, clock.today + ONE_DAY, Rule.TASK) == 2  # handler and section head of who leads it
    assert {days for _who, days, _day in told(Rule.TASK)} == {1}


def test_a_moved_due_date_begins_anew(clock: Clock, scene: Scene) -> None:
    with transaction():
        made = give(scene, clock.today)
    assert on(clock, clock.today, Rule.TASK) == 2
    with transaction():
        db.session.get_one(Task, made.id).due_on = clock.today + ONE_DAY
    assert on(clock, clock.today + ONE_DAY, Rule.TASK) == 2
    assert [days for _who, days, _day in told(Rule.TASK)] == [0, 0, 0, 0]


def test_repeats_end_at_their_cap(clock: Clock, scene: Scene) -> None:
    with transaction():
        give(scene, clock.today)
    for _ in range(80):
        on(clock, clock.today + ONE_DAY)
    assert sorted({days for _who, days, _day in told(Rule.TASK)}) == [1, 8, 15, 22, 29]


def test_nobody_is_told_while_an_agreement_is_suspended(clock: Clock, scene: Scene, agreement: Agreement) -> None:
    with transaction():
        lifecycle.suspend(agreement, "调整", scene.bureau.leader)
    assert on(clock, before(60)) == 0
    with transaction():
        lifecycle.resume(agreement, "恢复", scene.bureau.leader)
    assert on(clock, before(30)) == 4


def test_after_the_end_nobody_is_told(clock: Clock, agreement: Agreement) -> None:
    on(clock, before(3))
    clock.pass_days(10)
    with transaction():
        lifecycle.expire(clock.today)
    assert delivery.remind(clock.today) == 0


# Settings


def setting(**changes: object) -> Setting:
    given: dict[str, object] = {"before": (50,), "roles": frozenset({Role.LEADER})}
    return Setting(**(given | changes))  # type: ignore[arg-type]  # any field


def test_an_organisations_setting_holds_for_its_own_people_alone(
    clock: Clock, scene: Scene, agreement: Agreement
) -> None:
    with transaction():
        services.set_rule(Place(scene.bureau.organisation), Rule.EXPIRY, setting(), 0, scene.bureau.leader)
    assert on(clock, before(60)) == 2
    assert on(clock, before(50)) == 1
    assert told(Rule.EXPIRY) == [
        ("university:handler", -60, before(60)),
        ("university:section_head", -60, before(60)),
        ("hr_bureau:leader", -50, before(50)),
    ]


def test_an_agreements_setting_comes_before_the_organisations(clock: Clock, scene: Scene, agreement: Agreement) -> None:
    place, head = Place(scene.bureau.organisation, agreement), scene.bureau.section_head
    with transaction():
        services.set_rule(Place(scene.bureau.organisation), Rule.EXPIRY, setting(), 0, scene.bureau.leader)
        services.set_rule(place, Rule.EXPIRY, setting(before=(40,)), 0, head)
    assert [on(clock, before(days)) for days in (50, 40)] == [0, 1]
    with transaction():
        services.reset_rule(place, Rule.EXPIRY, 1, head)
    assert on(clock, before(30)) == 2  # the university's


def test_the_registrys_setting_holds_where_nobody_set_others(clock: Clock, agreement: Agreement) -> None:
    with transaction():
        admin = make_user(Role.SYSTEM_ADMIN)
        services.set_rule(Place(), Rule.EXPIRY, setting(is_on=False), 0, admin)
    assert on(clock, before(60)) == on(clock, before(50)) == 0


def test_a_setting_made_late_does_not_tell_of_long_ago(clock: Clock, scene: Scene, agreement: Agreement) -> None:
    on(clock, before(52))
    with transaction():
        new = setting(before=(80, 53))
        services.set_rule(Place(scene.bureau.organisation), Rule.EXPIRY, new, 0, scene.bureau.leader)
    assert on(clock, before(51)) == 1
    assert told(Rule.EXPIRY)[-1] == ("hr_bureau:leader", -53, before(51))
    assert on(clock, before(31)) == 0


# People


def test_who_left_is_not_told_and_who_came_is(clock: Clock, scene: Scene, agreement: Agreement) -> None:
    with transaction():
        scene.university.handler.disable()
        make_user(Role.HANDLER, organisation=scene.university.organisation, name="测试新人")
    assert on(clock, before(60)) == 4


def test_a_review_that_is_late_is_told_to_who_may_take_it(clock: Clock, scene: Scene) -> None:
    with transaction():
        scene.review()
    due = db.session.scalars(select(Clearance.due_on).order_by(Clearance.id)).first()
    assert due
    assert on(clock, due, Rule.REVIEW) == 0
    assert on(clock, due + ONE_DAY, Rule.REVIEW) == 1
    assert [who for who, _days, _day in told(Rule.REVIEW)] == ["hr_bureau:section_head"]


def test_strangers_are_told_nothing(clock: Clock, agreement: Agreement) -> None:
    with transaction():
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY, "610100", STAFF)
    on(clock, before(60))
    told_to = set(db.session.scalars(select(Reminder.user_id)))
    assert told_to.isdisjoint(person.id for person in stranger.people.values())


# Cost


def test_a_run_costs_the_same_for_many_as_for_one(clock: Clock, scene: Scene) -> None:
    def count(number: int) -> int:
        with transaction():
            for one in range(number):
                give(scene, clock.today, f"任务{clock.today}-{one}")
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert delivery.remind(clock.today) == 2 * number
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = count(1)
    on(clock, clock.today + ONE_DAY)
    clock.pass_days(1)
    assert count(9) == few
    assert len(SOURCES) > 8
