"""What counts as what, as conditions: the board's numbers and the lists behind them are made of the same. 统计口径."""

from datetime import date

from sqlalchemy import ColumnElement, and_, extract, func, or_, select
from sqlalchemy.orm import aliased

from ...organisations.models import Organisation
from ...organisations.queries.localities import places_of, stands_for
from ...records.months import Months
from ..enums import LeadLevel, VisitKind, VisitState
from ..models import Visit, VisitVisibility

PROVINCE_DIGITS = 2


def counted(first: date, last: date) -> ColumnElement[bool]:
    """Held visits to employers (访企拓岗) from one day to another."""
    is_one = and_(Visit.kind == VisitKind.ENTERPRISE_EXPANSION, Visit.state == VisitState.HELD)
    return and_(is_one, Visit.held_on >= first, Visit.held_on <= last)


def led_by_head() -> ColumnElement[bool]:
    """The secretary or the president led it (教学厅函〔2022〕3号)."""
    return Visit.lead_level == LeadLevel.HEAD


def first_contact() -> ColumnElement[bool]:
    """The employer was not visited before; unknown where nobody said so."""
    return Visit.is_first.is_(True)


def contact_told() -> ColumnElement[bool]:
    """It is said whether it was the first contact."""
    return Visit.is_first.is_not(None)


def in_province() -> ColumnElement[bool]:
    """The employer lies in the province of the organisation that keeps the visit (the joined one)."""
    own = func.substr(Organisation.region_code, 1, PROVINCE_DIGITS)
    return and_(place_told(), func.substr(Visit.region_code, 1, PROVINCE_DIGITS) == own)


def place_told() -> ColumnElement[bool]:
    """It is known where the employer is."""
    return Visit.region_code.is_not(None)


def in_locality(code: str) -> ColumnElement[bool]:
    """Who was visited is there, or an organisation that stands for the locality visited or was visited."""
    local = select(Organisation.id).where(stands_for(code)).correlate(None)
    return or_(Visit.region_code.in_(places_of(code)), Visit.visitor_id.in_(local), Visit.visited_id.in_(local))


def in_months(months: Months) -> ColumnElement[bool]:
    """It was held in one of them, or is planned for one: the day in whose order the list is read."""
    return and_(*months.within(VisitVisibility.sort_on))


def first_of_year() -> ColumnElement[bool]:
    """The visitor's first held visit of a calendar year to an employer: each employer counts once a year (家).

    Whether it is the first is not a question of who reads it: earlier ones count that the reader does not see.
    """
    earlier = aliased(Visit.__table__)  # a table without the reader's wall
    one = earlier.c
    before = or_(one.held_on < Visit.held_on, and_(one.held_on == Visit.held_on, one.id < Visit.id))
    rows = select(one.id).where(
        one.employer_key == Visit.employer_key,
        one.state == VisitState.HELD,
        one.visitor_id == Visit.visitor_id,
        one.kind == VisitKind.ENTERPRISE_EXPANSION,
        extract("year", one.held_on) == extract("year", Visit.held_on),
        before,
    )
    is_one = and_(Visit.kind == VisitKind.ENTERPRISE_EXPANSION, Visit.state == VisitState.HELD)
    return and_(is_one, ~rows.correlate(Visit).exists())
