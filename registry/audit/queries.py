"""Reading the chain: the auditor's page and export, and the history of one record. 审计查询.

Nothing here is cut to an organisation: the auditor sees all events, and whoever asks for a history has read the record.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, or_, select

from ..core.dates import SHANGHAI
from ..core.db import db
from .beside import beside
from .models import AuditEvent

COUNT_LIMIT = 1_000
EXPORT_BATCH = 1_000
COLUMNS = (
    AuditEvent.seq,
    AuditEvent.public_id,
    AuditEvent.happened_at,
    AuditEvent.action,
    AuditEvent.succeeded,
    AuditEvent.actor_id,
    AuditEvent.actor_name,
    AuditEvent.organisation_id,
    AuditEvent.object_type,
    AuditEvent.object_id,
    AuditEvent.object_label,
    AuditEvent.changes,
    AuditEvent.reason,
    AuditEvent.address,
    AuditEvent.request_id,
    AuditEvent.hash,
)


@dataclass(frozen=True)
class EventFilter:
    """What the auditor looks for; empty means all.

    `actor` is a part of a name; days are Shanghai's, both included. `subject` is a part of a record's name, or its
    public id: whatever happened to it under any name, to what tells of it (see `beside`), and what names it in its
    reason or its details, as the export of a list that was narrowed to it does.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    succeeded: bool | None = None


def list_events(wanted: EventFilter, offset: int = 0, limit: int = 25) -> tuple[Sequence[Row[Any]], int]:
    """A page of events, newest first, and how many there are; more than COUNT_LIMIT means many more."""
    conditions = list(_conditions(wanted))
    newest = select(*COLUMNS).where(*conditions).order_by(AuditEvent.seq.desc()).offset(offset).limit(limit)
    counted = select(AuditEvent.seq).where(*conditions).limit(COUNT_LIMIT + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return db.session.execute(newest).all(), total


def iterate_events(wanted: EventFilter, batch: int = EXPORT_BATCH) -> Iterator[Row[Any]]:
    """All events that fit, oldest first, a batch in memory at a time."""
    statement = select(*COLUMNS).where(*_conditions(wanted)).order_by(AuditEvent.seq).limit(batch)
    rows = db.session.execute(statement).all()
    while rows:
        yield from rows
        rows = db.session.execute(statement.where(AuditEvent.seq > rows[-1].seq)).all()


def history_of(object_type: str, object_id: str, limit: int = 50) -> Sequence[Row[Any]]:
    """What happened to one record, newest first: its class in lower case and its public id."""
    one: Select[Any] = select(*COLUMNS).where(AuditEvent.object_type == object_type, AuditEvent.object_id == object_id)
    return db.session.execute(one.order_by(AuditEvent.seq.desc()).limit(limit)).all()


def events_of(object_type: str, object_id: str, *, without: Sequence[str] = ()) -> Sequence[Row[Any]]:
    """Everything that happened to one record, oldest first, but for some actions."""
    one = select(*COLUMNS).where(
        AuditEvent.object_type == object_type, AuditEvent.object_id == object_id, AuditEvent.action.not_in(without)
    )
    return db.session.execute(one.order_by(AuditEvent.seq)).all()


def distinct_actions() -> Sequence[str]:
    """Every action that was ever recorded, sorted; jumps from one to the next in the index instead of reading all."""
    first = select(func.min(AuditEvent.action).label("action")).cte("actions", recursive=True)
    following = select(func.min(AuditEvent.action)).where(AuditEvent.action > first.c.action).scalar_subquery()
    actions = first.union_all(select(following).where(first.c.action.is_not(None)))
    found = select(actions.c.action).where(actions.c.action.is_not(None)).order_by(actions.c.action)
    return db.session.scalars(found).all()


def _conditions(wanted: EventFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        yield AuditEvent.actor_name.icontains(wanted.actor, autoescape=True)
    if wanted.action:
        yield AuditEvent.action == wanted.action
    if wanted.subject:
        yield _tells_of(wanted.subject)
    if wanted.since:
        yield AuditEvent.happened_at >= _midnight(wanted.since)
    if wanted.until:
        yield AuditEvent.happened_at < _midnight(wanted.until + timedelta(days=1))
    if wanted.succeeded is not None:
        yield AuditEvent.succeeded.is_(wanted.succeeded)


def _tells_of(text: str) -> ColumnElement[bool]:
    label, reason = AuditEvent.object_label, AuditEvent.reason
    named = or_(AuditEvent.object_id == text, label.icontains(text, autoescape=True))
    records = select(AuditEvent.object_id).where(named, AuditEvent.object_id != "")
    as_kept = json.dumps(text)[1:-1]  # JSON is stored with escapes
    return or_(
        named,
        *(AuditEvent.object_id.in_(found) for found in (records, *beside(records))),
        reason.icontains(text, autoescape=True),
        cast(AuditEvent.changes, Text).icontains(as_kept, autoescape=True),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
