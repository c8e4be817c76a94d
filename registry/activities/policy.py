"""Rules beyond the policy table. Pure. 活动规则."""

from datetime import date

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.i18n import Message, msg
from .enums import HOLDERS, ActivityKind, ActivityState
from .inputs import ActivityDetails, HeldDays
from .models import Activity, ActivityFigure

FUTURE = msg("This date lies in the future")
Problems = dict[str, list[Message]]


def may_check(actor: Actor, figure: ActivityFigure) -> Decision:
    """Somebody else than who entered it compares a figure with its source, once (two pairs of eyes)."""
    decision = decide(actor, Action.ACTIVITY_CHECK, figure.activity)
    if not decision:
        return decision
    if figure.superseded_at is not None or figure.checked_on is not None:
        return Decision(False, msg("This figure was checked or corrected already"), wrong_state=True)
    if figure.entered_by_id == actor.id:
        return no(msg("A figure is checked by another person than who entered it"))
    return decision


def may_correct(actor: Actor, figure: ActivityFigure) -> Decision:
    """A figure that still counts is corrected by those who keep the activity."""
    decision = decide(actor, Action.ACTIVITY_CORRECT, figure.activity)
    if decision and figure.superseded_at is not None:
        return Decision(False, msg("This figure was corrected already"), wrong_state=True)
    return decision


def may_attach(actor: Actor, activity: Activity) -> Decision:
    """Notices and photos are put beside an activity by those who keep it."""
    return decide(actor, Action.ACTIVITY_EDIT, activity)


def day_problems(days: HeldDays | ActivityDetails, state: ActivityState, source: str, today: date) -> Problems:
    """What is wrong with the days, by field: order, and for what was held, a future day or neither day nor source."""
    problems: Problems = {}
    is_held = state is ActivityState.HELD
    if days.held_on is None and days.held_until is not None:
        problems["held_on"] = [msg("Enter the first day as well")]
    if days.held_on and days.held_until and days.held_until < days.held_on:
        problems["held_until"] = [msg("The last day cannot come before the first")]
    for field, day in (("held_on", days.held_on), ("held_until", days.held_until)):
        if is_held and day and day > today:
            problems.setdefault(field, []).append(FUTURE)
    if is_held and days.held_on is None and not source:
        problems["held_on"] = [msg("Enter the day, or the source that tells of the activity")]
    return problems


def parent_problem(activity: Activity, kind: ActivityKind, parent: Activity, has_parts: bool) -> Message | None:
    """Why an activity cannot be part of another: one level, no circles."""
    if parent is activity:
        return msg("An activity cannot be part of itself")
    if kind is ActivityKind.SERIES:
        return msg("A series cannot be part of another activity")
    if parent.kind not in HOLDERS:
        return msg("Only a series, a launch, a ceremony or a meeting has parts")
    if parent.parent_id is not None:
        return msg("This activity is itself part of another: there is one level only")
    if has_parts:
        return msg("This activity has parts itself: there is one level only")
    return None
