"""Rules beyond the policy table. Pure. 人才工作站规则."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.access.table import Relation
from ..core.i18n import Message, msg
from .enums import WorkstationState
from .models import Workstation, WorkstationActivity


def may_withdraw(actor: Actor, station: Workstation) -> Decision:
    """A founder's leader; from operation only where two bad years propose it, else after rectifying or suspension."""
    decision = decide(actor, Action.WORKSTATION_WITHDRAW, station)
    if decision and station.state is WorkstationState.OPERATING and station.proposed_after is None:
        return _not_yet(msg("A station in operation is put right or suspended before it is withdrawn"))
    return decision


def may_keep(actor: Actor, station: Workstation) -> Decision:
    """The answer to a proposed withdrawal."""
    decision = decide(actor, Action.WORKSTATION_KEEP, station)
    if decision and station.proposed_after is None:
        return _not_yet(msg("No withdrawal is proposed"))
    return decision


def may_name(actor: Actor, station: Workstation, organisation_id: int) -> Decision:
    """Founders name contacts of every side, the host its own liaison."""
    decision = decide(actor, Action.WORKSTATION_NAME_CONTACT, station)
    if decision and not _owns(actor, station) and organisation_id != actor.organisation_id:
        return no(msg("Each side names its own liaison"))
    return decision


def may_attach(actor: Actor, station: Workstation) -> Decision:
    """Files beside it come from whoever may name its contacts: writers of every side, until it is withdrawn."""
    return decide(actor, Action.WORKSTATION_NAME_CONTACT, station)


def may_correct(actor: Actor, station: Workstation, activity: WorkstationActivity) -> Decision:
    """Whoever recorded it, and the founders."""
    decision = decide(actor, Action.WORKSTATION_RECORD, station)
    if decision and activity.superseded_reason:
        return _not_yet(msg("This entry has been corrected already"))
    if decision and not _owns(actor, station) and activity.organisation_id != actor.organisation_id:
        return no(msg("The other side recorded this; only they and the founders correct it"))
    return decision


def _owns(actor: Actor, station: Workstation) -> bool:
    return Relation.OWN in station.relations_to(actor)


def _not_yet(reason: Message) -> Decision:
    """Refused by the present state."""
    return Decision(False, reason, wrong_state=True)
