"""A year day by day: the right people get the right messages, none twice, none after the end."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.jobs import calendar as agreements_calendar
from registry.agreements.models import AgreementStatus
from registry.core.db import db, transaction
from registry.messages.enums import Topic
from registry.messages.models import Message
from registry.organisations.workdays import calendar
from registry.relationships.reminders import remind as remind_of_dormant
from registry.reminders import jobs
from registry.reminders.models import Reminder
from registry.tasks.models import Task
from registry.visits.services.reminders import remind as remind_of_visits
from registry.workstations.services.reminders import remind_silent
from tests.agreements.clock import Clock, install

from .year import BEGINS, ENDS, World, acts_of, make_world

# The server is switched off from the first of these days until the other.
OFF, ON_AGAIN = date(2026, 7, 8), date(2026, 7, 20)
OFFICE, HEADS = "handler section_head", "handler leader section_head"
SIGNERS = "handler seal_keeper signatory"
# Day; rule; record; days from the due date on; who is told, by organisation. A and B are bureaus, U and V universities.
EXPECTED = f"""
2026-01-10 unsigned stalled 5 A: {SIGNERS}; V: {SIGNERS}
2026-01-15 unsigned stalled 10 A: {SIGNERS}; V: {SIGNERS}
2026-01-16 archive framework -3 A: handler
2026-01-16 archive own -3 B: handler
2026-01-19 archive framework 0 A: handler
2026-01-19 archive own 0 B: handler
2026-01-20 archive framework 1 A: handler
2026-01-20 archive own 1 B: handler
2026-01-23 unsigned stalled 5 A: {SIGNERS}
2026-02-05 review reviewed 1 B: section_head
2026-02-08 review reviewed 4 B: section_head
2026-02-24 task task -3 V: handler
2026-02-27 task task 0 V: handler
2026-02-28 task task 1 V: handler
2026-03-07 task task 8 V: handler
2026-03-31 meeting mechanism -7 B: handler; U: handler
2026-04-06 meeting mechanism -1 B: handler; U: handler
2026-04-06 silence station 1 A: {OFFICE}; U: {OFFICE}
2026-05-06 silence station 31 A: {OFFICE}; U: {OFFICE}
2026-07-03 meeting mechanism -7 B: handler; U: handler
2026-07-05 dormancy B-V 1 B: {OFFICE}; V: {OFFICE}
2026-07-20 expiry framework -180 A: {OFFICE}; U: {OFFICE}
2026-07-20 expiry own -180 B: {OFFICE}; V: {OFFICE}
2026-07-25 dormancy A-V 1 A: {OFFICE}; V: {OFFICE}
2026-08-08 renewal framework -150 A: {HEADS}
2026-08-08 renewal own -150 B: {HEADS}
2026-08-19 silence station 1 A: {OFFICE}; U: {OFFICE}
2026-09-07 renewal framework -120 A: {HEADS}
2026-09-07 renewal own -120 B: {HEADS}
2026-09-23 dormancy A-V 61 A: {OFFICE}; V: {OFFICE}
2026-10-07 expiry framework -90 A: {OFFICE}; U: {OFFICE}
2026-11-06 expiry framework -60 A: {OFFICE}; U: {OFFICE}
2026-11-19 silence station 1 A: {OFFICE}; U: {OFFICE}
2026-11-21 renewal own -45 B: {HEADS}
2026-11-22 dormancy A-V 121 A: {OFFICE}; V: {OFFICE}
2026-12-06 commitment framework-M1 -30 A: {OFFICE}; U: {OFFICE}
2026-12-06 commitment framework-T1 -30 A: {OFFICE}
2026-12-06 commitment framework-T2 -30 A: {OFFICE}
2026-12-06 commitment framework-T9 -30 A: {OFFICE}; U: {OFFICE}
2026-12-06 expiry framework -30 A: {OFFICE}; U: {OFFICE}
2026-12-06 expiry own -30 B: {OFFICE}; V: {OFFICE}
2026-12-13 confirmation framework-T1 3 U: {OFFICE}
2026-12-16 renewal own -20 B: {HEADS}
2026-12-21 expiry framework -15 A: {OFFICE}; U: {OFFICE}
2026-12-21 expiry own -15 B: {OFFICE}; V: {OFFICE}
2026-12-26 commitment stalled-M1 -30 A: {OFFICE}; V: {OFFICE}
2026-12-26 commitment stalled-T1 -30 A: {OFFICE}
2026-12-26 commitment stalled-T2 -30 A: {OFFICE}
2026-12-26 commitment stalled-T9 -30 A: {OFFICE}; V: {OFFICE}
2026-12-29 commitment framework-M1 -7 A: {OFFICE}; U: {OFFICE}
2026-12-29 commitment framework-T2 -7 A: {OFFICE}
2026-12-29 commitment framework-T9 -7 A: {OFFICE}; U: {OFFICE}
2026-12-29 expiry framework -7 A: {OFFICE}; U: {OFFICE}
2026-12-29 expiry own -7 B: {OFFICE}; V: {OFFICE}
2026-12-29 visit own -7 B: handler
2027-01-05 commitment framework-M1 0 A: {OFFICE}; U: {OFFICE}
2027-01-05 commitment framework-T2 0 A: {OFFICE}
2027-01-05 commitment framework-T9 0 A: {OFFICE}; U: {OFFICE}
2027-01-05 visit own 0 B: handler
2027-01-18 commitment stalled-M1 -7 A: {OFFICE}; V: {OFFICE}
2027-01-18 commitment stalled-T1 -7 A: {OFFICE}
2027-01-18 commitment stalled-T2 -7 A: {OFFICE}
2027-01-18 commitment stalled-T9 -7 A: {OFFICE}; V: {OFFICE}
2027-01-25 commitment stalled-M1 0 A: {OFFICE}; V: {OFFICE}
2027-01-25 commitment stalled-T1 0 A: {OFFICE}
2027-01-25 commitment stalled-T2 0 A: {OFFICE}
2027-01-25 commitment stalled-T9 0 A: {OFFICE}; V: {OFFICE}
2027-01-26 commitment stalled-M1 1 A: {OFFICE}; V: {OFFICE}
2027-01-26 commitment stalled-T1 1 A: {OFFICE}
2027-01-26 commitment stalled-T2 1 A: {OFFICE}
2027-01-26 commitment stalled-T9 1 A: {OFFICE}; V: {OFFICE}
2027-01-29 dormancy B-U 1 B: {OFFICE}; U: {OFFICE}
"""


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    """After a year: everything has happened."""
    clock = install(Clock(BEGINS), monkeypatch)
    with transaction():
        world = make_world()
    acts = acts_of(world)
    while clock.today <= ENDS:
        if act := acts.get(clock.today):
            with transaction():
                act()
        if not OFF <= clock.today < ON_AGAIN:
            _work(clock.today)
        clock.pass_days(1)
    return world


def _work(day: date) -> None:
    """The registry's daily work; what else it does only now and then, since it finds nothing on most days."""
    if day.day in (1, 6, 20):
        for other in (agreements_calendar, remind_silent, remind_of_dormant, remind_of_visits):
            other(day)
    jobs.remind(day)
    if day.day % 7 == 0:  # somebody starts it once more
        jobs.remind(day)


