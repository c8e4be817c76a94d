"""The 访企拓岗 board: heads' employers of 100 a year, first contacts, places, by university and by college. 走访看板.

教学厅函〔2022〕3号: a university's secretary and president together visit at least 100 employers a year.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Organisation, OrganisationKind
from ..models import Visit, VisitVisibility
from . import predicates

QUOTA = 100


def year_of(year: int) -> tuple[date, date]:
    """Its first and last day."""
    return date(year, 1, 1), date(year, 12, 31)


def by_university(actor: Actor, year: int) -> Sequence[Row[Any]]:
    """One row of numbers for each university with visits that the reader sees, in the order of their codes."""
    whose = (Organisation.public_id, Organisation.name_zh, Organisation.name_en)
    statement = _counted(actor, year, whose).order_by(Organisation.moe_code, Organisation.id)
    return db.session.execute(statement.group_by(Organisation.id)).all()


def by_college(actor: Actor, year: int, university: str) -> Sequence[Row[Any]]:
    """The same for the colleges of one university, most visits first."""
    statement = _counted(actor, year, (Visit.college,)).where(Organisation.public_id == university)
    return db.session.execute(statement.group_by(Visit.college).order_by(func.count().desc(), Visit.college)).all()


def years_with_visits(actor: Actor) -> Sequence[int]:
    """From the first to the last year that has held visits; empty without any."""
    seen = VisitVisibility
    wanted = (seen.organisation_id == actor.organisation_id, seen.state == "held")
    first, last = db.session.execute(select(func.min(seen.sort_on), func.max(seen.sort_on)).where(*wanted)).one()
    return range(last.year, first.year - 1, -1) if first is not None else ()


def _counted(actor: Actor, year: int, whose: Sequence[Any]) -> Select[Any]:
    head_employer = case((predicates.led_by_head(), Visit.employer_key))
    return (
        select(
            *whose,
            func.count().label("visits"),
            func.count(head_employer.distinct()).label("heads"),
            _sum(predicates.first_contact()).label("first"),
            _sum(predicates.contact_told()).label("contact_told"),
            _sum(predicates.in_province()).label("inside"),
            _sum(predicates.place_told()).label("place_told"),
        )
        .join(VisitVisibility, VisitVisibility.record_id == Visit.id)
        .join(Organisation, Organisation.id == Visit.owner_id)
        .where(
            VisitVisibility.organisation_id == actor.organisation_id,
            Organisation.kind == OrganisationKind.UNIVERSITY,
            predicates.counted(*year_of(year)),
        )
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
