"""What a station did, what was expected, how it was judged: by year, in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import joinedload

from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import NotFound
from ...records import kinds
from ..enums import ActivityKind, ActivityState, Grade
from ..grading import Figures
from ..models import Workstation, WorkstationActivity, WorkstationAssessment, WorkstationSign, WorkstationTarget

MOST_ACTIVITIES = 300
Activity = WorkstationActivity


@dataclass(frozen=True)
class Counted:
    """What was done of one kind; `master_plus` only of people introduced."""

    number: int = 0
    master_plus: int = 0


@dataclass(frozen=True)
class Sign:
    """A day on which another record, by kind and public id, concerned the station; its titles where they are seen."""

    day: date
    kind: str
    public_id: str
    titles: kinds.Titles | None


def bounds(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def done_in(station_ids: Sequence[int], year: int) -> dict[int, dict[ActivityKind, Counted]]:
    """What was held in a year, by station and kind, for a page or a batch."""
    statement = (
        select(
            Activity.workstation_id,
            Activity.kind,
            func.sum(Activity.number).label("number"),
            func.sum(func.coalesce(Activity.master_plus, 0)).label("master_plus"),
        )
        .where(Activity.workstation_id.in_(station_ids), *_held(), Activity.day.between(*bounds(year)))
        .group_by(Activity.workstation_id, Activity.kind)
    )
    found: dict[int, dict[ActivityKind, Counted]] = {one: {} for one in station_ids}
    for row in db.session.execute(statement):
        found[row.workstation_id][row.kind] = Counted(int(row.number), int(row.master_plus))
    return found


def targets_in(station_ids: Sequence[int], year: int) -> dict[int, dict[ActivityKind, int]]:
    """What was expected of a year, by station and kind."""
    target = WorkstationTarget
    statement = select(target.workstation_id, target.kind, target.target).where(
        target.workstation_id.in_(station_ids), target.year == year
    )
    found: dict[int, dict[ActivityKind, int]] = {one: {} for one in station_ids}
    for row in db.session.execute(statement):
        found[row.workstation_id][row.kind] = row.target
    return found


def grades_in(station_ids: Sequence[int], year: int) -> dict[int, Grade]:
    """The grades that stand for a year, by station."""
    one = WorkstationAssessment
    statement = select(one.workstation_id, one.grade).where(
        one.workstation_id.in_(station_ids), one.year == year, one.superseded_reason == ""
    )
    return {row.workstation_id: row.grade for row in db.session.execute(statement)}


def figures_of(station: Workstation, year: int, today: date) -> Figures:
    """What the year's grade is suggested from, up to its last day or today."""
    first, last = bounds(year)
    last = min(today, last)
    begun = max(first, station.started_on or first)
    held = db.session.execute(
        select(Activity.kind, Activity.day, Activity.number).where(
            Activity.workstation_id == station.id, *_held(), Activity.day.between(first, last)
        )
    ).all()
    done: dict[ActivityKind, int] = {}
    for row in held:
        done[row.kind] = done.get(row.kind, 0) + row.number
    heard = [day for day in (last_sign(station.id, last), station.started_on) if day]
    return Figures(
        targets=targets_in([station.id], year)[station.id],
        done=done,
        active_months=len({row.day.month for row in held}),
        months=max(0, last.month - begun.month + 1),
        idle_days=max(0, (last - max(heard)).days) if heard else None,
    )


def last_sign(station_id: int, until: date | None = None) -> date | None:
    """The last day, up to one, of something held or of a visit."""
    days = union_all(
        select(func.max(Activity.day).label("day")).where(
            Activity.workstation_id == station_id, *_held(), *([Activity.day <= until] if until else [])
        ),
        select(func.max(WorkstationSign.day)).where(
            WorkstationSign.workstation_id == station_id, *([WorkstationSign.day <= until] if until else [])
        ),
    ).subquery()
    last: date | None = db.session.scalar(select(func.max(days.c.day)))
    return last


def activities_of(station: Workstation, year: int) -> Sequence[WorkstationActivity]:
    """The year's activities, the newest first, corrected ones too: what stood before is kept in sight."""
    statement = (
        select(Activity)
        .where(Activity.workstation_id == station.id, Activity.day.between(*bounds(year)))
        .order_by(Activity.day.desc(), Activity.id.desc())
        .options(joinedload(Activity.organisation))
        .limit(MOST_ACTIVITIES)
    )
    return db.session.scalars(statement).all()


def activity_of(station: Workstation, public_id: str) -> WorkstationActivity:
    """One activity of this station. Raises NotFound."""
    found = db.session.scalar(
        select(Activity).where(Activity.public_id == public_id, Activity.workstation_id == station.id)
    )
    if found is None:
        raise NotFound
    return found


def signs_of(station: Workstation, year: int, actor: Actor) -> Sequence[Sign]:
    """The year's visits and activities of other records that concern the station, with the titles that may be seen."""
    sign = WorkstationSign
    statement = (
        select(sign.day, sign.origin)
        .where(sign.workstation_id == station.id, sign.day.between(*bounds(year)))
        .order_by(sign.day.desc(), sign.id.desc())
        .limit(MOST_ACTIVITIES)
    )
    told = [(row.day, *row.origin.split(":", 1)) for row in db.session.execute(statement)]
    titles: dict[str, kinds.Titles] = {}
    for kind in sorted({code for _day, code, _public_id in told}):
        titles |= kinds.titles_of(kind, [public_id for _day, code, public_id in told if code == kind], actor)
    return [Sign(day, kind, public_id, titles.get(public_id)) for day, kind, public_id in told]


def assessments_of(station: Workstation) -> Sequence[WorkstationAssessment]:
    """All grades that were decided, the newest year first, those that were replaced too."""
    one = WorkstationAssessment
    statement = (
        select(one)
        .where(one.workstation_id == station.id)
        .order_by(one.year.desc(), one.id.desc())
        .options(joinedload(one.organisation), joinedload(one.decided_by))
    )
    return db.session.scalars(statement).all()


def standing(station: Workstation, year: int) -> WorkstationAssessment | None:
    """The grade that stands for a year."""
    one = WorkstationAssessment
    wanted = (one.workstation_id == station.id, one.year == year, one.superseded_reason == "")
    return db.session.scalar(select(one).where(*wanted))


def years_of(station: Workstation, today: date) -> list[int]:
    """The years that the page offers: from the start to this year, the newest first, at most ten."""
    first = station.started_on.year if station.started_on else today.year
    return list(range(today.year, max(first, today.year - 9) - 1, -1)) or [today.year]


def _held() -> tuple[Any, ...]:
    return (Activity.state == ActivityState.HELD, Activity.superseded_reason == "")
