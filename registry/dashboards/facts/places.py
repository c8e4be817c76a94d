"""Where organisations count: a local one for its reporting locality, a university for itself. 归属地区与高校."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from ...core.db import db
from ...organisations.models import Organisation, OrganisationKind, Region
from ...organisations.queries.localities import LOCAL_KINDS


@dataclass(frozen=True)
class Places:
    """The reporting locality of each local organisation, and which are universities."""

    localities: dict[int, str]
    universities: frozenset[int]

    def localities_of(self, organisation_ids: Iterable[int | None]) -> frozenset[str]:
        """The localities that take part."""
        return frozenset(self.localities[one] for one in organisation_ids if one in self.localities)

    def universities_of(self, organisation_ids: Iterable[int | None]) -> frozenset[int]:
        """The universities that take part."""
        return frozenset(one for one in organisation_ids if one is not None and one in self.universities)


def places_of(organisation_ids: Collection[int | None]) -> Places:
    """One query for all of them. A county or zone counts for the locality that it reports to (see `coverage`)."""
    above = aliased(Region)
    reports_to = case(
        (Region.is_reporting_locality.is_(True), Region.code), (above.is_reporting_locality.is_(True), above.code)
    )
    rows = db.session.execute(
        select(Organisation.id, Organisation.kind, reports_to)
        .join(Region, Region.code == Organisation.region_code)
        .outerjoin(above, above.code == Region.parent_code)
        .where(Organisation.id.in_({one for one in organisation_ids if one}))
    ).all()
    return Places(
        {number: code for number, kind, code in rows if kind in LOCAL_KINDS and code},
        frozenset(number for number, kind, _code in rows if kind is OrganisationKind.UNIVERSITY),
    )
