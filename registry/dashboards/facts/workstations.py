"""What workstations add: their states, and the last sign of life of those that run. 工作站统计来源."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from ...core.db import db
from ...workstations.models import Workstation, WorkstationFounder, WorkstationVisibility
from ..cut import day_key
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import places_of

STATE, ACTIVE = "stations.state", "stations.active"


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Four queries for a batch."""
    seen, station = WorkstationVisibility, Workstation
    viewers = viewers_of(seen.record_id, seen.organisation_id, numbers)
    columns: tuple[Any, ...] = (
        station.id, station.state, station.host_id, station.quiet_since, station.last_active_on
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(station.id.in_(numbers))).all()
    founders = _founders(numbers)
    places = places_of({row.host_id for row in rows} | {one for found in founders.values() for one in found})
    return {
        row.id: [
            Given(
                viewers[row.id],
                places.localities_of(founders.get(row.id, ())),
                places.universities_of([row.host_id]),
                _facts(row),
            )
        ]
        for row in rows
    }


def _founders(numbers: Sequence[int]) -> dict[int, list[int]]:
    one = WorkstationFounder
    found: dict[int, list[int]] = {}
    statement = select(one.workstation_id, one.organisation_id).where(one.workstation_id.in_(numbers))
    for number, organisation_id in db.session.execute(statement):
        found.setdefault(number, []).append(organisation_id)
    return found


def _facts(row: Any) -> tuple[Fact, ...]:
    """A running station belongs to the day of its last sign of life: whether that is recent, the reader's day says."""
    state = Fact(STATE, part=str(row.state))
    if row.quiet_since is None or row.last_active_on is None:
        return (state,)
    return state, Fact(ACTIVE, day_key(row.last_active_on))


SOURCE = Source(
    Workstation.kind_code,
    read,
    numbers_of(Workstation.id),
    seen_in(WorkstationVisibility.record_id, WorkstationVisibility.organisation_id),
    {Workstation: "id", WorkstationFounder: "workstation_id", WorkstationVisibility: "record_id"},
    lambda organisation_id: select(Workstation.id).where(
        or_(
            Workstation.host_id == organisation_id,
            Workstation.id.in_(
                select(WorkstationFounder.workstation_id).where(WorkstationFounder.organisation_id == organisation_id)
            ),
        )
    ),
)
