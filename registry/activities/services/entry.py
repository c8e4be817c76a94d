"""Entering, changing, holding and cancelling activities. 活动录入与举办."""

from collections.abc import Sequence

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.db import db
from ...records.many import Made, keep_many
from ...records.services import moved, require_reason, settle
from ..enums import ActivityState
from ..inputs import ActivityDetails, HeldDays
from ..models import Activity
from . import figures, outcomes
from .writing import write_days, write_details


def enter(given: ActivityDetails, actor: User, *, is_demo: bool = False) -> Activity:
    """Enter an activity that the actor's organisation keeps, with its figures and links.

    Raises Forbidden, Invalid by field (`figure-<code>` for figures).
    """
    made = make(given, actor, is_demo=is_demo)
    activity = made.record
    db.session.add(activity)
    for line in given.outcomes:
        outcomes.attach(activity, line, actor)
    settle(activity, actor, Action.ACTIVITY_ADD, made.changes)
    if given.is_held:
        outcomes.tell_all(activity)
    return activity


def enter_many(made: Sequence[Made[Activity]], actor: User) -> list[str]:
    """Enter many that are linked with nothing, in a few statements; returns their public ids. Raises Forbidden."""
    decide(actor, Action.ACTIVITY_ADD).enforce()
    return keep_many(made, actor, Action.ACTIVITY_ADD)


def make(given: ActivityDetails, actor: User, *, is_demo: bool = False) -> Made[Activity]:
    """An activity as it is entered with its figures, not in the session yet. Raises Forbidden, Invalid by field."""
    decide(actor, Action.ACTIVITY_ADD).enforce()
    activity = Activity(
        owner=actor.organisation,
        created_by_id=actor.id,
        is_demo=is_demo,
        state=ActivityState.HELD if given.is_held else ActivityState.PLANNED,
    )
    with db.session.no_autoflush:  # a row that is half written is not to be sent
        write_details(activity, given, actor)
    changes = {"title": (None, activity.title_zh), "state": (None, str(activity.state))}
    return Made(activity, changes | figures.put(activity, given.figures, actor))


def edit(activity: Activity, given: ActivityDetails, actor: User) -> None:
    """Change what is known of it; figures, links, holding and cancelling are acts of their own.

    Raises Forbidden, Conflict when it was cancelled, Invalid by field.
    """
    decide(actor, Action.ACTIVITY_EDIT, activity).enforce()
    settle(activity, actor, Action.ACTIVITY_EDIT, write_details(activity, given, actor))


def hold(activity: Activity, days: HeldDays, actor: User) -> None:
    """planned → held, on the days given. What it is linked to hears of it.

    Raises Forbidden, Conflict, Invalid for a day in the future, or without a day and a source.
    """
    decide(actor, Action.ACTIVITY_HOLD, activity).enforce()
    before = activity.state
    activity.hold()
    changes = write_days(activity, days) | moved(before, activity.state)
    settle(activity, actor, Action.ACTIVITY_HOLD, changes)
    outcomes.tell_all(activity)


def cancel(activity: Activity, reason: str, actor: User) -> None:
    """planned → cancelled. Raises Forbidden, Conflict, Invalid without a reason."""
    decide(actor, Action.ACTIVITY_CANCEL, activity).enforce()
    require_reason(reason)
    before = activity.state
    activity.cancel(reason)
    settle(activity, actor, Action.ACTIVITY_CANCEL, moved(before, activity.state), reason)
