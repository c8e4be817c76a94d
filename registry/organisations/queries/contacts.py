"""Contacts that the reader may see: of organisations in scope, and recorded by organisations in scope. 联系人查询."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import NotFound
from ..models import Contact, Organisation, visible_contacts

Recorder = aliased(Organisation, name="recorder")

COLUMNS: tuple[Any, ...] = (
    Contact.public_id,
    Contact.name,
    Contact.title,
    Contact.office,
    Contact.phone_hint,
    Contact.purpose,
    Contact.row_version,
    Contact.recorded_by_id,
    Recorder.name_zh.label("recorder_zh"),
    Recorder.name_en.label("recorder_en"),
    Recorder.short_zh.label("recorder_short_zh"),
    Recorder.short_en.label("recorder_short_en"),
)


def list_contacts(actor: Actor, organisation: Organisation) -> Sequence[Row[Any]]:
    """The organisation's contacts, those in the actor's own address book first. Phones are masked already."""
    own_first = Contact.recorded_by_id != actor.organisation_id
    statement = (
        select(*COLUMNS)
        .join(Recorder, Recorder.id == Contact.recorded_by_id)
        .where(Contact.organisation_id == organisation.id, Contact.erased.is_(False))
        .where(visible_contacts(actor.organisation_id))
        .order_by(own_first, Contact.id)
    )
    return db.session.execute(statement).all()


def get_contact(actor: Actor, organisation_public_id: str, public_id: str) -> Contact:
    """One contact of one organisation, within scope; raises NotFound for all others."""
    sides = (Contact.organisation, Contact.recorded_by)
    statement = (
        select(Contact)
        .join(Contact.organisation)
        .where(Contact.public_id == public_id, Organisation.public_id == organisation_public_id)
        .where(visible_contacts(actor.organisation_id))
        .options(*(joinedload(side).options(selectinload(Organisation.overseers)) for side in sides))
    )
    contact = db.session.scalars(statement).one_or_none()
    if contact is None:
        raise NotFound
    return contact
