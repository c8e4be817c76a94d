"""Enters all that the stories tell, each line once; an interrupted run goes on where it stopped. 录入新闻报道。"""

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.errors import Forbidden
from ..core.i18n import msg
from . import activities, agreements, mechanisms, workstations
from .keeping import Load

NEEDED = (Action.AGREEMENT_RECORD, Action.EVENT_ADD, Action.MECHANISM_ADD, Action.WORKSTATION_ADD, Action.ACTIVITY_ADD)


def load_stories(by: User, confirmed_by: User | None = None) -> tuple[Load, int]:
    """What was entered and what was there, and how many historic records were confirmed.

    Both are asked for their rights before anything is written. Raises Forbidden, and whatever a service refuses: what
    was entered before that stays, and another run goes on.
    """
    for action in NEEDED:
        decide(by, action).enforce()
    if confirmed_by is not None:
        _check_second(by, confirmed_by)
    run = Load(by, confirmed_by)
    workstations.load(run)  # first, since whoever neither founded nor oversees is refused
    agreements.load(run)
    mechanisms.load(run)
    activities.load(run)
    return run, agreements.confirm(run)


def _check_second(by: User, second: User) -> None:
    """Somebody else of the same organisation who may confirm."""
    decide(second, Action.EVENT_CONFIRM_BATCH).enforce()
    if second.id == by.id:
        raise Forbidden(msg("An entry is confirmed by another person than the one who made it"))
    if second.organisation_id != by.organisation_id:
        raise Forbidden(msg("Your organisation is not entitled to do this with this record"))
