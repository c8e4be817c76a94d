"""Rules beyond the policy table. Pure. 对接机制规则."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.i18n import msg
from .enums import NEXT, RUNNING, Stage
from .models import DockingMechanism


def may_advance(actor: Actor, mechanism: DockingMechanism) -> Decision:
    """The next stage: established when a day is given, regular after two meetings."""
    decision = decide(actor, Action.MECHANISM_ADVANCE, mechanism)
    if not decision:
        return decision
    if mechanism.stage not in NEXT:
        return no_yet(msg("This mechanism has no further stage of its own"))
    if mechanism.stage is Stage.PRELIMINARY and mechanism.established_on is None:
        return no_yet(msg("Enter first on which day the mechanism was established"))
    if mechanism.stage is Stage.ESTABLISHED and len(mechanism.meetings) < 2:
        return no_yet(msg("It runs regularly once two meetings are recorded"))
    return decision


def may_upgrade(actor: Actor, mechanism: DockingMechanism) -> Decision:
    """A framework draft is opened once, by who may enter drafts, when both sides are known organisations."""
    decision = decide(actor, Action.MECHANISM_UPGRADE, mechanism)
    if not decision:
        return decision
    if mechanism.agreement_id is not None:
        return no_yet(msg("Its agreement has been drafted already"))
    if not mechanism.meetings:
        return no_yet(msg("Record a meeting first: what is agreed upon is said there"))
    if any(party.organisation_id is None for party in mechanism.parties):
        return no_yet(msg("Say first which organisations the sides are"))
    return decision


def may_meet(actor: Actor, mechanism: DockingMechanism) -> Decision:
    """Either side records meetings while it runs."""
    return decide(actor, Action.MECHANISM_MEET, mechanism)


def is_running(mechanism: DockingMechanism) -> bool:
    """Whether the sides still meet."""
    return mechanism.stage in RUNNING


def no_yet(reason: object) -> Decision:
    """Refused by the present state."""
    return Decision(False, no(reason).reason, wrong_state=True)  # type: ignore[arg-type]  # a message
