"""Visits that somebody should have recorded, and follow-ups that nobody planned. 待登记与待再访。"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import aliased, contains_eager

from ...core.db import db
from ...organisations.models import Organisation, OrganisationStatus
from ...tasks.enums import UNFINISHED
from ...tasks.models import Task
from ..enums import VisitState
from ..models import Visit

# What was agreed upon long ago is history: a ledger of past years, entered at once, reminds nobody.
LOOK_BACK = timedelta(days=60)


def unrecorded(day: date) -> Sequence[Visit]:
    """Planned for a day before this one, and nobody said what became of it."""
    late = (Visit.state == VisitState.PLANNED, Visit.planned_on < day, Visit.planned_on >= day - LOOK_BACK)
    return _kept_by_active(select(Visit).where(*late))


def unplanned_follow_ups(day: date) -> Sequence[Visit]:
    """Held visits whose follow-up has come, without a later visit of the same organisation to the same employer."""
    later = aliased(Visit)
    planned = select(later.id).where(
        later.owner_id == Visit.owner_id,
        later.employer_key == Visit.employer_key,
        or_(later.state == VisitState.PLANNED, later.held_on > Visit.held_on),
    )
    due = (Visit.state == VisitState.HELD, Visit.next_on <= day, Visit.next_on >= day - LOOK_BACK)
    return _kept_by_active(select(Visit).where(*due, ~planned.correlate(Visit).exists()))


def _kept_by_active(statement: Select[Visit]) -> Sequence[Visit]:
    """Of an organisation that was dissolved nobody is left to be reminded."""
    active = statement.join(Visit.owner).where(Organisation.status == OrganisationStatus.ACTIVE)
    return db.session.scalars(active.options(contains_eager(Visit.owner)).order_by(Visit.id)).all()


def followed_up_by(visit: Visit) -> Sequence[str]:
    """Public ids of earlier visits to the same employer that asked for a follow-up."""
    day = visit.held_on or visit.planned_on
    earlier = (Visit.employer_key == visit.employer_key, Visit.state == VisitState.HELD, Visit.held_on < day)
    asked = (Visit.owner_id == visit.owner_id, Visit.next_on.is_not(None), Visit.id != visit.id)
    return db.session.scalars(select(Visit.public_id).where(*earlier, *asked)).all()


def waiting_followed_up_by(visits: Sequence[Visit]) -> list[str]:
    """The same for many held visits of one owner, one query: of the earlier ones only those with an open reminder."""
    last: dict[str, date] = {}
    for one in visits:
        last[one.employer_key] = max(one.held_on or one.planned_on, last.get(one.employer_key, date.min))
    key = literal("visit:").concat(Visit.public_id).concat(":follow_up")
    reminded = select(Task.id).where(Task.key == key, Task.state.in_(UNFINISHED)).correlate(Visit).exists()
    wanted = (Visit.owner_id.in_({one.owner_id for one in visits}), Visit.next_on.is_not(None), reminded)
    rows = db.session.execute(select(Visit.public_id, Visit.employer_key, Visit.held_on).where(*wanted)).all()
    return [one.public_id for one in rows if one.held_on and one.held_on < last.get(one.employer_key, date.min)]
