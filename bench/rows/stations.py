"""Workstations of a bureau at a university, and what they did."""

from datetime import date, timedelta

from registry.workstations.models import (
    Workstation,
    WorkstationActivity,
    WorkstationFounder,
    WorkstationTarget,
    WorkstationVisibility,
)

from .cast import Cast
from .writing import Row, Rows, every, repeated, seen

EVERY = 50
ACTIVITIES = 6
STATES = repeated({"operating": 8, "rectifying": 1, "withdrawn": 1})
KINDS = ("talent_coop", "talent_attract", "guidance", "post_house", "liaison")
DONE = (("talk", 2), ("fair", 1), ("posts", 120), ("internship", 15))


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for every fifty agreements."""
    for number in every(EVERY, first, size):
        bureau, school = cast.sides()
        days = sorted(day for day in (cast.day() for _ in range(ACTIVITIES + 1)))
        row = _station(number, bureau, school, days, cast)
        yield Workstation, row
        yield WorkstationFounder, {"workstation_id": number, "position": 1, "organisation_id": bureau}
        yield WorkstationTarget, {"workstation_id": number, "year": cast.now.year, "kind": "talk", "target": 4}
        yield from seen(WorkstationVisibility, row, row["state"], {bureau, school}, cast.above)
        yield from ((WorkstationActivity, _activity(number, bureau, day, cast)) for day in days[1:])


def _station(number: int, bureau: int, school: int, days: list[date], cast: Cast) -> Row:
    state, begun, last = cast.dice.choice(STATES), days[0], days[-1]
    runs = state != "withdrawn"
    return {
        "id": number,
        "kind": cast.dice.choice(KINDS),
        "state": state,
        "state_since": begun if runs else last + timedelta(days=30),
        "state_reason": "" if runs else "合作结束",
        "title_zh": f"{cast.called(bureau)[:3]}驻{cast.called(school)}人才工作站",
        "owner_id": bureau,
        "host_id": school,
        "unveiled_on": begun,
        "unveiled_precision": "day",
        "started_on": begun,
        "sort_on": begun,
        "running_since": begun if runs else None,
        "last_active_on": last,
        "quiet_since": last if runs else None,
        "is_demo": True,
    }


def _activity(number: int, bureau: int, day: date, cast: Cast) -> Row:
    kind, counted = cast.dice.choice(DONE)
    return {
        "workstation_id": number,
        "kind": kind,
        "state": "held",
        "day": day,
        "number": counted,
        "organisation_id": bureau,
    }
