"""Stations with two idle or failing years in a row, for which a withdrawal is proposed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select

from ...core.db import db
from ..enums import ActivityState, Grade, WorkstationState
from ..models import Workstation, WorkstationActivity, WorkstationAssessment, WorkstationSign
from .figures import bounds

OPEN = (WorkstationState.OPERATING, WorkstationState.RECTIFYING, WorkstationState.SUSPENDED)


def two_bad_years(last: int, this_year: int, station_id: int | None = None) -> Sequence[int]:
    """Ids of stations for which `last` and the year before were idle or failed, and nobody decided about them yet.

    What a person decided for a year counts before what the figures say; only a year that is over can be idle.
    """
    statement = select(Workstation.id).where(
        Workstation.state.in_(OPEN),
        func.coalesce(Workstation.kept_after, 0) < last,
        *(_bad(year, is_over=year < this_year) for year in (last, last - 1)),
    )
    if station_id is not None:
        statement = statement.where(Workstation.id == station_id)
    return db.session.scalars(statement.order_by(Workstation.id)).all()


def _bad(year: int, *, is_over: bool) -> ColumnElement[bool]:
    one = WorkstationAssessment
    judged = select(one.id).where(one.workstation_id == Workstation.id, one.year == year, one.superseded_reason == "")
    failed = judged.where(one.grade == Grade.UNQUALIFIED).correlate(Workstation).exists()
    if not is_over:
        return failed
    whole = Workstation.started_on <= bounds(year)[0]
    return or_(failed, and_(whole, ~judged.correlate(Workstation).exists(), ~_alive(year)))


def _alive(year: int) -> ColumnElement[bool]:
    activity, sign = WorkstationActivity, WorkstationSign
    held = select(activity.id).where(
        activity.workstation_id == Workstation.id,
        activity.state == ActivityState.HELD,
        activity.superseded_reason == "",
        activity.day.between(*bounds(year)),
    )
    heard = select(sign.id).where(sign.workstation_id == Workstation.id, sign.day.between(*bounds(year)))
    return or_(held.correlate(Workstation).exists(), heard.correlate(Workstation).exists())
