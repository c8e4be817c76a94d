"""Organisations that a form offers without a script. 可选单位."""

from sqlalchemy import or_, select

from ...core.access.decision import Actor
from ..models import Organisation, OrganisationStatus, Oversight
from .lookup import Suggestion, choices_where

MOST = 300


def list_superiors(actor: Actor, organisation: Organisation | None = None) -> list[Suggestion]:
    """Whom an organisation may be put below: the actor's own organisation, active ones below it, the present one."""
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)
    theirs = or_(Organisation.id == actor.organisation_id, Organisation.id.in_(below))
    offered = theirs & (Organisation.status == OrganisationStatus.ACTIVE)
    if organisation is None:
        return choices_where(offered, MOST)
    present = Organisation.id == organisation.superior_id
    return choices_where((offered & (Organisation.id != organisation.id)) | present, MOST)


def list_targets(organisation: Organisation) -> list[Suggestion]:
    """Active organisations of the same kind that one may be merged into."""
    same = (Organisation.kind == organisation.kind) & (Organisation.id != organisation.id)
    return choices_where(same & (Organisation.status == OrganisationStatus.ACTIVE), MOST)
