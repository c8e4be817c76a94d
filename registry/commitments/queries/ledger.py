"""Lists of an organisation's periods, one range of an index each; counts are capped, sums read as kept. 承诺清单."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from ...agreements.models import Agreement
from ...core.access.decision import Actor
from ...core.dates import add_months
from ...core.db import db
from ..enums import UNCOUNTED, Bucket, Category, Part, PeriodState
from ..models import MILLION, Commitment, CommitmentPeriod, CommitmentTotal, PeriodStanding
from ..rates import Tally

S = PeriodStanding
ONE_DAY = timedelta(days=1)
COLUMNS: Sequence[Any] = (
    CommitmentPeriod.id,
    CommitmentPeriod.public_id,
    CommitmentPeriod.row_version,
    CommitmentPeriod.no,
    CommitmentPeriod.starts_on,
    CommitmentPeriod.due_on,
    CommitmentPeriod.target,
    CommitmentPeriod.reported,
    CommitmentPeriod.verified,
    CommitmentPeriod.disputed,
    CommitmentPeriod.state,
    CommitmentPeriod.reporter_id,
    CommitmentPeriod.close_requested_on,
    CommitmentPeriod.closed_on,
    CommitmentPeriod.reopened,
    CommitmentPeriod.waiver_by_id,
    Commitment.public_id.label("commitment"),
    Commitment.code,
    Commitment.title_zh,
    Commitment.title_en,
    Commitment.category,
    Commitment.measure,
    Commitment.comparator,
    Commitment.unit,
    Commitment.recurrence,
    Commitment.curve,
    Commitment.weights,
    Commitment.is_joint,
    Commitment.paused_on,
    Commitment.is_demo,
    Agreement.id.label("agreement_id"),
    Agreement.public_id.label("agreement"),
    Agreement.number,
    Agreement.title_zh.label("agreement_zh"),
    Agreement.title_en.label("agreement_en"),
    S.part,
    S.bucket,
    S.waits,
    S.verified.label("verified_millionths"),
    S.reported.label("reported_millionths"),
)


@dataclass(frozen=True)
class Wanted:
    """Which periods: of one part; open ones, or in one bucket or state; that wait for us; due in a range of days."""

    part: Part
    bucket: Bucket | None = None
    state: PeriodState | None = None
    waits: bool = False
    due_from: date | None = None
    due_by: date | None = None
    category: Category | None = None
    agreement: str = ""


def promised_by_us() -> Wanted:
    """What we promised."""
    return Wanted(Part.OBLIGOR)


def promised_to_us() -> Wanted:
    """What we were promised."""
    return Wanted(Part.BENEFICIARY)


def due_next(part: Part, day: date) -> Wanted:
    """Still open and not past its day; the next one first."""
    return Wanted(part, Bucket.OPEN, due_from=day)


def overdue(part: Part, yesterday: date) -> Wanted:
    """Open though its day is past."""
    return Wanted(part, Bucket.OPEN, due_by=yesterday)


def to_confirm() -> Wanted:
    """What waits for our verification, or for our consent to a waiver."""
    return Wanted(Part.BENEFICIARY, waits=True)


def to_correct() -> Wanted:
    """What was sent back to us or disputed."""
    return Wanted(Part.OBLIGOR, waits=True)


def conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The range of the index."""
    found: list[ColumnElement[bool]] = [S.organisation_id == actor.organisation_id, S.part == wanted.part]
    if wanted.bucket:
        found.append(S.bucket == wanted.bucket)
    if wanted.state:
        found.append(S.state == wanted.state)
    if wanted.waits:
        found.append(S.waits.is_(True))
    if wanted.due_from:
        found.append(S.due_on >= wanted.due_from)
    if wanted.due_by:
        found.append(S.due_on <= wanted.due_by)
    if wanted.category:
        found.append(S.category == wanted.category)
    if wanted.agreement:
        found.append(Agreement.public_id == wanted.agreement)
    return found


def page(actor: Actor, wanted: Wanted, offset: int, limit: int) -> Sequence[Row[Any]]:
    """One page in the order of days; see COLUMNS."""
    statement = _joined(select(*COLUMNS)).where(*conditions(actor, wanted)).order_by(S.due_on, S.period_id)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def count(actor: Actor, wanted: Wanted, limit: int) -> int:
    """How many, counted up to `limit` + 1."""
    statement = select(S.period_id).where(*conditions(actor, wanted))
    if wanted.agreement:
        statement = _joined(statement)
    return db.session.scalar(select(func.count()).select_from(statement.limit(limit + 1).subquery())) or 0


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join(CommitmentPeriod, CommitmentPeriod.id == S.period_id)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(Agreement, Agreement.id == Commitment.agreement_id)
    )


def tally_of(organisation_id: int, part: Part, first: date, last: date) -> Tally:
    """Periods that rates count in these days, with the sums of their shares.

    Whole months are read as kept, the days of months that are cut from the index.
    """
    begins, ends = _month_from(first), _month_from(last + ONE_DAY, -1)
    if begins >= ends:
        return _counted(organisation_id, part, first, last)
    parts = [_kept(organisation_id, part, begins, ends)]
    if first < begins:
        parts.append(_counted(organisation_id, part, first, begins - ONE_DAY))
    if ends <= last:
        parts.append(_counted(organisation_id, part, ends, last))
    return sum(parts, Tally())


def _month_from(day: date, direction: int = 1) -> date:
    """The first day of a month that is this one; else of the next month, or of its own with -1."""
    if day.day == 1 or direction < 0:
        return day.replace(day=1)
    return add_months(day.replace(day=1), 1)


def _kept(organisation_id: int, part: Part, begins: date, ends: date) -> Tally:
    total = CommitmentTotal
    sums = (func.sum(total.periods), func.sum(total.verified), func.sum(total.reported))
    of_these = (total.organisation_id == organisation_id, total.part == part)
    return _tally(db.session.execute(select(*sums).where(*of_these, total.month >= begins, total.month < ends)).one())


def _counted(organisation_id: int, part: Part, first: date, last: date) -> Tally:
    sums = (func.count(), func.sum(S.verified), func.sum(S.reported))
    of_these = (S.organisation_id == organisation_id, S.part == part, S.state.not_in(UNCOUNTED))
    return _tally(db.session.execute(select(*sums).where(*of_these, S.counts_on.between(first, last))).one())


def _tally(row: Sequence[int | None]) -> Tally:
    periods, verified, reported = (int(value or 0) for value in row)
    return Tally(periods, Decimal(verified) / MILLION, Decimal(reported) / MILLION)
