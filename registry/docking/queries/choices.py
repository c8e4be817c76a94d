"""What the forms of cases offer. 表单选项。"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select

from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Contact, IndustrySection, Organisation, Region
from ..models import DockingCase

MOST = 100
SIGNED = (AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED, AgreementStatus.CLOSED)


def sections() -> Sequence[Row[*tuple[Any, ...]]]:
    """The sections of GB/T 4754, A to T."""
    section = IndustrySection
    return db.session.execute(select(section.code, section.name_zh, section.name_en).order_by(section.code)).all()


def sections_named(codes: Collection[object]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Some sections, in their order."""
    return [row for row in sections() if row.code in codes]


def regions_named(codes: Collection[object]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Some regions, in the order of the directory."""
    statement = select(Region.code, Region.name_zh, Region.name_en).where(Region.code.in_(codes))
    return db.session.execute(statement.order_by(Region.sort_order, Region.code)).all()


def agreements_to_choose(actor: Actor, university_public_id: str = "") -> Sequence[Row[*tuple[Any, ...]]]:
    """Signed agreements that the actor sees, the newest first; those of one university where it is known."""
    seen = AgreementVisibility
    statement = (
        select(Agreement.public_id, Agreement.title_zh, Agreement.title_en, Agreement.number)
        .join(seen, seen.agreement_id == Agreement.id)
        .where(seen.organisation_id == actor.organisation_id, seen.status.in_(SIGNED))
        .order_by(seen.sort_on.desc(), seen.agreement_id.desc())
        .limit(MOST)
    )
    if university_public_id:
        party = (
            select(AgreementParty.agreement_id)
            .join(Organisation, Organisation.id == AgreementParty.organisation_id)
            .where(Organisation.public_id == university_public_id)
        )
        statement = statement.where(Agreement.id.in_(party))
    return db.session.execute(statement).all()


def contacts_of(organisation_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Work contacts of the sides, as far as the reader sees them."""
    columns = (Contact.id, Contact.public_id, Contact.name, Contact.title, Organisation.name_zh)
    statement = (
        select(*columns)
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.organisation_id.in_(organisation_ids), Contact.erased.is_(False))
        .order_by(Contact.organisation_id, Contact.name)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def sees_agreement(actor: Actor, case: DockingCase) -> bool:
    """Whether the reader sees the agreement of a case: parties of the case need not be parties of the agreement."""
    if case.agreement_id is None:
        return False
    seen = AgreementVisibility
    wanted = (seen.agreement_id == case.agreement_id, seen.organisation_id == actor.organisation_id)
    return db.session.scalar(select(seen.agreement_id).where(*wanted)) is not None
