"""Where the dossier's stories remind: a year without a visit (8), promises that wait (9), a silent station (12)."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.commitments.models import Commitment, CommitmentPeriod
from registry.commitments.services import reporting, verifying
from registry.core.access.roles import Role
from registry.core.dates import add_months
from registry.core.db import db, transaction
from registry.messages.enums import Topic
from registry.messages.models import Message
from registry.reminders import delivery
from registry.tasks.models import Task
from registry.visits.inputs import FindingTask
from registry.visits.models import Visit
from registry.visits.services import findings
from registry.workstations.services import activities
from registry.workstations.services.reminders import remind_silent
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, make_scene
from tests.workstations.stations import FAIR, held, operating

from .test_sources import visit

BEGIN = date(2025, 9, 1)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(BEGIN), monkeypatch)


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:
    with transaction():
        return make_scene()


def titles(clock: Clock, day: date) -> dict[tuple[str, Role], list[str]]:
    """What the reminders of a day say, by kind of organisation and role."""
    clock.pass_days((day - clock.today).days)
    last = db.session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1)) or 0
    delivery.remind(day)
    found: dict[tuple[str, Role], list[str]] = {}
    new = (Message.id > last, Message.topic == Topic.REMINDER)
    statement = select(Message.title_zh, User).join(User, User.id == Message.recipient_id).where(*new)
    for title, user in db.session.execute(statement.order_by(Message.id)):
        (role,) = user.roles
        found.setdefault((str(user.organisation.kind), role), []).append(title)
    return found


BUREAU, SCHOOL = ("hr_bureau", Role.HANDLER), ("university", Role.HANDLER)


def test_8_a_year_without_a_visit_and_a_finding_that_is_not_dealt_with(clock: Clock, scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force_with_own_text()
    year = add_months(BEGIN, 12)
    assert titles(clock, year)[BUREAU] == [f"走访到期（今天）：{agreement.title_zh}"]
    with transaction():
        visit(scene, agreement, year, problems=("专业设置与岗位需求不匹配",))
        made = db.session.scalars(select(Visit)).one()
        new = FindingTask(lead=scene.bureau.organisation.public_id, days=5)
        findings.assign(made, made.problems[0], new, scene.bureau.handler)
    (task,) = db.session.scalars(select(Task))
    assert titles(clock, task.due_on)[BUREAU] == [f"任务到期（今天）：{task.title_zh}"]
    assert titles(clock, task.due_on + ONE_DAY)[BUREAU] == [f"任务到期（已过1天）：{task.title_zh}"]


def test_9_promises_wait_with_who_made_them_then_with_who_confirms(clock: Clock, scene: Scene) -> None:
    with transaction():
        scene.in_force()
    fairs = select(CommitmentPeriod).join(Commitment).where(Commitment.code == "T1").order_by(CommitmentPeriod.no)
    period = db.session.scalars(fairs.limit(1)).one()
    promise = period.commitment.title_zh
    assert f"承诺到期（还有7天）：{promise}" in titles(clock, period.due_on - 7 * ONE_DAY)[BUREAU]
    with transaction():
        reporting.report(period, 2, "照片见台账", [], scene.bureau.handler)
        reporting.request_close(period, "照片见台账", scene.bureau.handler)
    three_days_on = titles(clock, clock.today + 3 * ONE_DAY)
    assert f"承诺待确认3天：{promise}" in three_days_on[SCHOOL]
    assert not any(promise in title for title in three_days_on.get(BUREAU, []))
    with transaction():
        verifying.close(period, "属实", scene.university.handler)
    later = titles(clock, clock.today + 10 * ONE_DAY)
    assert not any(promise in title for several in later.values() for title in several)


def test_12_a_station_without_a_sign_for_91_days(clock: Clock, scene: Scene) -> None:
    with transaction():
        station = operating(scene, unveiled_on=BEGIN)
        activities.add(station, held(BEGIN), scene.university.handler)
        activities.add(station, held(BEGIN, FAIR), scene.bureau.handler)
    assert titles(clock, BEGIN + 90 * ONE_DAY) == {}
    clock.pass_days(1)
    remind_silent(clock.today)  # the registry's own task for both sides
    assert titles(clock, clock.today) == {
        (kind, role): [f"工作站91天没有活动：{station.title_zh}"]
        for kind in ("hr_bureau", "university")
        for role in (Role.HANDLER, Role.SECTION_HEAD)
    }
    with transaction():
        activities.add(station, held(clock.today), scene.university.handler)
    assert titles(clock, clock.today + 31 * ONE_DAY) == {}
