"""Who draws up, changes, issues and reads briefings. 专报权限."""

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import Decision, decide, no
from ..core.i18n import msg
from ..organisations.models import OrganisationKind
from .models import Briefing

# Who has briefings: departments of the province, bureaus and zones (dossier, section 5: leadership reporting).
BRIEFED = (
    OrganisationKind.HR_DEPARTMENT,
    OrganisationKind.EDUCATION_DEPARTMENT,
    OrganisationKind.HR_BUREAU,
    OrganisationKind.ZONE_ADMIN,
)


def may_read(actor: User) -> Decision:
    """Whether the actor's organisation has briefings, and the actor reads them."""
    return _of_office(actor, Action.BRIEFING_VIEW)


def may_draw_up(actor: User) -> Decision:
    """Whether the actor may draw up the briefing of a past month."""
    return _of_office(actor, Action.BRIEFING_DRAW_UP)


def may_set_template(actor: User) -> Decision:
    """Whether the actor may change their organisation's Word template."""
    return _of_office(actor, Action.BRIEFING_SET_TEMPLATE)


def may_edit(actor: User, briefing: Briefing) -> Decision:
    """Whether the actor may change the words of a draft."""
    return decide(actor, Action.BRIEFING_EDIT, briefing)


def may_issue(actor: User, briefing: Briefing) -> Decision:
    """Whether the actor may issue a draft."""
    return decide(actor, Action.BRIEFING_ISSUE, briefing)


def _of_office(actor: User, action: Action) -> Decision:
    allowed = decide(actor, action)
    if allowed and actor.organisation.kind not in BRIEFED:
        return no(msg("Briefings are drawn up by departments of the province, bureaus and zones"))
    return allowed
