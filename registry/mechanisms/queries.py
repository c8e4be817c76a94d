"""Mechanisms that the reader sees. 对接机制查询."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..agreements.models import AgreementVisibility
from ..core.access.decision import Actor
from ..core.db import db
from ..organisations.models import Contact, Organisation
from ..organisations.queries.localities import stands_for
from ..records.queries import Listing, titled
from .enums import RUNNING, Stage
from .models import DockingMechanism, MechanismMeeting, MechanismParty, MechanismVisibility

COLUMNS = (
    DockingMechanism.stage,
    DockingMechanism.established_on,
    DockingMechanism.established_precision,
    DockingMechanism.written_form,
    DockingMechanism.rhythm,
    DockingMechanism.plan,
    DockingMechanism.last_met_on,
    DockingMechanism.next_meeting_on,
    DockingMechanism.agreement_id,
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)
LISTING = Listing(
    DockingMechanism,
    MechanismVisibility,
    COLUMNS,
    options=(
        joinedload(DockingMechanism.owner),
        joinedload(DockingMechanism.agreement),
        selectinload(DockingMechanism.parties).options(
            joinedload(MechanismParty.organisation), joinedload(MechanismParty.liaison)
        ),
        selectinload(DockingMechanism.meetings).joinedload(MechanismMeeting.organisation),
    ),
    sorts={"next": DockingMechanism.next_meeting_on, "last": DockingMechanism.last_met_on},
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing. `region` is a reporting locality."""

    text: str = ""
    stage: Stage | None = None
    party: str = ""
    region: str = ""
    due_by: date | None = None
    is_running: bool = False


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    if wanted.text:
        reported = MechanismParty.name_as_reported.icontains(wanted.text, autoescape=True)
        named = Organisation.name_zh.icontains(wanted.text, autoescape=True)
        yield or_(titled(DockingMechanism, wanted.text), _has_party(or_(reported, named)))
    if wanted.stage:
        yield MechanismVisibility.state == wanted.stage
    if wanted.party:
        yield _has_party(Organisation.public_id == wanted.party)
    if wanted.region:
        yield _has_party(stands_for(wanted.region))
    if wanted.is_running:
        yield MechanismVisibility.state.in_(RUNNING)
    if wanted.due_by:
        yield DockingMechanism.next_meeting_on <= wanted.due_by
        yield DockingMechanism.stage.in_(RUNNING)


def _has_party(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    rows = (
        select(MechanismParty.id)
        .outerjoin(Organisation, Organisation.id == MechanismParty.organisation_id)
        .where(MechanismParty.mechanism_id == DockingMechanism.id, condition)
        .correlate(DockingMechanism)
    )
    return rows.exists()


def parties_of(mechanism_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The sides of a page of mechanisms in one query, in their order, by mechanism."""
    statement = (
        select(
            MechanismParty.mechanism_id,
            MechanismParty.name_as_reported,
            Organisation.public_id,
            Organisation.name_zh,
            Organisation.name_en,
            Contact.name.label("liaison"),
            Contact.phone_hint,
        )
        .outerjoin(Organisation, Organisation.id == MechanismParty.organisation_id)
        .outerjoin(Contact, Contact.id == MechanismParty.liaison_id)
        .where(MechanismParty.mechanism_id.in_(mechanism_ids))
        .order_by(MechanismParty.mechanism_id, MechanismParty.position)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {one: [] for one in mechanism_ids}
    for row in db.session.execute(statement):
        found[row.mechanism_id].append(row)
    return found


def sees_agreement(actor: Actor, mechanism: DockingMechanism) -> bool:
    """Whether the reader sees what it grew into: a draft is shown to the other side once it is shared."""
    if mechanism.agreement_id is None:
        return False
    seen = AgreementVisibility
    wanted = (seen.agreement_id == mechanism.agreement_id, seen.organisation_id == actor.organisation_id)
    return db.session.scalar(select(seen.agreement_id).where(*wanted)) is not None


def origin_of(agreement_id: int) -> DockingMechanism | None:
    """The mechanism that an agreement grew out of; whoever sees the agreement is told of it."""
    return db.session.scalar(select(DockingMechanism).where(DockingMechanism.agreement_id == agreement_id).limit(1))


def contacts_of(organisation_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Contacts that may be named as liaisons, as far as the reader sees them."""
    statement = (
        select(
            Contact.id, Contact.public_id, Contact.organisation_id, Contact.name, Contact.title, Organisation.name_zh
        )
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.organisation_id.in_(organisation_ids), Contact.erased.is_(False))
        .order_by(Contact.organisation_id, Contact.name)
    )
    return db.session.execute(statement).all()
