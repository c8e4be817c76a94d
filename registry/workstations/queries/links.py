"""What a station points at: its agreement, contacts of its sides; and the stations of an agreement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select

from ...agreements.models import Agreement, AgreementKind, AgreementStatus, AgreementVisibility
from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Contact, Organisation
from ..models import Workstation, WorkstationVisibility

MOST_CHOICES = 100
MOST_STATIONS = 20


def agreements_to_choose(actor: Actor) -> list[Row[*tuple[Any, ...]]]:
    """The newest agreements that the actor sees, those about workstations first."""
    newest = _agreements(actor).order_by(AgreementVisibility.sort_on.desc(), AgreementVisibility.agreement_id.desc())
    rows = db.session.execute(newest.limit(MOST_CHOICES)).all()
    return sorted(rows, key=lambda row: row.kind is not AgreementKind.WORKSTATION)


def named_agreement(text: str, actor: Actor) -> Agreement | None:
    """The agreement that the actor sees under a registry id or a number; a void one is none."""
    row = db.session.execute(
        _agreements(actor).where(or_(Agreement.public_id == text, Agreement.number == text))
    ).first()
    return db.session.get(Agreement, row.id) if row else None


def sees_agreement(actor: Actor, station: Workstation) -> bool:
    """Whether the reader sees its agreement: a draft is shown to the other side once it is shared."""
    if station.agreement_id is None:
        return False
    seen = AgreementVisibility
    wanted = (seen.agreement_id == station.agreement_id, seen.organisation_id == actor.organisation_id)
    return db.session.scalar(select(seen.agreement_id).where(*wanted)) is not None


def stations_of(agreement_id: int, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The stations that name an agreement, as far as the reader sees them."""
    seen = WorkstationVisibility
    statement = (
        select(Workstation.public_id, Workstation.title_zh, Workstation.title_en, Workstation.state)
        .join(seen, seen.record_id == Workstation.id)
        .where(Workstation.agreement_id == agreement_id, seen.organisation_id == actor.organisation_id)
        .order_by(Workstation.id)
        .limit(MOST_STATIONS)
    )
    return db.session.execute(statement).all()


def contacts_of(organisation_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Contacts that may be named, as far as the reader sees them."""
    statement = (
        select(
            Contact.id, Contact.public_id, Contact.organisation_id, Contact.name, Contact.title, Organisation.name_zh
        )
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.organisation_id.in_(organisation_ids), Contact.erased.is_(False))
        .order_by(Contact.organisation_id, Contact.name)
    )
    return db.session.execute(statement).all()


def _agreements(actor: Actor) -> Select[*tuple[Any, ...]]:
    seen = AgreementVisibility
    return (
        select(
            Agreement.id, Agreement.public_id, Agreement.number, Agreement.title_zh, Agreement.title_en, Agreement.kind
        )
        .join(seen, seen.agreement_id == Agreement.id)
        .where(seen.organisation_id == actor.organisation_id, seen.status != AgreementStatus.VOID)
    )


def heard_station(public_id: str) -> Workstation | None:
    """The station that another record is about, locked; whoever told has found it before."""
    return db.session.scalar(select(Workstation).where(Workstation.public_id == public_id).with_for_update())


def signed_days(station_ids: Sequence[int], actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """When the agreements of a batch of stations were signed, as far as the reader sees those, by station id."""
    seen = AgreementVisibility
    statement = (
        select(Workstation.id, Agreement.signed_on, Agreement.signed_precision)
        .join(Agreement, Agreement.id == Workstation.agreement_id)
        .join(seen, seen.agreement_id == Agreement.id)
        .where(Workstation.id.in_(station_ids), seen.organisation_id == actor.organisation_id)
    )
    return db.session.execute(statement).all()


def heads_of(station_ids: Sequence[int]) -> dict[int, str]:
    """The heads' names of a batch of stations, as far as the reader sees those contacts."""
    statement = (
        select(Workstation.id, Contact.name)
        .join(Contact, Contact.id == Workstation.head_id)
        .where(Workstation.id.in_(station_ids))
    )
    return {row.id: row.name for row in db.session.execute(statement)}
