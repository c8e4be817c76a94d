"""Who may add, remove and read: by the policy table, and by what the record's own package says. Pure. 附件规则."""

from ..core.access.actions import Action
from ..core.access.decision import YES, Actor, Decision, decide, no
from ..core.i18n import msg
from .models import Attachment
from .subjects import Kind, Record


def may_add(actor: Actor, kind: Kind, record: Record) -> Decision:
    """Whoever the record's package lets attach."""
    allowed = decide(actor, Action.ATTACHMENT_ADD)
    return kind.may_attach(actor, record) if allowed else allowed


def may_remove(actor: Actor, kind: Kind, record: Record) -> Decision:
    """The same people."""
    allowed = decide(actor, Action.ATTACHMENT_REMOVE)
    return kind.may_attach(actor, record) if allowed else allowed


def may_read(actor: Actor, kind: Kind, record: Record, attachment: Attachment) -> Decision:
    """Whoever sees the record; what was removed, only those who may remove."""
    if attachment.removed_at is None or may_remove(actor, kind, record):
        return YES
    return no(msg("This attachment was removed before"))
