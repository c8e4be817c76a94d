"""Agreements in force that nobody visited for twelve months. 待回访协议."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from ...core.access.decision import Actor
from ...core.dates import add_months, today
from ...core.db import db
from ...organisations.models import Organisation
from ..enums import VisitState
from ..models import Visit

MONTHS = 12
MOST = 50
OFFERED = 30
SUBJECT = "agreement"


def agreements_due(actor: Actor, today: date, limit: int = MOST) -> Sequence[Row[*tuple[Any, ...]]]:
    """The reader's own, the oldest first: no held visit for twelve months, none planned, in force at least so long."""
    seen = AgreementVisibility
    last = select(func.max(Visit.held_on)).where(*_about(VisitState.HELD)).correlate(Agreement).scalar_subquery()
    columns: tuple[Any, ...] = (
        Agreement.id, Agreement.public_id, Agreement.title_zh, Agreement.title_en, Agreement.number,
        Agreement.effective_on, last.label("last_on"),
    )  # fmt: skip
    statement = _due(select(*columns), actor, today)
    return db.session.execute(statement.order_by(seen.sort_on, seen.agreement_id).limit(limit)).all()


def still_due(public_ids: Sequence[str], actor: Actor, today: date) -> Sequence[Agreement]:
    """Those of them that still are, locked: whoever accepts the same suggestion at the same time waits here."""
    locked = select(Agreement.id).where(
        Agreement.public_id.in_(public_ids), Agreement.owner_id == actor.organisation_id
    )
    db.session.execute(locked.order_by(Agreement.id).with_for_update())
    statement = _due(select(Agreement), actor, today).where(Agreement.public_id.in_(public_ids))
    return db.session.scalars(statement.order_by(Agreement.id)).all()


def partners_of(agreement_ids: Sequence[int], organisation_id: int) -> dict[int, Organisation]:
    """The first party beside one's own organisation, by agreement; in one query."""
    statement = (
        select(AgreementParty.agreement_id, Organisation)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_(agreement_ids), Organisation.id != organisation_id)
        .order_by(AgreementParty.agreement_id, AgreementParty.position.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def subjects_to_offer(actor: Actor, limit: int = OFFERED) -> Sequence[Row[*tuple[Any, ...]]]:
    """Agreements in force that the reader sees, the newest first: what a visit may be about."""
    seen = AgreementVisibility
    statement = (
        select(Agreement.public_id, Agreement.title_zh, Agreement.title_en)
        .join(seen, seen.agreement_id == Agreement.id)
        .where(seen.organisation_id == actor.organisation_id, seen.status == AgreementStatus.IN_FORCE)
        .order_by(seen.sort_on.desc(), seen.agreement_id.desc())
    )
    return db.session.execute(statement.limit(limit)).all()


def _due(statement: Select[Any], actor: Actor, today: date) -> Select[Any]:
    seen, year_ago = AgreementVisibility, add_months(today, -MONTHS)
    visited = select(Visit.id).where(*_about(VisitState.HELD), Visit.held_on > year_ago)
    planned = select(Visit.id).where(*_about(VisitState.PLANNED))
    return statement.join(seen, seen.agreement_id == Agreement.id).where(
        seen.organisation_id == actor.organisation_id,
        seen.status == AgreementStatus.IN_FORCE,
        Agreement.owner_id == actor.organisation_id,
        or_(Agreement.effective_on.is_(None), Agreement.effective_on <= year_ago),
        ~visited.correlate(Agreement).exists(),
        ~planned.correlate(Agreement).exists(),
    )


def _about(state: VisitState) -> tuple[ColumnElement[bool], ...]:
    return (Visit.subject_kind == SUBJECT, Visit.subject_public_id == Agreement.public_id, Visit.state == state)


def visited_lately() -> ColumnElement[bool]:
    """Agreements about which a visit was held within twelve months, whoever reads it."""
    visit = aliased(Visit.__table__).c  # a table without the reader's wall
    rows = select(visit.id).where(
        visit.subject_kind == SUBJECT,
        visit.subject_public_id == Agreement.public_id,
        visit.state == VisitState.HELD,
        visit.held_on > add_months(today(), -MONTHS),
    )
    return rows.correlate(Agreement).exists()
