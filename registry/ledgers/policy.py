"""Who may do what with imports. 导入权限."""

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide
from .models import ImportBatch
from .targets.base import Target


def may_import(actor: Actor, target: Target) -> Decision:
    """Whoever may enter such records one by one may enter many."""
    allowed = decide(actor, Action.LEDGER_IMPORT)
    return decide(actor, target.action) if allowed else allowed


def may_change(actor: Actor, batch: ImportBatch, target: Target) -> Decision:
    """Say what columns and names mean, have it checked anew, abandon it."""
    allowed = decide(actor, Action.LEDGER_CHANGE, batch)
    return decide(actor, target.action) if allowed else allowed


def may_enter(actor: User, batch: ImportBatch, target: Target) -> Decision:
    """Confirm what was checked."""
    allowed = decide(actor, Action.LEDGER_ENTER, batch)
    return decide(actor, target.action) if allowed else allowed


def may_undo(actor: Actor, batch: ImportBatch, target: Target) -> Decision:
    """Take back what was entered: whoever may enter such records."""
    allowed = decide(actor, Action.LEDGER_UNDO, batch)
    return decide(actor, target.action) if allowed else allowed
