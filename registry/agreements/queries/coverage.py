"""Who is reached by agreements in force, and what was signed in a period. One predicate for number and list. 覆盖率."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from ...core.access.decision import Actor
from ...core.dates import Precision
from ...core.db import db
from ...organisations.models import Organisation, OrganisationKind, OrganisationStatus, Region
from ...organisations.queries.localities import LOCAL_KINDS, stands_for
from ..models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility

SIGNED = (AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED, AgreementStatus.CLOSED)
EXACT_ENOUGH = (Precision.DAY, Precision.MONTH)


@dataclass(frozen=True)
class Share:
    """So many of so many; a percentage is computed, never typed."""

    count: int
    of: int


@dataclass(frozen=True)
class Coverage:
    """Of the reporting localities those with an agreement in force, and with one whose details are complete; of the
    universities of the same provinces those with an agreement in force. `codes` are the localities that have one."""

    localities: Share
    details: Share
    universities: Share
    codes: frozenset[str]


def coverage(actor: Actor) -> Coverage:
    """As far as the actor's organisation sees. A party known only as reported counts for no university."""
    localities = _localities()
    complete = _complete_by_region(actor)
    reached = {code: complete[code] for code in localities if code in complete}
    for code, parent in _below(localities).items():
        if code in complete:
            reached[parent] = reached.get(parent, False) or complete[code]
    total = len(localities)
    return Coverage(
        Share(len(reached), total), Share(sum(reached.values()), total), _universities(actor), frozenset(reached)
    )


def count_signed(actor: Actor, first: date, last: date) -> int:
    """新增: signed from `first` to `last`, both included; a day that nobody knows lies in no month."""
    statement = _in_scope(select(func.count()).select_from(Agreement), actor).where(*newly_signed(first, last))
    return db.session.scalar(statement) or 0


def newly_signed(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """What counts as 新增 from a day to another: the one predicate of the number and of the list behind it."""
    return (
        Agreement.status.in_(SIGNED),
        Agreement.signed_on.between(first, last),
        Agreement.signed_precision.in_(EXACT_ENOUGH),
    )


def is_local_of(code: str) -> ColumnElement[bool]:
    """Whether an organisation stands for a reporting locality: it lies there, or right below and reports to it."""
    return stands_for(code)


def _in_scope(statement: Select[*tuple[Any, ...]], actor: Actor) -> Select[*tuple[Any, ...]]:
    seen = AgreementVisibility.agreement_id == Agreement.id
    return statement.join(AgreementVisibility, seen).where(AgreementVisibility.organisation_id == actor.organisation_id)


def _localities() -> list[str]:
    return list(db.session.scalars(select(Region.code).where(Region.is_reporting_locality.is_(True))))


def _below(localities: Iterable[str]) -> Mapping[str, str]:
    """Counties and zones by the locality that they report to; a locality of its own reports to nobody."""
    statement = select(Region.code, Region.parent_code).where(
        Region.parent_code.in_(localities), Region.is_reporting_locality.is_(False)
    )
    return {code: parent for code, parent in db.session.execute(statement) if parent}


def _complete_by_region(actor: Actor) -> dict[str, bool]:
    """For each region of a local party to an agreement in force, whether one of them lacks no detail."""
    statement = (
        _in_scope(select(Organisation.region_code, Agreement.needs_details).select_from(Agreement), actor)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(
            AgreementVisibility.status == AgreementStatus.IN_FORCE,
            AgreementParty.position > 0,
            AgreementParty.is_bound.is_(True),
            Organisation.kind.in_(LOCAL_KINDS),
        )
        .distinct()
    )
    found: dict[str, bool] = {}
    for code, lacks in db.session.execute(statement):
        found[code] = found.get(code, False) or not lacks
    return found


def _universities(actor: Actor) -> Share:
    """Active universities of the provinces whose localities report."""
    provinces = select(Region.parent_code).where(Region.is_reporting_locality.is_(True))
    places = select(Region.code).where(or_(Region.code.in_(provinces), Region.parent_code.in_(provinces)))
    counties = select(Region.code).where(Region.parent_code.in_(places))
    ours = (
        select(func.count(Organisation.id.distinct()))
        .where(Organisation.kind == OrganisationKind.UNIVERSITY, Organisation.status == OrganisationStatus.ACTIVE)
        .where(or_(Organisation.region_code.in_(places), Organisation.region_code.in_(counties)))
    )
    with_one = (
        _in_scope(select(AgreementParty.organisation_id).select_from(Agreement), actor)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(
            AgreementVisibility.status == AgreementStatus.IN_FORCE, AgreementParty.position > 0, AgreementParty.is_bound
        )
        .where(AgreementParty.organisation_id.is_not(None))
    )
    reached = db.session.scalar(ours.where(Organisation.id.in_(with_one))) or 0
    return Share(reached, db.session.scalar(ours) or 0)
