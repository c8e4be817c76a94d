"""Dissolving an organisation, with a successor where its work goes on. 撤销与承接.

The successor sees what the dissolved one had (see `oversight.Structure`), and lists offer it in its place. Its open
duties stay where they were signed: another party comes in by a revision.
"""

from sqlalchemy import select

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import Message, msg
from .. import policy
from ..inputs import Closing
from ..models import Organisation, OrganisationKind, OrganisationStatus
from ..queries.directory import find
from ..queries.strangers import is_named_by_others
from .oversight import rebuild_oversight
from .versions import lock, refuse_stale


def close(actor: Actor, organisation: Organisation, given: Closing, version: int) -> None:
    """Close an organisation below which nothing stands; its records stay.

    Raises Stale, Forbidden, Conflict, Invalid for a day to come, a successor that is not in the actor's scope, or any
    where records that the actor does not see name the organisation.
    """
    policy.may_close(actor, organisation).enforce()
    successor = find(given.successor) if given.successor else None
    lock(*filter(None, (organisation, successor)))
    refuse_stale(organisation, version)
    _refuse_bad_closing(actor, organisation, given, successor)
    active = Organisation.status == OrganisationStatus.ACTIVE
    if db.session.scalar(select(Organisation.id).where(Organisation.superior_id == organisation.id, active).limit(1)):
        raise Conflict(msg("Organisations still stand below this one; give them another superior first"))
    organisation.close(given.closed_on, given.reason, successor)
    db.session.flush()
    rebuild_oversight(None if organisation.kind is OrganisationKind.HR_DEPARTMENT else organisation.id)
    changes = {"status": ("active", "closed"), "closed_on": (None, given.closed_on)}
    if successor:
        changes["successor"] = (None, successor.name_zh)
    audit.record(actor, Action.ORGANISATION_CLOSE, organisation, changes, reason=given.reason)


def _refuse_bad_closing(
    actor: Actor, organisation: Organisation, given: Closing, successor: Organisation | None
) -> None:
    """Whoever goes on sees the records from then on, so nobody gives them away beyond their scope."""
    problems: dict[str, list[Message | str]] = {}
    if not given.reason:
        problems["reason"] = [msg("Say why")]
    if given.closed_on > today():
        problems["closed_on"] = [msg("This day lies in the future")]
    if given.successor and (successor is None or successor is organisation or not _is_active(successor)):
        problems["successor"] = [msg("Choose an organisation from the list")]
    elif successor and not decide(actor, Action.ORGANISATION_CLOSE, successor):
        problems["successor"] = [msg("Choose your own organisation or one below it")]
    elif successor and is_named_by_others(actor, organisation):
        told = msg("Records of other organisations name it; the organisation above it names a successor")
        problems["successor"] = [told]
    if problems:
        raise Invalid(problems)


def _is_active(organisation: Organisation) -> bool:
    return organisation.status is OrganisationStatus.ACTIVE
