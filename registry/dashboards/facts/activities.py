"""What activities add: see `series`. 活动统计来源."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from ...activities.enums import ActivityState, Part
from ...activities.figure_codes import FigureCode
from ...activities.models import KIND, Activity, ActivityFigure, ActivityParty, ActivityVisibility
from ...activities.pairs import Pair
from ...activities.queries.predicates import EXACT_ENOUGH, programmes_of
from ...core.db import db
from ...organisations.queries.localities import counted_for
from ..cut import month_of
from .base import Given, Source, numbers_of, seen_in, viewers_of
from .places import Places, places_of
from .series import COUNTED, Held, Told, given_by

COLUMNS = (
    Activity.id, Activity.kind, Activity.parent_id, Activity.region_code, Activity.programme, Activity.held_on,
    Activity.held_precision,
)  # fmt: skip
TOLD = {*COUNTED, *(pair.part for pair in Pair), *(pair.whole for pair in Pair)}
UNKNOWN_MONTH = 0


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Seven queries for a batch: activities and what they are part of, and what both have beside them."""
    rows = _held(numbers)
    above = _held({row.parent_id for row in rows if row.parent_id} - set(numbers))
    held = {row.id: row for row in (*rows, *above)}
    known = _beside(held)
    found: dict[int, Sequence[Given]] = {}
    for row in rows:
        found[row.id] = list(given_by(known[row.id], known.get(row.parent_id or 0)))
    return found


def _held(numbers: Collection[int]) -> Sequence[Any]:
    wanted = (Activity.id.in_(numbers), Activity.state == ActivityState.HELD)
    return db.session.execute(select(*COLUMNS).where(*wanted)).all() if numbers else ()


def _beside(held: Mapping[int, Row[Any]]) -> dict[int, Held]:
    seen = ActivityVisibility
    viewers = viewers_of(seen.record_id, seen.organisation_id, held)
    sides, figures, counts_for = _sides(held), _figures(held), counted_for()
    places = places_of({one for found in sides.values() for one in found})
    return {
        number: Held(
            viewers[number],
            _localities(row, sides.get(number, ()), places, counts_for),
            places.universities_of(sides.get(number, ())),
            frozenset(programmes_of(row.programme)),
            month_of(row.held_on) if row.held_precision in EXACT_ENOUGH else UNKNOWN_MONTH,
            row.kind,
            figures.get(number, {}),
        )
        for number, row in held.items()
    }


def _localities(row: Row[Any], sides: Collection[int], places: Places, counts_for: Mapping[str, str]) -> frozenset[str]:
    """Where it takes place, and those that brought it about (`predicates.in_locality`)."""
    here = counts_for.get(row.region_code or "")
    return places.localities_of(sides) | ({here} if here else set())


def _sides(numbers: Collection[int]) -> dict[int, list[int]]:
    """Who brought each about; whoever only took part gains nothing by it."""
    party = ActivityParty
    statement = select(party.activity_id, party.organisation_id).where(
        party.activity_id.in_(numbers), party.part != Part.PARTICIPANT, party.organisation_id.is_not(None)
    )
    found: dict[int, list[int]] = {}
    for number, organisation_id in db.session.execute(statement):
        found.setdefault(number, []).append(organisation_id or 0)
    return found


def _figures(numbers: Collection[int]) -> dict[int, dict[FigureCode, Told]]:
    """As they stand: no plans, nothing that was corrected."""
    one = ActivityFigure
    columns: tuple[Any, ...] = (one.activity_id, one.code, one.value, one.unit, one.qualifier, one.needs_check)
    current = (one.superseded_at.is_(None), one.is_planned.is_(False), one.code.in_(TOLD))
    found: dict[int, dict[FigureCode, Told]] = {}
    for number, code, *told in db.session.execute(select(*columns).where(one.activity_id.in_(numbers), *current)):
        found.setdefault(number, {})[code] = Told(*told)
    return found


def parts_of(numbers: Sequence[int]) -> Collection[int]:
    """What is part of these: they count otherwise where what they are part of counts otherwise."""
    return db.session.scalars(select(Activity.id).where(Activity.parent_id.in_(numbers))).all()


SOURCE = Source(
    KIND,
    read,
    numbers_of(Activity.id),
    seen_in(ActivityVisibility.record_id, ActivityVisibility.organisation_id),
    {
        Activity: "id",
        ActivityFigure: "activity_id",
        ActivityParty: "activity_id",
        ActivityVisibility: "record_id",
    },
    lambda organisation_id: select(ActivityParty.activity_id).where(ActivityParty.organisation_id == organisation_id),
    {KIND: parts_of},
)
