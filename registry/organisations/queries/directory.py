"""Lists and single organisations: a directory that everybody with a business role sees, contacts apart. 名录."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from ...core.db import db
from ...core.errors import NotFound
from ..models import Organisation, OrganisationKind, OrganisationStatus, Region
from .lookup import matches
from .places import PLACE_COLUMNS, in_region, with_places

COUNT_LIMIT = 1_000
COLUMNS: tuple[Any, ...] = (
    Organisation.public_id,
    Organisation.name_zh,
    Organisation.name_en,
    Organisation.short_zh,
    Organisation.kind,
    Organisation.status,
    Organisation.moe_code,
    Organisation.uscc,
    Organisation.authority,
    Organisation.needs_check,
    *PLACE_COLUMNS,
)
SORTS: dict[str, tuple[Any, ...]] = {
    "code": (Region.sort_order, func.coalesce(Organisation.moe_code, ""), Organisation.pinyin, Organisation.id),
    "name": (Organisation.pinyin, Organisation.id),
    "kind": (Organisation.kind, Region.sort_order, Organisation.pinyin, Organisation.id),
    "moe": (func.coalesce(Organisation.moe_code, ""), Organisation.id),
}


@dataclass(frozen=True)
class DirectoryFilter:
    """What is looked for; empty means all. `sort` is a key of SORTS, with a hyphen before it for descending."""

    text: str = ""
    kinds: tuple[OrganisationKind, ...] = ()
    region: str = ""
    status: OrganisationStatus | None = None
    unchecked: bool = False
    sort: str = "code"


def list_organisations(wanted: DirectoryFilter, offset: int = 0, limit: int = 25) -> tuple[Sequence[Row[Any]], int]:
    """A page of organisations and how many there are; more than COUNT_LIMIT means many more. Two queries."""
    conditions = list(_conditions(wanted))
    page = with_places(select(*COLUMNS)).where(*conditions).order_by(*_order(wanted.sort)).offset(offset).limit(limit)
    counted = with_places(select(Organisation.id)).where(*conditions).limit(COUNT_LIMIT + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return db.session.execute(page).all(), total


def get_organisation(public_id: str) -> Organisation:
    """One organisation with region, superior, overseers and who added it; raises NotFound."""
    organisation = find(public_id)
    if organisation is None:
        raise NotFound
    return organisation


def find(public_id: str) -> Organisation | None:
    """The same; None when there is none."""
    statement = (
        select(Organisation)
        .where(Organisation.public_id == public_id)
        .options(
            joinedload(Organisation.region).joinedload(Region.parent).joinedload(Region.parent),
            joinedload(Organisation.superior),
            joinedload(Organisation.added_by).selectinload(Organisation.overseers),
            selectinload(Organisation.overseers),
        )
    )
    return db.session.scalars(statement).one_or_none()


def get_by_id(organisation_id: int) -> Organisation:
    """One organisation by its inner number; raises NotFound."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    return organisation


def list_below(organisation: Organisation, limit: int = 100) -> Sequence[Row[Any]]:
    """Organisations directly below one."""
    statement = with_places(select(*COLUMNS)).where(Organisation.superior_id == organisation.id)
    return db.session.execute(statement.order_by(*SORTS["code"]).limit(limit)).all()


def list_living_on_in(organisation: Organisation, limit: int = 100) -> Sequence[Row[Any]]:
    """Records that were merged into this one, and dissolved organisations that it succeeds."""
    heir = (Organisation.merged_into_id == organisation.id) | (Organisation.successor_id == organisation.id)
    columns = (*COLUMNS, Organisation.closed_on)
    return db.session.execute(with_places(select(*columns)).where(heir).order_by(Organisation.id).limit(limit)).all()


def _order(sort: str) -> Iterator[ColumnElement[Any]]:
    descending = sort.startswith("-")
    for expression in SORTS.get(sort.removeprefix("-"), SORTS["code"]):
        yield expression.desc() if descending else expression.asc()


def _conditions(wanted: DirectoryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        yield matches(wanted.text)
    if wanted.kinds:
        yield Organisation.kind.in_(wanted.kinds)
    if wanted.region:
        yield in_region(wanted.region)
    if wanted.status:
        yield Organisation.status == wanted.status
    if wanted.unchecked:
        yield Organisation.needs_check.is_(True)
