"""Where things are: regions with their parents, and lists of them. 地区查询."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from ...core.db import db
from ...core.errors import NotFound
from ...core.i18n import Either
from ..models import Organisation, OrganisationKind, OrganisationStatus, Region, RegionKind

Parent = aliased(Region, name="parent_region")
Grandparent = aliased(Region, name="grandparent_region")
PLACE_COLUMNS: tuple[Any, ...] = (
    Region.name_zh.label("region_zh"),
    Region.name_en.label("region_en"),
    Parent.name_zh.label("parent_zh"),
    Parent.name_en.label("parent_en"),
    Grandparent.name_zh.label("grandparent_zh"),
    Grandparent.name_en.label("grandparent_en"),
)

REGION_COLUMNS: tuple[Any, ...] = (Region.code, Region.name_zh, Region.name_en, Region.kind, Region.code_system)


def with_places(statement: Select[Any]) -> Select[Any]:
    """Join a statement that reads from `organisation` with its region and the two above."""
    return (
        statement.join(Region, Region.code == Organisation.region_code)
        .outerjoin(Parent, Parent.code == Region.parent_code)
        .outerjoin(Grandparent, Grandparent.code == Parent.parent_code)
    )


def in_region(code: str) -> ColumnElement[bool]:
    """Condition on a joined statement: the region or one of those above it has this code."""
    return or_(Region.code == code, Parent.code == code, Grandparent.code == code)


def place_of(row: Row[Any]) -> Either:
    """辽宁省鞍山市铁西区, or Tiexi District, Anshan, Liaoning, from the place columns."""
    names = [(row.region_zh, row.region_en), (row.parent_zh, row.parent_en), (row.grandparent_zh, row.grandparent_en)]
    return _joined([(zh, en) for zh, en in names if zh])


def path_of(region: Region) -> Either:
    """The same from a region."""
    names, here = [], region
    while True:
        names.append((here.name_zh, here.name_en))
        if here.parent is None:
            return _joined(names)
        here = here.parent


def _joined(names: Sequence[tuple[str, str]]) -> Either:
    """Names from the smallest up; 阅读顺序 in Chinese is from the largest down."""
    return Either("".join(zh for zh, _ in reversed(names)), ", ".join(en or zh for zh, en in names))


def get_region(code: str) -> Region:
    """A region with those above it; raises NotFound."""
    parents = joinedload(Region.parent).joinedload(Region.parent)
    region = db.session.scalars(select(Region).where(Region.code == code).options(parents)).one_or_none()
    if region is None:
        raise NotFound
    return region


def list_localities() -> Sequence[Row[Any]]:
    """The reporting localities in code order (Shenfu last) with how many universities and bureaus they have."""
    return _with_counts(Region.is_reporting_locality.is_(True))


def list_below(code: str) -> Sequence[Row[Any]]:
    """The regions directly below one, in code order."""
    return _with_counts(Region.parent_code == code)


def _with_counts(condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Organisations are counted where they are or directly below, so that a city counts its districts'."""
    home = aliased(Region)
    is_university = Organisation.kind == OrganisationKind.UNIVERSITY
    active = Organisation.status == OrganisationStatus.ACTIVE
    number = func.count(Organisation.id)
    columns: tuple[Any, ...] = (
        *REGION_COLUMNS,
        number.filter(is_university).label("universities"),
        number.filter(~is_university).label("others"),
    )
    statement = (
        select(*columns)
        .outerjoin(home, or_(home.code == Region.code, home.parent_code == Region.code))
        .outerjoin(Organisation, (Organisation.region_code == home.code) & active)
        .where(condition)
        .group_by(Region.code)
        .order_by(Region.sort_order)
    )
    return db.session.execute(statement).all()


def list_all_regions() -> Sequence[Row[Any]]:
    """All regions for a choice: code, kind, both names, and the codes and names above."""
    columns: tuple[Any, ...] = (Region.code, Region.kind, Parent.code.label("parent_code"), *PLACE_COLUMNS)
    statement = (
        select(*columns)
        .outerjoin(Parent, Parent.code == Region.parent_code)
        .outerjoin(Grandparent, Grandparent.code == Parent.parent_code)
        .order_by(Region.sort_order)
    )
    return db.session.execute(statement).all()


def province_code(region: Region) -> str:
    """The code of the province that a region belongs to."""
    while region.kind is not RegionKind.PROVINCE and region.parent is not None:
        region = region.parent
    return region.code
