"""Who may do what with certificates. Pure. 证书规则."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.i18n import msg
from .models import SigningCertificate


def may_manage(actor: Actor) -> Decision:
    """A system administrator imports, registers and tries keys."""
    return decide(actor, Action.CERTIFICATE_MANAGE)


def may_issue(actor: Actor, *, demo: bool) -> Decision:
    """Development certificates exist in demo mode only."""
    allowed = may_manage(actor)
    return no(msg("Development certificates are issued in demo mode only")) if allowed and not demo else allowed


def may_revoke(actor: Actor, certificate: SigningCertificate) -> Decision:
    """Once."""
    allowed = may_manage(actor)
    if allowed and certificate.revoked_at is not None:
        return Decision(False, msg("This certificate was revoked before"), wrong_state=True)
    return allowed
