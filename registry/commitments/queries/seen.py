"""Periods of all promises that an organisation sees, each once, whoever takes part: what figures count. 所见承诺."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from ...agreements.models import Agreement
from ...agreements.queries.coverage import is_local_of
from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Organisation, OrganisationKind
from ...records.queries import EXPORT_BATCH
from ...tasks.enums import Light
from ...tasks.lights import Horizon
from ..enums import UNCOUNTED, Bucket, Part
from ..models import Commitment, CommitmentPeriod, CommitmentSide, CommitmentVisibility, PeriodStanding
from .ledger import COLUMNS, shows

S = PeriodStanding
ONE_DAY = timedelta(days=1)


class Show(StrEnum):
    """Which periods."""

    OPEN = "open"
    DUE = "due"
    CLOSED = "closed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Seen:
    """What the list is narrowed to: days by which a period counts, both included; a locality, a university (public id).

    With a light it is the open periods that show it, whenever they are due.
    """

    sky: Horizon
    show: Show = Show.OPEN
    first: date | None = None
    last: date | None = None
    locality: str = ""
    university: str = ""
    light: Light | None = None


def conditions(wanted: Seen) -> list[ColumnElement[bool]]:
    """The one predicate of these numbers and of the list behind them (`dashboards.facts.promises`)."""
    found = [_of_light(wanted.light, wanted.sky)] if wanted.light else [_shown(wanted)]
    if wanted.locality:
        found.append(_has_side(is_local_of(wanted.locality)))
    if wanted.university:
        is_it = and_(Organisation.kind == OrganisationKind.UNIVERSITY, Organisation.public_id == wanted.university)
        found.append(_has_side(is_it))
    return found


def _of_light(light: Light, sky: Horizon) -> ColumnElement[bool]:
    return and_(shows(light, sky), _is_open())


def _is_open() -> ColumnElement[bool]:
    """Said of the period itself as well, so that the index of the open ones is used."""
    return and_(S.bucket != Bucket.SETTLED, CommitmentPeriod.closed_on.is_(None))


def _shown(wanted: Seen) -> ColumnElement[bool]:
    today = wanted.sky.today
    first, last = wanted.first or date.min, wanted.last or date.max
    closed = and_(S.bucket == Bucket.SETTLED, S.state.not_in(UNCOUNTED), S.counts_on.between(first, last))
    if wanted.show is Show.CLOSED:
        return closed
    if wanted.show is Show.DUE:
        return or_(closed, and_(_is_open(), S.due_on.between(first, min(last, today))))
    in_hand = and_(_is_open(), S.bucket == Bucket.OPEN)
    if wanted.show is Show.OVERDUE:
        return and_(in_hand, S.due_on.between(first, min(last, today - ONE_DAY)))
    return and_(in_hand, S.due_on.between(first, last))


def _has_side(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(CommitmentSide.id)
        .join(Organisation, Organisation.id == CommitmentSide.organisation_id)
        .where(CommitmentSide.commitment_id == Commitment.id, condition)
        .correlate(Commitment)
        .exists()
    )


def page(actor: Actor, wanted: Seen, offset: int, limit: int) -> Sequence[Row[Any]]:
    """One page in the order of days; rows of `ledger.COLUMNS`, seen from the first who promised."""
    statement = narrowed(select(*COLUMNS), actor, wanted).order_by(CommitmentPeriod.due_on, CommitmentPeriod.id)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def count(actor: Actor, wanted: Seen, limit: int) -> int:
    """How many, counted up to `limit` + 1."""
    found = narrowed(select(S.period_id), actor, wanted).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def batches(actor: Actor, wanted: Seen) -> Iterator[Sequence[Row[Any]]]:
    """All of them, a batch in memory at a time."""
    period = CommitmentPeriod
    ordered = narrowed(select(*COLUMNS), actor, wanted).order_by(period.due_on, period.id).limit(EXPORT_BATCH)
    rows = db.session.execute(ordered).all()
    while rows:
        yield rows
        last = rows[-1]
        after = or_(period.due_on > last.due_on, and_(period.due_on == last.due_on, period.id > last.id))
        rows = db.session.execute(ordered.where(after)).all()


def narrowed(statement: Select[Any], actor: Actor, wanted: Seen) -> Select[Any]:
    """A statement of columns cut to these periods: the first of those who promised stands for all."""
    seen = CommitmentVisibility
    return (
        _from_periods(statement)
        .join(S, S.period_id == CommitmentPeriod.id)
        .join(seen, seen.record_id == Commitment.id)
        .where(seen.organisation_id == actor.organisation_id, _is_first(), *conditions(wanted))
    )


def overdue_by_day(statement: Select[Any], organisation_id: int, day: date, place: tuple[str, str]) -> Select[Any]:
    """What is overdue on the day, in the order of days, for the first few; a locality and a university as in `Seen`.

    It is walked in its order until enough is found that the reader sees. `offset(0)` keeps PostgreSQL from joining and
    sorting all that there is.
    """
    sight, period, (locality, university) = aliased(CommitmentVisibility), CommitmentPeriod, place
    wanted = Seen(Horizon(day, ()), Show.OVERDUE, locality=locality, university=university)
    is_seen = select(sight.record_id).where(sight.record_id == Commitment.id, sight.organisation_id == organisation_id)
    stands = select(S.period_id).where(S.period_id == period.id, _is_first(), *conditions(wanted))
    return (
        _from_periods(statement)
        .where(period.closed_on.is_(None), period.due_on < day)
        .where(is_seen.correlate(Commitment).offset(0).exists())
        .where(stands.correlate(period, Commitment).offset(0).exists())
        .order_by(period.due_on, period.id)
    )


def _from_periods(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(CommitmentPeriod)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(Agreement, Agreement.id == Commitment.agreement_id)
    )


def _is_first() -> ColumnElement[bool]:
    """It is how the period stands to the first of those who promised."""
    side = aliased(CommitmentSide)
    first = select(func.min(side.organisation_id)).where(side.commitment_id == Commitment.id, side.part == Part.OBLIGOR)
    return and_(S.part == Part.OBLIGOR, S.organisation_id == first.correlate(Commitment).scalar_subquery())


def promised_by(commitments: Sequence[str]) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    """Who promised: the names of a page, by the commitments' public ids. One query."""
    statement = (
        select(Commitment.public_id, Organisation.name_zh, Organisation.name_en)
        .join(CommitmentSide, CommitmentSide.commitment_id == Commitment.id)
        .join(Organisation, Organisation.id == CommitmentSide.organisation_id)
        .where(Commitment.public_id.in_(commitments), CommitmentSide.part == Part.OBLIGOR)
        .order_by(Commitment.id, CommitmentSide.position)
    )
    found: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.public_id, []).append(row)
    return found
