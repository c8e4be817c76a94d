"""Visits between a locality and a university: one that took place is contact, one that is planned is due."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.i18n import msg
from ...visits.enums import VisitState
from ...visits.models import Visit, VisitVisibility
from ..enums import Level
from ..pairs import ANY, AnyPair, Pair, local_organisations
from .base import Entry, Fact, Source, seen_subjects

# Who visits and who is visited; that a third organisation keeps the record makes it no side.
COLUMNS = (Visit.visitor_id, Visit.visited_id)
SHOWN = (VisitState.HELD, VisitState.PLANNED)


def facts(pair: Pair) -> Sequence[Fact]:
    """Held visits; planned ones are due, but an intention is no contact."""
    return [_fact(row) for row in db.session.execute(_shown(), pair.sides)]


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    columns = (Visit.id, *COLUMNS, Visit.state, Visit.held_on, Visit.planned_on, Visit.next_on)
    return select(*columns).where(_between(ANY), Visit.state.in_(SHOWN))


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    is_held = row.state is VisitState.HELD
    ahead = row.next_on if is_held else row.planned_on
    sides = frozenset({row.visitor_id, row.visited_id})
    due = ahead if ahead and ahead >= today() else None
    return Fact(row.id, Level.CONTACT if is_held else None, sides, row.held_on, due)


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """Each held visit and the day that it set for the next; planned ones as due."""
    seen = VisitVisibility
    between = select(Visit.id).where(_between(pair))  # first these few, then which of them are seen
    statement = (
        select(Visit)
        .join(seen, seen.record_id == Visit.id)
        .where(Visit.id.in_(between), Visit.state.in_(SHOWN), seen.organisation_id == actor.organisation_id)
    )
    found = db.session.scalars(statement).all()
    subjects = seen_subjects(found, actor)
    return [entry for one in found for entry in _entries(one, one.subject_public_id in subjects)]


def _entries(one: Visit, is_subject_seen: bool) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "visits.show", one.public_id)
    if one.held_on is None:
        day, is_ahead = one.planned_on, one.planned_on >= today()
        note = one.subject_title[:80] if is_subject_seen else ""
        yield Entry(day, msg("Visit planned"), *same, "calendar-check", note=note, is_due=is_ahead)
        return
    yield Entry(one.held_on, msg("Visit"), *same, "geo-alt", "ok", note=one.findings[:80])
    if one.next_on and one.next_on >= today():
        yield Entry(one.next_on, msg("Next visit"), *same, "calendar-check", is_due=True)


def _between(pair: Pair | AnyPair) -> ColumnElement[bool]:
    local = local_organisations(pair.locality)
    out = (Visit.visitor_id == pair.university) & Visit.visited_id.in_(local)
    back = (Visit.visited_id == pair.university) & Visit.visitor_id.in_(local)
    return out | back


SOURCE = Source(Visit.kind_code, facts, entries)
