"""Ties beside the superior: supervised by (主管单位), attached to (挂靠单位). 隶属关系业务."""

from sqlalchemy import select

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.dates import now
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.i18n import msg
from .. import policy
from ..models import Organisation, OrganisationStatus, Tie
from ..queries.directory import find
from ..queries.ties import ways_up
from ..ties import OrganisationTie, reaches
from .versions import refuse_stale


def add_tie(actor: Actor, organisation: Organisation, other: str, tie: Tie, version: int) -> OrganisationTie:
    """Say that the organisation belongs to `other` (a public id) as well. It gives `other` no sight of records.

    Raises Stale, Forbidden, Conflict, Invalid for an unknown one, one that is said already, and for circles.
    """
    policy.may_restructure(actor, organisation).enforce()
    refuse_stale(organisation, version)
    above = find(other)
    if above is None or above.status is not OrganisationStatus.ACTIVE:
        raise Invalid({"other": [msg("Choose an organisation from the list")]})
    _refuse_circle(organisation, above)
    _refuse_twice(organisation, above, tie)
    row = OrganisationTie(organisation_id=organisation.id, other_id=above.id, tie=tie)
    db.session.add(row)
    _settle(actor, organisation, tie, None, above.name_zh)
    return row


def remove_tie(actor: Actor, organisation: Organisation, tie_id: str, version: int) -> None:
    """Take a tie out.

    Raises Stale, Forbidden, Conflict, NotFound for one of another organisation.
    """
    policy.may_restructure(actor, organisation).enforce()
    refuse_stale(organisation, version)
    mine = (OrganisationTie.public_id == tie_id, OrganisationTie.organisation_id == organisation.id)
    row = db.session.scalar(select(OrganisationTie).where(*mine))
    if row is None:
        raise NotFound
    name, tie = row.other.name_zh, row.tie
    db.session.delete(row)
    _settle(actor, organisation, tie, name, None)


def _settle(actor: Actor, organisation: Organisation, tie: Tie, before: str | None, after: str | None) -> None:
    organisation.updated_at = now()  # a newer version of the page that shows it
    db.session.flush()
    audit.record(actor, Action.ORGANISATION_EDIT, organisation, {str(tie): (before, after)})


def _refuse_twice(organisation: Organisation, above: Organisation, tie: Tie) -> None:
    same = select(OrganisationTie.id).where(
        OrganisationTie.organisation_id == organisation.id,
        OrganisationTie.other_id == above.id,
        OrganisationTie.tie == tie,
    )
    said = organisation.superior_id == above.id and organisation.superior_tie is tie
    if said or db.session.scalar(same):
        raise Invalid({"other": [msg("This is recorded already")]})


def _refuse_circle(organisation: Organisation, above: Organisation) -> None:
    """By superiors and ties together: nothing belongs to itself by way of others."""
    if reaches(ways_up(), above.id, organisation.id):
        raise Invalid({"other": [msg("This organisation stands below the one that you are editing")]})
