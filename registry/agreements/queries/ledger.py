"""The ledger: filtered, sorted, paged; rows of columns, never entities. 台账查询。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...organisations.models import Organisation, OrganisationKind, Region
from ..models import (
    Agreement,
    AgreementKind,
    AgreementParty,
    AgreementPeriod,
    AgreementStatus,
    AgreementVisibility,
    ArchiveStatus,
)
from . import further
from .coverage import is_local_of, newly_signed

SORTS = {
    "signed": (AgreementVisibility.sort_on, AgreementVisibility.agreement_id),
    "expires": (Agreement.expires_on, Agreement.id),
    "title": (Agreement.title_zh, Agreement.id),
    "number": (Agreement.number, Agreement.id),
}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing.

    `region` is where any party lies; `locality` is a reporting locality of which a bureau, centre or zone is bound (see
    `coverage`), and `university` a university that is. `newly_from` and `newly_to` are days between which it was
    signed, counted as 新增 is; `expiring` are days from today within which one in force ends. `mark` is one of
    `further`.
    """

    text: str = ""
    status: AgreementStatus | None = None
    kind: AgreementKind | None = None
    region: str = ""
    party: str = ""
    needs_details: bool = False
    archive: ArchiveStatus | None = None
    signed_from: date | None = None
    signed_to: date | None = None
    sort: str = "signed"
    descending: bool = True
    on: date | None = None
    locality: str = ""
    university: str = ""
    newly_from: date | None = None
    newly_to: date | None = None
    expiring: int = 0
    mark: str = ""


COLUMNS = (
    Agreement.id,
    Agreement.public_id,
    Agreement.number,
    Agreement.title_zh,
    Agreement.title_en,
    Agreement.kind,
    Agreement.status,
    Agreement.outcome,
    Agreement.signed_on,
    Agreement.signed_precision,
    Agreement.expires_on,
    Agreement.open_ended,
    Agreement.needs_details,
    Agreement.is_historic,
    Agreement.is_demo,
    AgreementVisibility.archive_status,
    AgreementVisibility.archive_due_on,
)


THEN = (
    AgreementPeriod.title_zh,
    AgreementPeriod.title_en,
    AgreementPeriod.status,
    AgreementPeriod.outcome,
    AgreementPeriod.expires_on,
    AgreementPeriod.open_ended,
)
PAST_SORTS = {
    "expires": (AgreementPeriod.expires_on, Agreement.id),
    "title": (AgreementPeriod.title_zh, Agreement.id),
}
PAST_COLUMNS = tuple({column.key: column for column in (*COLUMNS, *THEN)}.values())
"""The same columns as they read on a day."""


def list_visible(actor: Actor, wanted: Filter, offset: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of what the actor's organisation sees, as rows of COLUMNS."""
    order = {**SORTS, **(PAST_SORTS if wanted.on else {})}.get(wanted.sort, SORTS["signed"])
    directed = [column.desc().nulls_last() if wanted.descending else column.asc().nulls_last() for column in order]
    if order == SORTS["signed"]:  # never empty; NULLS LAST would keep SQLite from using the index
        directed = [column.desc() if wanted.descending else column.asc() for column in order]
    columns = PAST_COLUMNS if wanted.on else COLUMNS
    statement = narrowed(select(*columns), actor, wanted).order_by(*directed)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def whole(actor: Actor, wanted: Filter, offset: int, limit: int) -> Sequence[Agreement]:
    """The same page with parties, for what is computed of each; three queries whatever its length."""
    keys = [row.id for row in list_visible(actor, wanted, offset, limit)]
    parties = selectinload(Agreement.all_parties).joinedload(AgreementParty.organisation)
    statement = select(Agreement).where(Agreement.id.in_(keys)).options(parties)
    found = {row.id: row for row in db.session.scalars(statement)}
    return [found[key] for key in keys if key in found]


def count_visible(actor: Actor, wanted: Filter, limit: int) -> int:
    """How many there are, counted up to `limit` + 1."""
    found = narrowed(select(Agreement.id), actor, wanted).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def count_by_status(actor: Actor, limit: int) -> dict[AgreementStatus, int]:
    """For the chips: how many of each status the actor sees, each counted up to `limit` + 1."""
    parts = [
        select(AgreementVisibility.status)
        .where(AgreementVisibility.organisation_id == actor.organisation_id, AgreementVisibility.status == status)
        .limit(limit + 1)
        .subquery()
        for status in AgreementStatus
    ]
    counts = select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))
    row = db.session.execute(counts).one()
    return {status: number for status, number in zip(AgreementStatus, row, strict=True) if number}


def localities() -> Sequence[Row[*tuple[Any, ...]]]:
    """The reporting localities in code order, Shenfu last."""
    statement = (
        select(Region.code, Region.name_zh, Region.name_en)
        .where(Region.is_reporting_locality.is_(True))
        .order_by(Region.sort_order, Region.code)
    )
    return db.session.execute(statement).all()


