"""Which localities and universities a record brings together. 地区与高校的配对."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, String, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from ..core.db import db
from ..organisations.models import Organisation, OrganisationKind, Region, RegionKind

# Whose party means that the locality takes part; enterprises and others do not stand for a place.
LOCAL = (
    OrganisationKind.HR_DEPARTMENT,
    OrganisationKind.HR_BUREAU,
    OrganisationKind.TALENT_CENTRE,
    OrganisationKind.ZONE_ADMIN,
)
Columns = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]


@dataclass(frozen=True, order=True)
class Pair:
    """A locality (city, zone or province, by its code) and a university (by its id)."""

    locality: str
    university: int

    @property
    def sides(self) -> dict[str, Any]:
        """To be given with a statement that was written for `ANY`."""
        return asdict(self)


@dataclass(frozen=True)
class AnyPair:
    """Stands for a pair in a statement that is written once: to write one takes longer than to ask it."""

    locality: BindParameter[str]
    university: BindParameter[int]


ANY = AnyPair(bindparam("locality", type_=String()), bindparam("university", type_=Integer()))


def pairs_among(organisation_ids: Collection[int | None]) -> set[Pair]:
    """Every locality with every university among these organisations; a county counts for its city. One query."""
    rows = db.session.execute(_where_they_are(), {"ids": [one for one in organisation_ids if one]}).all()
    places = {
        row.parent_code if row.place is RegionKind.COUNTY and row.parent_code else row.code
        for row in rows
        if row.kind in LOCAL
    }
    schools = {row.id for row in rows if row.kind is OrganisationKind.UNIVERSITY}
    return {Pair(place, school) for place in places for school in schools}


@cache
def _where_they_are() -> Select[*tuple[Any, ...]]:
    columns = (Organisation.id, Organisation.kind, Region.code, Region.kind.label("place"), Region.parent_code)
    statement = select(*columns).join(Region, Region.code == Organisation.region_code)
    return statement.where(Organisation.id.in_(bindparam("ids", expanding=True)))


def local_organisations(code: str | BindParameter[str]) -> Select[int]:
    """Ids of the organisations that stand for a locality: its own, and those of a city's counties."""
    counties = select(Region.code).where(Region.parent_code == code, Region.kind == RegionKind.COUNTY)
    there = or_(Organisation.region_code == code, Organisation.region_code.in_(counties))
    return select(Organisation.id).where(and_(Organisation.kind.in_(LOCAL), there))


def both_take_part(columns: Columns, pair: Pair | AnyPair, *conditions: ColumnElement[bool]) -> Select[int]:
    """Ids of records in which the university and the locality are parties: `columns` are record and organisation."""
    record, organisation = columns
    local = select(record).where(organisation.in_(local_organisations(pair.locality)), *conditions)
    return select(record).where(organisation == pair.university, record.in_(local), *conditions)
