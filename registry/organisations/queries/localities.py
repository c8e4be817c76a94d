"""What counts for one of the reporting localities: its own places and those of its counties. 统计地区。"""

from sqlalchemy import ColumnElement, Select, and_, or_, select

from ...core.db import db
from ..models import Organisation, OrganisationKind, Region

# Who stands for the locality it lies in; a university's own town gains nothing by what the university does elsewhere.
LOCAL_KINDS = (OrganisationKind.HR_BUREAU, OrganisationKind.ZONE_ADMIN, OrganisationKind.TALENT_CENTRE)


def places_of(code: str) -> Select[str]:
    """Codes of the locality and of what lies right below it; what reports by itself counts for nobody else."""
    below = and_(Region.parent_code == code, Region.is_reporting_locality.is_(False))
    return select(Region.code).where(or_(Region.code == code, below)).correlate(None)


def stands_for(code: str) -> ColumnElement[bool]:
    """Condition on a joined organisation: it stands for the locality."""
    return and_(Organisation.kind.in_(LOCAL_KINDS), Organisation.region_code.in_(places_of(code)))


def counted_for() -> dict[str, str]:
    """The reporting locality that a place counts for, by the place's code; one query, some hundred rows."""
    statement = select(Region.code, Region.parent_code, Region.is_reporting_locality)
    rows = db.session.execute(statement).all()
    reporting = {row.code for row in rows if row.is_reporting_locality}
    below = {row.code: row.parent_code for row in rows if row.parent_code in reporting}
    return below | {code: code for code in reporting}
