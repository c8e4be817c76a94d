"""Lists of an organisation's periods, each one range of an index; counts are capped. 承诺清单."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from ...agreements.models import Agreement
from ...core.db import db
from ...organisations.models import Organisation
from ...records.queries import EXPORT_BATCH, titled
from ...tasks.enums import Light
from ...tasks.lights import NEAR_DAYS, URGENT_DAYS, Horizon
from ..enums import Bucket, Category, Part, PeriodState
from ..models import MILLION, Commitment, CommitmentPeriod, CommitmentSide, PeriodStanding

S = PeriodStanding


def _others(name: InstrumentedAttribute[str], comma: str) -> ScalarSelect[Any]:
    """The names of the other side, one after another."""
    return (
        select(func.aggregate_strings(name, comma))
        .select_from(CommitmentSide)
        .join(Organisation, Organisation.id == CommitmentSide.organisation_id)
        .where(
            CommitmentSide.commitment_id == Commitment.id,
            CommitmentSide.part.in_((Part.OBLIGOR, Part.BENEFICIARY)),
            CommitmentSide.part != S.part,
            CommitmentSide.organisation_id != S.organisation_id,
        )
        .correlate(Commitment, S)
        .scalar_subquery()
    )


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
    CommitmentPeriod.reported_by_id,
    CommitmentPeriod.disputed_by_id,
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
    _others(Organisation.name_zh, "、").label("others_zh"),
    _others(Organisation.name_en, ", ").label("others_en"),
    S.part,
    S.bucket,
    S.waits,
    S.verified.label("verified_millionths"),
    S.reported.label("reported_millionths"),
)


class Viewpoint(Protocol):
    """Whose promises these are: the reader's organisation, or one that it oversees."""

    @property
    def organisation_id(self) -> int: ...


@dataclass(frozen=True)
class Wanted:
    """Which periods: of one part; open ones, or in one bucket or state; that wait for us; due in a range of days.

    `light` is judged on the day of `sky`; `text` is looked for in titles and in the agreement's title and number.
    """

    part: Part
    bucket: Bucket | None = None
    state: PeriodState | None = None
    waits: bool = False
    due_from: date | None = None
    due_by: date | None = None
    category: Category | None = None
    year: int | None = None
    agreement: str = ""
    text: str = ""
    light: Light | None = None
    sky: Horizon | None = None

    @property
    def reads_records(self) -> bool:
        """Whether the rows of the index alone do not tell."""
        return bool(self.agreement or self.text)


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


def conditions(whose: Viewpoint, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The range of the index."""
    found: list[ColumnElement[bool]] = [S.organisation_id == whose.organisation_id, S.part == wanted.part]
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
    if wanted.year:
        found.append(S.due_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.category:
        found.append(S.category == wanted.category)
    if wanted.agreement:
        found.append(Agreement.public_id == wanted.agreement)
    if wanted.light and wanted.sky:
        found.append(shows(wanted.light, wanted.sky))
    if wanted.text:
        titles = (Agreement.title_zh, Agreement.title_en, Agreement.number)
        named = (one.icontains(wanted.text, autoescape=True) for one in titles)
        found.append(or_(titled(Commitment, wanted.text), *named))
    return found


def shows(light: Light, sky: Horizon) -> ColumnElement[bool]:
    """The rule of `lights.light_of` as a condition: the first that fits."""
    if light is Light.CLOSED:
        return and_(S.bucket == Bucket.SETTLED, S.state != PeriodState.CANCELLED)
    tests = _tests(sky)
    before = tests[: [name for name, _test in tests].index(light)]
    return and_(S.bucket != Bucket.SETTLED, dict(tests)[light], *(not_(test) for _name, test in before))


def _tests(sky: Horizon) -> list[tuple[Light, ColumnElement[bool]]]:
    """In their order; a day that never comes counts as not come."""
    is_late = and_(S.due_on < sky.today, S.state != PeriodState.SUBMITTED)
    done = case((S.state == PeriodState.SUBMITTED, S.reported), else_=S.verified)
    return [
        (Light.GREY, or_(S.bucket == Bucket.PAUSED, S.starts_on > sky.today)),
        (Light.RED, or_(is_late, _has_come(S.far_behind_on, sky.today))),
        (Light.YELLOW, or_(_has_come(S.behind_on, sky.today), S.due_on < sky.beyond(URGENT_DAYS))),
        (Light.BLUE, and_(S.due_on < sky.beyond(NEAR_DAYS), done < MILLION)),
        (Light.GREEN, literal(value=True)),
    ]


def _has_come(column: InstrumentedAttribute[date | None], day: date) -> ColumnElement[bool]:
    return func.coalesce(column, date.max) <= day


def page(whose: Viewpoint, wanted: Wanted, offset: int, limit: int) -> Sequence[Row[Any]]:
    """One page in the order of days; see COLUMNS."""
    statement = _joined(select(*COLUMNS)).where(*conditions(whose, wanted)).order_by(S.due_on, S.period_id)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def batches(whose: Viewpoint, wanted: Wanted) -> Iterator[Sequence[Row[Any]]]:
    """All of them, a batch in memory at a time."""
    narrowed = _joined(select(*COLUMNS)).where(*conditions(whose, wanted)).order_by(S.due_on, S.period_id)
    rows = db.session.execute(narrowed.limit(EXPORT_BATCH)).all()
    while rows:
        yield rows
        last = rows[-1]
        after = or_(S.due_on > last.due_on, and_(S.due_on == last.due_on, S.period_id > last.id))
        rows = db.session.execute(narrowed.where(after).limit(EXPORT_BATCH)).all()


def count(whose: Viewpoint, wanted: Wanted, limit: int) -> int:
    """How many, counted up to `limit` + 1."""
    return counts(whose, {"": wanted}, limit)[""]


def counts(whose: Viewpoint, several: Mapping[str, Wanted], limit: int) -> dict[str, int]:
    """The same for several at once, in one statement."""
    parts = []
    for wanted in several.values():
        statement = select(S.period_id).where(*conditions(whose, wanted))
        narrowed = (_joined(statement) if wanted.reads_records else statement).limit(limit + 1).subquery()
        parts.append(select(func.count()).select_from(narrowed).scalar_subquery())
    return dict(zip(several, db.session.execute(select(*parts)).one(), strict=True))


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join(CommitmentPeriod, CommitmentPeriod.id == S.period_id)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(Agreement, Agreement.id == Commitment.agreement_id)
    )
