"""The localities that report and the universities of their provinces: what coverage is a share of. 覆盖率分母."""

from sqlalchemy import Select, or_, select

from ...organisations.models import Organisation, OrganisationKind, OrganisationStatus, Region


def localities_counted() -> Select[str]:
    """Codes of the reporting localities, in their order."""
    statement = select(Region.code).where(Region.is_reporting_locality.is_(True))
    return statement.order_by(Region.sort_order, Region.code)


def universities_counted() -> Select[int]:
    """Ids of the active universities of the provinces whose localities report."""
    provinces = select(Region.parent_code).where(Region.is_reporting_locality.is_(True))
    places = select(Region.code).where(or_(Region.code.in_(provinces), Region.parent_code.in_(provinces)))
    counties = select(Region.code).where(Region.parent_code.in_(places))
    return select(Organisation.id).where(
        Organisation.kind == OrganisationKind.UNIVERSITY,
        Organisation.status == OrganisationStatus.ACTIVE,
        or_(Organisation.region_code.in_(places), Organisation.region_code.in_(counties)),
    )
