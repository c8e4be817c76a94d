"""Whether an organisation that somebody entered stands in records of others by now. 他人记录.

Who entered an organisation may correct it until it is checked, without standing above it. Meanwhile others name it as
a party; merging it, or naming a successor, would show these records to people of the enterer's choice.
"""

from sqlalchemy import Select, select

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from .. import repoint
from ..models import Contact, Organisation, Oversight
from ..repoint import asks_others


def is_named_by_others(actor: Actor, organisation: Organisation) -> bool:
    """Whether records that the actor does not see name it; whoever stands above it sees them all."""
    if organisation.is_overseen_by(actor.organisation_id):
        return False
    with without_scope():
        return any(repoint.foreign[key](actor, organisation) for key in sorted(repoint.foreign))


def overseen_by(actor: Actor) -> Select[int]:
    """The organisations that the actor's own stands above."""
    return select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)


@asks_others("contacts")
def have_contacts(actor: Actor, organisation: Organisation) -> bool:
    """Whether contacts there stand in address books of others."""
    recorder = Contact.recorded_by_id
    foreign = (recorder != actor.organisation_id, recorder.not_in(overseen_by(actor)))
    statement = select(Contact.id).where(Contact.organisation_id == organisation.id, *foreign)
    return db.session.scalar(statement.limit(1)) is not None
