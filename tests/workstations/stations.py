"""Workstations that tests begin with."""

from dataclasses import replace
from datetime import date, timedelta

from registry.core.dates import Precision, today
from registry.workstations.enums import ActivityKind, ActivityState, WorkstationKind
from registry.workstations.inputs import ActivityDetails, StationDetails, Targets
from registry.workstations.models import Workstation, WorkstationActivity
from registry.workstations.services import activities, entry, moves, yearly
from tests.agreements.scene import Scene

TALK, FAIR, INTRODUCED = ActivityKind.TALK, ActivityKind.FAIR, ActivityKind.INTRODUCED


def station_input(scene: Scene, **changes: object) -> StationDetails:
    """Of the bureau at the university, unveiled three years ago."""
    given = StationDetails(
        title_zh="鞍山市驻西北大学人才合作工作站",
        kind=WorkstationKind.TALENT_COOP,
        founders=(scene.bureau.organisation.public_id,),
        host=scene.university.organisation.public_id,
        unveiled_on=days_ago(3 * 366),
        unveiled_precision=Precision.DAY,
    )
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details


def make_station(scene: Scene, **changes: object) -> Workstation:
    """In preparation; the caller holds the transaction."""
    return entry.enter(station_input(scene, **changes), scene.bureau.handler)


def operating(scene: Scene, **changes: object) -> Workstation:
    """In operation since its unveiling."""
    station = make_station(scene, **changes)
    moves.start(station, None, scene.bureau.leader)
    return station


def days_ago(number: int) -> date:
    """A day before today."""
    return today() - timedelta(days=number)


def held(day: date, kind: ActivityKind = TALK, number: int = 1, **changes: object) -> ActivityDetails:
    """Something that took place."""
    given = ActivityDetails(kind, ActivityState.HELD, day, number)
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details


def record(scene: Scene, station: Workstation, *days: date, kind: ActivityKind = TALK) -> list[WorkstationActivity]:
    """Held on these days, recorded by the bureau's handler."""
    return [activities.add(station, held(day, kind), scene.bureau.handler) for day in days]


def expect(scene: Scene, station: Workstation, year: int, talks: int = 2, fairs: int = 1) -> None:
    """The targets of a year."""
    yearly.set_targets(station, Targets(year, {TALK: talks, FAIR: fairs}), scene.bureau.handler)