def _lines(world: World) -> Iterator[str]:
    letters, subjects = world.letters(), world.subjects()
    told: dict[tuple[date, str, str, int], dict[str, list[str]]] = {}
    for reminder, user in db.session.execute(select(Reminder, User).join(User, User.id == Reminder.user_id)):
        about = subjects[reminder.subject_public_id]
        key = (reminder.reminded_on, str(reminder.rule), about, reminder.days)
        told.setdefault(key, {}).setdefault(letters[reminder.organisation_id], []).append(*user.roles)
    for (day, rule, about, days), people in sorted(told.items()):
        parts = (f"{one}: {' '.join(sorted(people[one]))}" for one in sorted(people))
        yield f"{day} {rule} {about} {days} " + "; ".join(parts)


def test_a_year(world: World) -> None:
    assert list(_lines(world)) == EXPECTED.strip().splitlines()
    _each_reminder_is_one_message()
    _digests_come_on_working_days_and_hold_everything()
    _nothing_comes_after_the_end(world)
    _tasks_of_the_registry_are_not_told_of_again()


def _each_reminder_is_one_message() -> None:
    reminders = Counter(db.session.scalars(select(Reminder.user_id)))
    messages = Counter(db.session.scalars(select(Message.recipient_id).where(Message.topic == Topic.REMINDER)))
    assert messages == reminders


def _digests_come_on_working_days_and_hold_everything() -> None:
    of_digests = select(Message).where(Message.topic == Topic.DIGEST)
    digests = {(one.recipient_id, one.key.removeprefix("digest:")) for one in db.session.scalars(of_digests)}
    works = calendar()
    assert all(works.works_on(date.fromisoformat(day)) for _person, day in digests)
    held = {(one.user_id, str(one.digest_on)) for one in db.session.scalars(select(Reminder).where(Reminder.in_digest))}
    assert digests == held
    # The end of January is a weekend: whatever was told before stood in a digest, or was done by then.
    assert not db.session.scalars(select(Reminder.id).where(Reminder.digest_on.is_(None))).all()
    assert len(digests) == db.session.query(Message).filter(Message.topic == Topic.DIGEST).count()


def _nothing_comes_after_the_end(world: World) -> None:
    ended = [one for one in (world.framework, world.own) if one.status is AgreementStatus.CLOSED]
    assert len(ended) == 2
    lines = [line.split() for line in EXPECTED.strip().splitlines()]
    assert max(line[0] for line in lines if line[2].startswith(("framework", "own"))) == "2027-01-05"
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(lines))


def _tasks_of_the_registry_are_not_told_of_again() -> None:
    """The registry opened tasks for the silent station and the dormant relationships; their rules tell of them."""
    keys = set(db.session.scalars(select(Task.key).where(Task.key != "")))
    assert {key.partition(":")[0] for key in keys} == {"workstation-silent", "relationship-silent"}
