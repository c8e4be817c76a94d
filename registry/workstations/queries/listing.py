"""The list: its columns, its filter, and the marks that are computed from dates (活跃、静默、临期、拟撤销)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Contact, Organisation
from ...organisations.queries.localities import stands_for
from ...records.queries import Listing, titled
from ..enums import STANDING, WorkstationKind, WorkstationState
from ..marks import EXPIRING_DAYS, SILENT_DAYS, Mark
from ..models import Workstation, WorkstationFounder, WorkstationVisibility

LISTING = Listing(
    Workstation,
    WorkstationVisibility,
    (
        Workstation.kind,
        Workstation.number,
        Workstation.host_department,
        Workstation.place,
        Workstation.unveiled_on,
        Workstation.unveiled_precision,
        Workstation.term_until,
        Workstation.fund_yuan,
        Workstation.remark,
        Workstation.last_active_on,
        Workstation.quiet_since,
        Workstation.proposed_after,
        Workstation.agreement_id,
        Workstation.head_id,
    ),
    options=(
        joinedload(Workstation.owner),
        joinedload(Workstation.host),
        joinedload(Workstation.host_liaison),
        joinedload(Workstation.head),
        joinedload(Workstation.agreement),
        selectinload(Workstation.founders).options(
            joinedload(WorkstationFounder.organisation), joinedload(WorkstationFounder.liaison)
        ),
    ),
    sorts={"active": Workstation.last_active_on, "until": Workstation.term_until, "title": Workstation.title_zh},
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing. `host` and `founder` are public ids.

    `region` is the reporting locality of a founder that stands for it. `is_standing` leaves out what was withdrawn.
    """

    text: str = ""
    state: WorkstationState | None = None
    kind: WorkstationKind | None = None
    host: str = ""
    founder: str = ""
    region: str = ""
    mark: Mark | None = None
    is_standing: bool = False


def conditions(wanted: Filter, today: date) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    if wanted.text:
        named = Organisation.name_zh.icontains(wanted.text, autoescape=True)
        number = Workstation.number.icontains(wanted.text, autoescape=True)
        yield or_(titled(Workstation, wanted.text), number, _hosted_by(named), _founded_by(named))
    if wanted.state:
        yield WorkstationVisibility.state == wanted.state
    if wanted.kind:
        yield Workstation.kind == wanted.kind
    if wanted.host:
        yield _hosted_by(Organisation.public_id == wanted.host)
    if wanted.founder:
        yield _founded_by(Organisation.public_id == wanted.founder)
    if wanted.region:
        yield _founded_by(stands_for(wanted.region))
    if wanted.is_standing:
        yield WorkstationVisibility.state.in_(STANDING)
    if wanted.mark:
        yield is_marked(wanted.mark, today)


def is_marked(mark: Mark, today: date) -> ColumnElement[bool]:
    """One predicate for the number and for the list behind it; `marks` says the same of one."""
    limit, until = today - timedelta(days=SILENT_DAYS), today + timedelta(days=EXPIRING_DAYS)
    running = Workstation.quiet_since.is_not(None)
    expiring = and_(Workstation.state != WorkstationState.WITHDRAWN, Workstation.term_until.between(today, until))
    return {
        Mark.ACTIVE: and_(running, Workstation.last_active_on >= limit),
        Mark.SILENT: Workstation.quiet_since < limit,
        Mark.EXPIRING: expiring,
        Mark.PROPOSED: Workstation.proposed_after.is_not(None),
    }[mark]


def count_marks(actor: Actor, today: date, limit: int) -> dict[Mark, int]:
    """How many of each mark the actor sees, each counted up to `limit` + 1; one statement."""
    seen = WorkstationVisibility
    parts = [
        select(seen.record_id)
        .join(Workstation, Workstation.id == seen.record_id)
        .where(seen.organisation_id == actor.organisation_id, is_marked(mark, today))
        .limit(limit + 1)
        .subquery()
        for mark in Mark
    ]
    counts = select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))
    return dict(zip(Mark, db.session.execute(counts).one(), strict=True))


def sides_of(station_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The founders in their order, then the host, of a page of stations in one query; liaisons as the reader sees."""
    named = (Organisation.public_id, Organisation.name_zh, Organisation.name_en, Contact.name, Contact.phone_hint)
    founders = (
        select(WorkstationFounder.workstation_id, WorkstationFounder.position, literal(0).label("is_host"), *named)
        .join(Organisation, Organisation.id == WorkstationFounder.organisation_id)
        .outerjoin(Contact, Contact.id == WorkstationFounder.liaison_id)
        .where(WorkstationFounder.workstation_id.in_(station_ids))
    )
    hosts = (
        select(
            Workstation.id.label("workstation_id"), literal(0).label("position"), literal(1).label("is_host"), *named
        )
        .join(Organisation, Organisation.id == Workstation.host_id)
        .outerjoin(Contact, Contact.id == Workstation.host_liaison_id)
        .where(Workstation.id.in_(station_ids))
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {one: [] for one in station_ids}
    rows = union_all(founders, hosts).subquery()
    for row in db.session.execute(select(rows).order_by(rows.c.is_host, rows.c.position)):
        found[row.workstation_id].append(row)
    return found


def _hosted_by(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Workstation.host_id.in_(select(Organisation.id).where(condition).correlate(None))


def _founded_by(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    rows = (
        select(WorkstationFounder.workstation_id)
        .join(Organisation, Organisation.id == WorkstationFounder.organisation_id)
        .where(condition)
        .correlate(None)
    )
    return Workstation.id.in_(rows)
