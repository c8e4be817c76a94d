"""Reminding: whatever fell due since the last run, told once to each person whom it concerns. 提醒.

A rule is gone through by ranges of due dates from the day after its last run, so a missed day is caught up, and of
each record only the last reminder that has come is given. What was told stands in a row with a unique key, written
with the message: a second run, or two at once, tell nothing twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from ..core.dates import today
from ..core.db import db, transaction
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.services import send_all
from . import queries, words
from .cascade import Cascade
from .models import Reminder, ReminderRun
from .queries import Person
from .rules import SPECS, Rule
from .schedule import ONE_DAY, Window, due_windows, latest
from .sources.base import Due, Source
from .sources.catalogue import SOURCES

LATE_DAYS = 3  # what is entered so late, or waited for a setting, is still told of
CHUNK = 500
UNIQUE = ("rule", "subject_kind", "subject_public_id", "due_on", "days", "user_id")


@dataclass(frozen=True)
class Round:
    """One rule's run: the days whose reminders it gives, and every setting of the rule."""

    cascade: Cascade
    falling: Window

    @property
    def rule(self) -> Rule:
        """Which rule."""
        return self.cascade.rule

    @property
    def windows(self) -> Sequence[Window]:
        """Due dates to look at."""
        return due_windows(self.falling, self.cascade.offsets)


@dataclass(frozen=True)
class Wanted:
    """One reminder to one person."""

    due: Due
    days: int
    person: Person

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same reminder."""
        due = self.due
        return (due.rule, due.kind, due.public_id, due.due_on, self.days, self.person.id)


def remind(day: date) -> int:
    """Give every reminder that fell due through `day`, or through today where that is later; how many.

    Each batch is a transaction of its own; the run is noted when all of them are through.
    """
    through, ran = max(day, today()), queries.ran_through()
    count, cascades = 0, queries.cascades()
    rules = [rule for rule in SOURCES if ran.get(rule, through) <= through]  # the clock may have gone back
    for rule in rules:
        last = ran.get(rule, through - ONE_DAY)
        falling = Window(min(last + ONE_DAY, through) - LATE_DAYS * ONE_DAY, through)
        count += _go_through(Round(cascades[rule], falling))
    with transaction():
        _note(rules, through)
    return count


def _go_through(found: Round) -> int:
    if not found.windows:
        return 0
    return sum(_tell_batch(found, batch) for source in SOURCES[found.rule] for batch in _batches(source, found))


def _batches(source: Source, found: Round) -> Iterator[tuple[Source, Due | None]]:
    """Where each batch begins. They are looked at without a lock: on most days there is nothing to tell."""
    after: Due | None = None
    while batch := source.due_within(found.windows, after):
        yield source, after
        after = batch[-1]


def _tell_batch(found: Round, batch: tuple[Source, Due | None]) -> int:
    """Read the batch again inside the transaction that tells it: what was done meanwhile is due no more."""
    source, after = batch
    with transaction():
        return _tell(list(_wanted(found, source.due_within(found.windows, after))), found.falling.last)


def _wanted(found: Round, dues: Sequence[Due]) -> Iterator[Wanted]:
    people = queries.people_of({due.organisation_id for due in dues}, found.falling.last)
    for due in dues:
        setting, _level = found.cascade.at((due.organisation_id, due.agreement_id))
        days = None if due.suspended else latest(setting.offsets, due.due_on, found.falling)
        if days is not None:
            there = people.get(due.organisation_id, ())
            yield from (Wanted(due, days, one) for one in _told(due, setting.roles, there))


def _told(due: Due, roles: frozenset[Any], there: Sequence[Person]) -> Sequence[Person]:
    """The one whom it was given to while they are there, else everybody with one of the roles.

    A step that waits for a role is told to those who may take it, stand-ins too.
    """
    given = [one for one in there if one.id == due.person_id]
    if given:
        return given
    if SPECS[due.rule].by_step:
        return [one for one in there if (one.roles | one.handed) & roles & due.roles]
    return [one for one in there if one.roles & roles]


def _tell(wanted: Sequence[Wanted], day: date) -> int:
    """Write down those that were not told before, and tell them; in one order, so that two runs wait in turn."""
    by_key = {one.key: one for one in wanted}
    ordered = sorted(by_key)
    count = 0
    for first in range(0, len(ordered), CHUNK):
        new = _write_down([by_key[key] for key in ordered[first : first + CHUNK]], day)
        count += send_all([_message(by_key[tuple(row)], day) for row in new])
    return count


def _write_down(wanted: Sequence[Wanted], day: date) -> Sequence[Any]:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        dict(zip(UNIQUE, one.key, strict=True))
        | {"organisation_id": one.person.organisation_id, "reminded_on": day, "in_digest": False}
        for one in wanted
    ]
    statement = dialect.insert(Reminder).values(rows).on_conflict_do_nothing(index_elements=UNIQUE)
    columns = (getattr(Reminder, name) for name in UNIQUE)
    return db.session.execute(statement.returning(*columns)).all()


def _message(one: Wanted, day: date) -> NewMessage:
    due = one.due
    title, body = words.title(due, day), words.body(due)
    return NewMessage(
        recipient_id=one.person.id,
        topic=Topic.REMINDER,
        key=f"reminder:{due.rule}:{due.kind}:{due.public_id}:{due.due_on}:{one.days}",
        title_zh=title[0],
        title_en=title[1],
        body_zh=body[0],
        body_en=body[1],
        subject_kind=due.kind,
        subject_public_id=due.public_id,
    )


def _note(rules: Sequence[Rule], through: date) -> None:
    """A run that ended later does not take back what a further one noted."""
    if not rules:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ReminderRun).values([{"rule": rule, "through": through} for rule in sorted(rules)])
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["rule"],
            set_={"through": statement.excluded.through},
            where=ReminderRun.through < statement.excluded.through,
        )
    )
