"""Recording a year's working days from the State Council's notice. 录入工作日安排."""

from datetime import date

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import Stale
from ...jobs.services import enqueue
from .. import policy
from ..arrangement import Days, differences
from ..inputs import Arrangement
from ..models import WorkdayOverride, WorkdayYear
from ..queries.directory import get_by_id
from ..queries.workdays import days_of, find_year
from ..recount import RECOUNT_JOB
from .versions import refuse_stale


def arrange(actor: Actor, given: Arrangement, version: int) -> None:
    """Let the year have exactly these exceptions, by this notice; deadlines that wait are counted again afterwards.

    `version` is the year's, 0 when it was not recorded. Recording what is there already leaves no event.
    Raises Forbidden, Stale.
    """
    policy.may_arrange(actor, get_by_id(actor.organisation_id)).enforce()
    row = find_year(given.year, for_change=True)
    if row is not None:
        refuse_stale(row, version)
    before = days_of(given.year)
    changes: dict[str, tuple[object, object]] = {
        one.day.isoformat(): (_text(one.before), _text(one.after)) for one in differences(before, given.days)
    }
    if row is None or row.source != given.source:
        changes["source"] = (row.source if row else None, given.source)
    if not changes:
        return
    row = _put_year(row, given)
    _put_days(before, given.days)
    audit.record(actor, Action.WORKDAY_ARRANGE, row, changes)
    enqueue(RECOUNT_JOB, str(given.year), renew=True)


def _text(exception: object) -> str | None:
    return None if exception is None else str(exception)


def _put_year(row: WorkdayYear | None, given: Arrangement) -> WorkdayYear:
    """Raises Stale when somebody else recorded the year at the same moment."""
    if row is None:
        row = WorkdayYear(year=given.year, source=given.source)
        db.session.add(row)
    elif row.source != given.source:
        row.source = given.source
    else:
        row.row_version += 1  # only its days change, but a form made before has to notice
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Stale from error
    return row


def _put_days(before: Days, after: Days) -> None:
    changed: list[date] = [one.day for one in differences(before, after)]
    db.session.execute(delete(WorkdayOverride).where(WorkdayOverride.day.in_(changed)))
    for day in changed:
        if day in after:
            db.session.add(WorkdayOverride(day=day, kind=after[day].kind, holiday_zh=after[day].holiday_zh))
    db.session.flush()
