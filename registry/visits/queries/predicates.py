"""What counts as what, as conditions: the board's numbers and the lists behind them are made of the same. 统计口径."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func

from ...organisations.models import Organisation
from ..enums import LeadLevel, VisitKind, VisitState
from ..models import Visit

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
