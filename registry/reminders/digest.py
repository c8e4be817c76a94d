"""One digest a day for each person: what was told since the last, as far as it is still due and still theirs to see.

The message centre has each reminder at once; what goes out by e-mail is this. On days on which a person does not work
nothing is put together: the next working day's digest has it all. 每日提醒汇总.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, select, update
from sqlalchemy.orm import aliased

from ..accounts.models import User, UserStatus
from ..core.dates import today
from ..core.db import db, transaction
from ..core.instance import settings
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.models import Preference
from ..messages.services import send_all
from ..organisations.workdays import calendar
from . import words
from .models import Reminder
from .rules import Rule
from .sources.base import Due
from .sources.catalogue import SOURCES

PEOPLE = 100
SOON, NOW, LATE = ("即将到期", "Soon"), ("今日到期", "Due today"), ("已过期或停滞", "Overdue or stalled")
GROUPS = (LATE, NOW, SOON)
Told = Row[*tuple[Any, ...]]
Key = tuple[Rule, str, date, int]
AT_ONCE = 500


def put_together(day: date) -> int:
    """The digests of a day, today where that is later; how many. Whoever had theirs today waits for the next day's."""
    day, count, after = max(day, today()), 0, 0
    works = calendar().works_on(day)
    while people := _waiting(day, after, works=works):
        with transaction():
            count += _digest(_waiting(day, after, works=works), day)
        after = people[-1]
    return count


def _waiting(day: date, after: int, *, works: bool) -> Sequence[int]:
    """The next people for whom something waits: everybody on a working day, else who wants it on every day."""
    had = aliased(Reminder)
    wanted: list[ColumnElement[bool]] = [
        Reminder.digest_on.is_(None),
        Reminder.user_id > after,
        ~exists().where(had.user_id == Reminder.user_id, had.digest_on == day, had.in_digest),
    ]
    if not works:
        every_day = select(Preference.user_id).where(Preference.working_days_only.is_(False))
        wanted.append(Reminder.user_id.in_(every_day))
    statement = select(Reminder.user_id).where(*wanted).distinct().order_by(Reminder.user_id)
    return db.session.scalars(statement.limit(PEOPLE)).all()


def _digest(people: Sequence[int], day: date) -> int:
    told = _locked(people)
    theirs = [row for row in told if row.belongs and row.status is UserStatus.ACTIVE]
    due = _still_due(theirs)
    standing: dict[int, dict[Due, int]] = {}
    for row in theirs:
        if (one := due.get(_key(row))) is not None:
            standing.setdefault(row.user_id, {}).setdefault(one, row.id)
    count = send_all([_message(user_id, list(dues), day) for user_id, dues in standing.items()])
    _deal_with([row.id for row in told], day, in_digest=False)
    _deal_with([number for dues in standing.values() for number in dues.values()], day, in_digest=True)
    return count


def _locked(people: Collection[int]) -> Sequence[Told]:
    """Everything that waits for these people, with whose people they are now; whoever comes second finds nothing."""
    statement = (
        select(
            Reminder.id,
            Reminder.user_id,
            Reminder.rule,
            Reminder.subject_public_id,
            Reminder.due_on,
            Reminder.organisation_id,
            (User.organisation_id == Reminder.organisation_id).label("belongs"),
            User.status,
        )
        .join(User, User.id == Reminder.user_id)
        .where(Reminder.digest_on.is_(None), Reminder.user_id.in_(people))
        .order_by(Reminder.id)
        .with_for_update(of=Reminder)
    )
    return db.session.execute(statement).all()


def _key(row: Told) -> Key:
    return row.rule, row.subject_public_id, row.due_on, row.organisation_id


def _still_due(told: Sequence[Told]) -> Mapping[Key, Due]:
    """What is due of the same records now, to organisations that see them: a few statements for each rule."""
    found: dict[Key, Due] = {}
    for rule in {row.rule for row in told}:
        ids = sorted({row.subject_public_id for row in told if row.rule is rule})
        for source in SOURCES[rule]:
            for first in range(0, len(ids), AT_ONCE):
                dues = source.still(ids[first : first + AT_ONCE])
                found |= {(rule, due.public_id, due.due_on, due.organisation_id): due for due in dues}
    return found


def _deal_with(numbers: Sequence[int], day: date, *, in_digest: bool) -> None:
    for first in range(0, len(numbers), AT_ONCE):
        some = Reminder.id.in_(numbers[first : first + AT_ONCE])
        db.session.execute(update(Reminder).where(some).values(digest_on=day, in_digest=in_digest))


def _message(user_id: int, dues: Sequence[Due], day: date) -> NewMessage:
    ordered = sorted(dues, key=lambda due: (due.due_on, due.rule, due.public_id))
    groups = [[due for due in ordered if _group(due, day) is group] for group in GROUPS]
    zh, en = (_text(groups, day, language) for language in (0, 1))
    return NewMessage(
        recipient_id=user_id,
        topic=Topic.DIGEST,
        key=f"digest:{day}",
        title_zh=f"{day.isoformat()} 提醒汇总：{_counted(groups, 0)}",
        title_en=f"Reminders of {day.isoformat()}: {_counted(groups, 1)}",
        body_zh=zh,
        body_en=en,
        personal=True,
    )


def _group(due: Due, day: date) -> tuple[str, str]:
    if due.due_on == day:
        return NOW
    return LATE if due.due_on < day else SOON


def _counted(groups: Sequence[Sequence[Due]], language: int) -> str:
    counts = [(name[language], len(dues)) for name, dues in zip(GROUPS, groups, strict=True) if dues]
    if language:
        return ", ".join(f"{name.lower()} {number}" for name, number in counts)
    return "，".join(f"{name}{number}项" for name, number in counts)


def _text(groups: Sequence[Sequence[Due]], day: date, language: int) -> str:
    """A heading for each group that has anything, a line and an address for each thing."""
    parts = []
    for name, dues in zip(GROUPS, groups, strict=True):
        lines = [f"· {words.title(due, day)[language]}\n  {_address(due)}" for due in dues]
        if lines:
            parts.append("\n".join([f"【{name[0]}】" if not language else f"{name[1]}:", *lines]))
    return "\n\n".join(parts)


def _address(due: Due) -> str:
    """Leads to the record, whoever may see it then."""
    return f"{settings().public_url}/messages/to/{due.kind}/{due.public_id}"
