"""Who says how a rule reminds: the system administrator, an organisation's heads, a party's section head."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide
from .inputs import Place


def may_set(actor: Actor, place: Place) -> Decision:
    """Whether the actor may change settings at a place; those of an agreement hold for the actor's own people."""
    if place.agreement is not None:
        return decide(actor, Action.REMINDER_SET_AGREEMENT, place.agreement)
    if place.organisation is not None:
        return decide(actor, Action.REMINDER_SET, place.organisation)
    return decide(actor, Action.REMINDER_SET_SYSTEM)
