"""Activities: one that was held, or is arranged, is contact between those who brought it about and who took part."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, or_, select

from ...activities.enums import ActivityState, Part
from ...activities.models import KIND, Activity, ActivityParty, ActivityVisibility
from ...core.access.decision import Actor
from ...core.clock import day
from ...core.dates import today
from ...core.db import db
from ..enums import Level
from ..pairs import ANY, AnyPair, Pair, both_take_part, local_organisations
from .base import Entry, Fact, Source, latest

PARTIES = (ActivityParty.activity_id, ActivityParty.organisation_id)


def facts(pair: Pair) -> Sequence[Fact]:
    """Held ones, and those arranged for a day to come."""
    found = db.session.execute(_held(), pair.sides).all()
    sides = _sides([row.id for row in found], pair)
    return [_fact(row, sides.get(row.id, frozenset())) for row in found]


@cache
def _held() -> Select[*tuple[Any, ...]]:
    return select(Activity.id, Activity.state, Activity.held_on, Activity.held_until).where(*_counts(ANY))


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each took or takes place, as far as the actor sees it."""
    seen = ActivityVisibility
    columns = (
        Activity.kind,
        Activity.state,
        Activity.title_zh,
        Activity.title_en,
        Activity.public_id,
        Activity.held_on,
        Activity.held_precision,
        Activity.place,
    )
    statement = select(*columns).join(seen, seen.record_id == Activity.id)
    rows = db.session.execute(statement.where(seen.organisation_id == actor.organisation_id, *_counts(pair)))
    return [_entry(row) for row in rows]


def _counts(pair: Pair | AnyPair) -> Iterator[ColumnElement[bool]]:
    """Both take part, and one of them organises or hosts: two guests of one launch have nothing together yet."""
    yield Activity.id.in_(both_take_part(PARTIES, pair))
    bring = select(ActivityParty.activity_id).where(_is_side(pair), ActivityParty.part != Part.PARTICIPANT)
    yield Activity.id.in_(bring)
    arranged = and_(Activity.state == ActivityState.PLANNED, Activity.ends_on >= day())
    yield or_(Activity.state == ActivityState.HELD, arranged)


def _is_side(pair: Pair | AnyPair) -> ColumnElement[bool]:
    own = ActivityParty.organisation_id
    return or_(own == pair.university, own.in_(local_organisations(pair.locality)))


def _fact(row: Row[*tuple[Any, ...]], sides: frozenset[int]) -> Fact:
    if row.state is ActivityState.PLANNED:
        return Fact(row.id, Level.CONTACT, sides, due=max(row.held_on, today()))
    return Fact(row.id, Level.CONTACT, sides, latest((row.held_on, row.held_until), today()))


def _sides(activity_ids: Sequence[int], pair: Pair) -> dict[int, frozenset[int]]:
    """Of the many who take part, those of this relationship."""
    found: dict[int, set[int]] = {}
    asked = db.session.execute(_parties(), {"ids": activity_ids, **pair.sides}) if activity_ids else ()
    for key, organisation_id in asked:
        if organisation_id is not None:
            found.setdefault(key, set()).add(organisation_id)
    return {key: frozenset(ids) for key, ids in found.items()}


@cache
def _parties() -> Select[int, int | None]:
    return select(ActivityParty.activity_id, ActivityParty.organisation_id).where(
        ActivityParty.activity_id.in_(bindparam("ids", expanding=True)), _is_side(ANY)
    )


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        row.held_on,
        row.kind.label,
        row.title_zh,
        row.title_en,
        "activities.show",
        row.public_id,
        "people",
        precision=row.held_precision,
        note=row.place,
        is_due=row.state is ActivityState.PLANNED,
    )


SOURCE = Source(KIND, facts, entries)
