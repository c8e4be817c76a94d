"""Rules beyond the policy table. Pure. 走访规则."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide
from ..core.i18n import msg
from .models import Visit, VisitFinding


def may_hold(actor: Actor, visit: Visit) -> Decision:
    """A planned visit is recorded by who keeps it."""
    return decide(actor, Action.VISIT_HOLD, visit)


def may_assign(actor: Actor, visit: Visit, finding: VisitFinding) -> Decision:
    """A finding becomes a task once, and anew where that was cancelled."""
    decision = decide(actor, Action.VISIT_ASSIGN, visit) and decide(actor, Action.TASK_ASSIGN)
    if decision and finding.is_dealt_with:
        return Decision(False, msg("This finding has become a task already"), wrong_state=True)
    return decision


def may_attach(actor: Actor, visit: Visit) -> Decision:
    """Photos and papers stand beside a visit that is planned or held, added by who keeps it."""
    return decide(actor, Action.VISIT_EDIT, visit)
