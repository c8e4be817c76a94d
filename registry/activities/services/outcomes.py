"""Records that came out of an activity, or that it belongs to; they hear when it was held. 活动成果."""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Invalid, NotFound
from ...core.i18n import Message, msg
from ...records import kinds
from ...records.happenings import Happening, Told, tell
from ...records.services import settle
from ..enums import ActivityState
from ..inputs import OutcomeLine
from ..models import KIND, Activity, ActivityOutcome

MOST = 30


def link(activity: Activity, line: OutcomeLine, actor: User) -> None:
    """Link a record that the actor sees; one of a held activity hears of it at once.

    Raises Forbidden, Conflict when it was cancelled, Invalid for what is not there, or is linked already.
    """
    decide(actor, Action.ACTIVITY_LINK, activity).enforce()
    made = attach(activity, line, actor)
    settle(activity, actor, Action.ACTIVITY_LINK, {"outcome": (None, _label(made))})
    if activity.state is ActivityState.HELD:
        tell_one(activity, made)


def unlink(activity: Activity, outcome: ActivityOutcome, actor: User) -> None:
    """Take a link back. Raises Forbidden, Conflict when the activity was cancelled."""
    decide(actor, Action.ACTIVITY_LINK, activity).enforce()
    activity.outcomes.remove(outcome)
    settle(activity, actor, Action.ACTIVITY_LINK, {"outcome": (_label(outcome), None)})


def attach(activity: Activity, line: OutcomeLine, actor: User) -> ActivityOutcome:
    """The link alone, as part of another act. Raises Invalid."""
    if line.kind == KIND:
        raise _refused(msg("Parts of an activity are entered as such, not as what came out of it"))
    try:
        kinds.find(line.kind, line.public_id, actor)
    except NotFound as missing:
        raise _refused(msg("There is no such record, or your organisation does not see it")) from missing
    if any((one.subject_kind, one.subject_public_id) == (line.kind, line.public_id) for one in activity.outcomes):
        raise _refused(msg("This record is linked already"))
    if len(activity.outcomes) >= MOST:
        raise _refused(msg("At most %(most)s records can be linked", most=MOST))
    made = ActivityOutcome(subject_kind=line.kind, subject_public_id=line.public_id, link=line.link)
    activity.outcomes.append(made)
    return made


def tell_all(activity: Activity) -> None:
    """The activity was held: everything that it is linked to hears of it."""
    for outcome in activity.outcomes:
        tell_one(activity, outcome)


def tell_one(activity: Activity, outcome: ActivityOutcome) -> None:
    """Tell one record, with the last day; where no day is known there is nothing to tell."""
    day = activity.held_until or activity.held_on
    if day is not None:
        told = Told(activity, day, outcome.subject_kind, outcome.subject_public_id)
        tell(Happening.ACTIVITY_HELD, told)


def _label(outcome: ActivityOutcome) -> str:
    """By kind and public id: whoever reads the change log may not be one to read the record's title."""
    return f"{outcome.subject_kind} {outcome.subject_public_id}"


def _refused(message: Message) -> Invalid:
    return Invalid({"subject": [message]})
