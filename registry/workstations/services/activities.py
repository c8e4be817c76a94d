"""What a station did: recorded by either side, appended and corrected with a reason, never rewritten. 活动登记。"""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...records.happenings import Happening, Told, hears
from ...records.services import Changes, require_reason, settle, write
from .. import policy, queries
from ..enums import ActivityKind, ActivityState, WorkstationState
from ..inputs import ActivityDetails
from ..models import Workstation, WorkstationActivity
from . import KIND, reminders, signs

FIELDS = ("kind", "state", "day", "number", "master_plus", "note")
HEARD = "workstation:heard"


def add(station: Workstation, given: ActivityDetails, actor: User) -> WorkstationActivity:
    """Record an activity, planned or held. Raises Forbidden, Conflict while it is not open, Invalid by field."""
    decide(actor, Action.WORKSTATION_RECORD, station).enforce()
    if given.state is ActivityState.CANCELLED:
        raise Invalid({"state": [msg("Only what was planned can be cancelled")]})
    _check(station, given)
    activity = _new(station, given, actor)
    _settle(station, actor, {name: (None, getattr(activity, name)) for name in ("kind", "state", "day", "number")})
    return activity


def change(
    station: Workstation, activity: WorkstationActivity, given: ActivityDetails, reason: str, actor: User
) -> WorkstationActivity:
    """What was planned takes place, moves or is cancelled; what was held is corrected by a row of its own.

    Returns the row that counts. Raises Forbidden, Conflict when it was corrected before, Invalid by field; a
    cancellation and a correction need a reason.
    """
    policy.may_correct(actor, station, activity).enforce()
    _check(station, given)
    if activity.state is ActivityState.PLANNED:
        if given.state is ActivityState.CANCELLED:
            require_reason(reason)
            activity.cancel_reason = reason
        _settle(station, actor, write(activity, given, FIELDS), reason)
        return activity
    if given.state is ActivityState.PLANNED:
        raise Invalid({"state": [msg("What is over is not planned again")]})
    require_reason(reason)
    activity.superseded_reason = reason
    later = _new(station, given, actor)
    later.corrects_id = activity.id
    later.cancel_reason = reason if given.state is ActivityState.CANCELLED else ""
    both = {name: (getattr(activity, name), getattr(later, name)) for name in FIELDS}
    changes = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    _settle(station, actor, changes, reason)
    return later


def strike(station: Workstation, activity: WorkstationActivity, reason: str, actor: User) -> None:
    """It was entered by mistake and counts no more; the row stays in sight. Raises Forbidden, Conflict, Invalid."""
    policy.may_correct(actor, station, activity).enforce()
    require_reason(reason)
    activity.superseded_reason = reason
    _settle(station, actor, {"number": (activity.number, 0), "day": (activity.day, None)}, reason)


@hears(Happening.VISIT_HELD)
@hears(Happening.ACTIVITY_HELD)
def hear(told: Told) -> None:
    """A visit or an activity of another record concerned a station: a sign of life, no figure of its own."""
    if told.kind != KIND:
        return
    station = queries.heard_station(told.public_id)
    if station is None or station.state is WorkstationState.WITHDRAWN:
        return
    before = station.last_active_on
    signs.note(station, told)
    _heard(station)
    settle(station, None, HEARD, {"last_active_on": (before, station.last_active_on)})


def _new(station: Workstation, given: ActivityDetails, actor: User) -> WorkstationActivity:
    activity = WorkstationActivity(
        station=station,
        kind=given.kind,
        state=given.state,
        day=given.day,
        number=given.number,
        master_plus=given.master_plus,
        note=given.note,
        organisation_id=actor.organisation_id,
        recorded_by_id=actor.id,
    )
    db.session.add(activity)
    return activity


def _settle(station: Workstation, actor: User, changes: Changes, reason: str = "") -> None:
    _heard(station)
    settle(station, actor, Action.WORKSTATION_RECORD, changes, reason)


def _heard(station: Workstation) -> None:
    db.session.flush()
    station.heard_of(queries.last_sign(station.id))
    reminders.refresh(station)
    reminders.reconsider(station)


def _check(station: Workstation, given: ActivityDetails) -> None:
    """Held is not in the future, planned not in the past; nothing before the station began or after it paused."""
    problems: dict[str, list[Message]] = {}
    if given.state is ActivityState.HELD and given.day > today():
        problems["day"] = [msg("An activity is recorded as held once it took place")]
    if given.state is ActivityState.PLANNED and given.day < today():
        problems["day"] = [msg("What is planned lies ahead")]
    if station.started_on and given.day < station.started_on:
        problems["day"] = [msg("The station had not begun to operate on this day")]
    if station.state is WorkstationState.SUSPENDED and given.day > station.state_since:
        problems["day"] = [msg("The station is suspended since %(day)s", day=station.state_since)]
    if given.master_plus is not None and given.kind is not ActivityKind.INTRODUCED:
        problems["master_plus"] = [msg("Degrees are counted only of people introduced")]
    elif given.master_plus is not None and given.master_plus > given.number:
        problems["master_plus"] = [msg("This cannot be more than the number")]
    if problems:
        raise Invalid(problems)