def called(public_id: str) -> Row[*tuple[Any, ...]] | None:
    """What an organisation is called in both languages; None for one that is not in the directory."""
    columns = (Organisation.name_zh, Organisation.name_en)
    return db.session.execute(select(*columns).where(Organisation.public_id == public_id)).one_or_none()


def parties_of(agreement_ids: Sequence[int], on: date | None = None) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Who is bound, or was `on` a day: a page of agreements in one query, in the parties' order, by agreement."""
    statement = (
        select(
            AgreementParty.agreement_id,
            AgreementParty.position,
            AgreementParty.name_as_reported,
            AgreementParty.snapshot_name,
            Organisation.name_zh,
            Organisation.name_en,
            Organisation.short_zh,
            Organisation.short_en,
        )
        .outerjoin(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_(agreement_ids), AgreementParty.position > 0, _bound(on))
        .order_by(AgreementParty.agreement_id, AgreementParty.position)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {key: [] for key in agreement_ids}
    for row in db.session.execute(statement):
        found[row.agreement_id].append(row)
    return found


def _bound(on: date | None) -> ColumnElement[bool]:
    if on is None:
        return AgreementParty.is_bound.is_(True)
    here = or_(AgreementParty.is_bound.is_(True), AgreementParty.left_on.is_not(None))
    joined = or_(AgreementParty.joined_on.is_(None), AgreementParty.joined_on <= on)
    return and_(here, joined, or_(AgreementParty.left_on.is_(None), AgreementParty.left_on > on))


def narrowed(statement: Select[*tuple[Any, ...]], actor: Actor, wanted: Filter) -> Select[*tuple[Any, ...]]:
    """Begin at the organisation's own rows in order, so that the page costs the same at any size of the table."""
    statement = statement.join(AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id).where(
        AgreementVisibility.organisation_id == actor.organisation_id
    )
    if wanted.on:
        statement = _as_on(statement, wanted.on)
    if wanted.status:
        of = AgreementPeriod.status if wanted.on else AgreementVisibility.status
        statement = statement.where(of == wanted.status)
    if wanted.archive:
        statement = statement.where(AgreementVisibility.archive_status == wanted.archive)
    if wanted.kind:
        statement = statement.where(Agreement.kind == wanted.kind)
    if wanted.needs_details:
        statement = statement.where(Agreement.needs_details.is_(True))
    if wanted.signed_from:
        statement = statement.where(AgreementVisibility.sort_on >= wanted.signed_from)
    if wanted.signed_to:
        statement = statement.where(AgreementVisibility.sort_on <= wanted.signed_to)
    if wanted.party:
        statement = statement.where(_has_party(Organisation.public_id == wanted.party, wanted.on))
    if wanted.region:
        statement = statement.where(_has_party(_in_region(wanted.region), wanted.on))
    if wanted.locality:
        statement = statement.where(_has_party(is_local_of(wanted.locality), wanted.on))
    if wanted.university:
        is_it = and_(Organisation.kind == OrganisationKind.UNIVERSITY, Organisation.public_id == wanted.university)
        statement = statement.where(_has_party(is_it, wanted.on))
    if wanted.newly_from and wanted.newly_to:
        statement = statement.where(*newly_signed(wanted.newly_from, wanted.newly_to))
    if wanted.expiring:
        statement = statement.where(*_ends_within(wanted.expiring))
    statement = statement.where(*further.marked(wanted.mark))
    if wanted.text:
        statement = statement.where(_mentions(wanted.text, wanted.on))
    return statement


def _ends_within(days: int) -> tuple[ColumnElement[bool], ...]:
    day = today()
    return (
        AgreementVisibility.status == AgreementStatus.IN_FORCE,
        Agreement.open_ended.is_(False),
        Agreement.expires_on.between(day, day + timedelta(days=days)),
    )


def _as_on(statement: Select[*tuple[Any, ...]], day: date) -> Select[*tuple[Any, ...]]:
    """Signed agreements as they stood on the day; those that were not signed then are left out."""
    return statement.join(AgreementPeriod, AgreementPeriod.agreement_id == Agreement.id).where(
        AgreementPeriod.from_on <= day, or_(AgreementPeriod.until_on.is_(None), AgreementPeriod.until_on > day)
    )


def _has_party(condition: Any, on: date | None) -> Any:
    """Whether such an organisation is bound, or was on the day."""
    return (
        select(AgreementParty.id)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id == Agreement.id, AgreementParty.position > 0, _bound(on), condition)
        .exists()
    )


def _in_region(code: str) -> Any:
    """In the region itself or in one right below it; a zone counts to its parent."""
    below = aliased(Region)
    return Organisation.region_code.in_(select(below.code).where(or_(below.code == code, below.parent_code == code)))


def _mentions(text: str, on: date | None) -> Any:
    of = AgreementPeriod if on else Agreement
    pattern = f"%{text.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
    return or_(
        of.title_zh.like(pattern, escape="/"),
        of.title_en.ilike(pattern, escape="/"),
        Agreement.number.like(pattern, escape="/"),
        _has_party(
            or_(Organisation.name_zh.like(pattern, escape="/"), Organisation.short_zh.like(pattern, escape="/")), on
        ),
    )
