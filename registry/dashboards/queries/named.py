"""The records that a briefing names: what was signed, what ends, what shows a red light, what took place. 所列记录."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ...activities.enums import ActivityKind, ActivityState
from ...activities.figure_codes import FigureCode
from ...activities.models import Activity, ActivityFigure, ActivityVisibility
from ...agreements import queries as agreements
from ...agreements.models import AgreementStatus
from ...agreements.queries.ledger import Filter
from ...commitments.enums import Part
from ...commitments.models import (
    Commitment,
    CommitmentPeriod,
    CommitmentSide,
    CommitmentVisibility,
    PeriodStanding,
)
from ...commitments.queries.ledger import shows
from ...core.access.decision import Actor
from ...core.dates import Precision
from ...core.db import db
from ...core.i18n import speaking
from ...organisations.models import Organisation
from ...tasks.enums import UNFINISHED, Light, TaskSource
from ...tasks.models import Task, TaskVisibility
from ...tasks.queries import horizon_now
from ..briefing.kept import KeptActivity, KeptCount, KeptFigure, KeptRecord

MOST = 30
MOST_ACTIVITIES = 12
KNOWN_ENOUGH = (Precision.DAY, Precision.MONTH)
EXPIRES_WITHIN = 90


def signed(actor: Actor, first: date, last: date) -> tuple[KeptRecord, ...]:
    """What was newly signed between two days, in that order; by the predicate of its list."""
    wanted = Filter(newly_from=first, newly_to=last, sort="signed", descending=False)
    return tuple(_agreement(row, row.signed_on) for row in agreements.list_visible(actor, wanted, 0, MOST))


def expiring(actor: Actor) -> tuple[KeptRecord, ...]:
    """What ends within 90 days from today, the earliest first."""
    wanted = Filter(expiring=EXPIRES_WITHIN, status=AgreementStatus.IN_FORCE, sort="expires", descending=False)
    return tuple(_agreement(row, row.expires_on) for row in agreements.list_visible(actor, wanted, 0, MOST))


def _agreement(row: Any, day: date | None) -> KeptRecord:
    known = day.isoformat() if day else ""
    return KeptRecord("agreement", row.public_id, row.title_zh, row.title_en, row.number or "", known)


def red_promises(actor: Actor) -> tuple[KeptRecord, ...]:
    """Periods of promises whose light is red today, each once, the earliest due first."""
    standing, seen = PeriodStanding, CommitmentVisibility
    red = (
        select(standing.period_id)
        .join(CommitmentPeriod, CommitmentPeriod.id == standing.period_id)
        .join(seen, seen.record_id == CommitmentPeriod.commitment_id)
        .where(seen.organisation_id == actor.organisation_id, shows(Light.RED, horizon_now()))
    )
    statement = (
        select(
            Commitment.public_id,
            Commitment.title_zh,
            Commitment.title_en,
            CommitmentPeriod.due_on,
            _obligors(Organisation.name_zh, "、"),
            _obligors(Organisation.name_en, ", "),
        )
        .join(CommitmentPeriod, CommitmentPeriod.commitment_id == Commitment.id)
        .where(CommitmentPeriod.id.in_(red))
        .order_by(CommitmentPeriod.due_on, CommitmentPeriod.id)
        .limit(MOST)
    )
    return tuple(
        KeptRecord("commitment", public_id, zh, en, day=due_on.isoformat(), who_zh=who_zh or "", who_en=who_en or "")
        for public_id, zh, en, due_on, who_zh, who_en in db.session.execute(statement)
    )


def _obligors(name: InstrumentedAttribute[str], comma: str) -> ScalarSelect[Any]:
    """Who promised it, one after another."""
    side = CommitmentSide
    statement = select(func.aggregate_strings(name, comma)).select_from(side)
    statement = statement.join(Organisation, Organisation.id == side.organisation_id)
    whose = (side.commitment_id == Commitment.id, side.part == Part.OBLIGOR)
    return statement.where(*whose).correlate(Commitment).scalar_subquery()


def instructions(actor: Actor) -> tuple[KeptRecord, ...]:
    """Leaders' instructions that are not struck off yet, the earliest deadline first."""
    seen, lead = TaskVisibility, aliased(Organisation, name="lead")
    statement = (
        select(
            Task.public_id, Task.title_zh, Task.title_en, Task.due_on, Task.percent, lead.name_zh, lead.name_en,
        )
        .join(seen, seen.record_id == Task.id)
        .join(lead, lead.id == Task.lead_id)
        .where(
            seen.organisation_id == actor.organisation_id,
            seen.state.in_(UNFINISHED),
            Task.origin == TaskSource.INSTRUCTION,
        )
        .order_by(Task.due_on, Task.id)
        .limit(MOST)
    )  # fmt: skip
    return tuple(
        KeptRecord(
            "task", public_id, zh, en, day=due.isoformat(), who_zh=who_zh, who_en=who_en, note_zh=f"{done} %"
        )
        for public_id, zh, en, due, done, who_zh, who_en in db.session.execute(statement)
    )  # fmt: skip


def activities(actor: Actor, first: date, last: date) -> tuple[KeptActivity, ...]:
    """What took place in these days, or was planned for them, with its current figures; those with figures first."""
    rows = db.session.execute(_activities(actor, first, last)).all()
    counts = _counts([row.id for row in rows])
    return tuple(
        KeptActivity(
            row.public_id,
            row.title_zh,
            row.title_en,
            row.held_on.isoformat() if row.held_precision is Precision.DAY else f"{row.held_on:%Y-%m}",
            row.place,
            str(row.state),
            tuple(counts.get(row.id, ())),
        )
        for row in sorted(rows, key=lambda row: row.id not in counts)
    )


def _activities(actor: Actor, first: date, last: date) -> Select[*tuple[Any, ...]]:
    seen = ActivityVisibility
    known = select(ActivityFigure.id).where(ActivityFigure.activity_id == Activity.id, *_current())
    return (
        select(
            Activity.id, Activity.public_id, Activity.title_zh, Activity.title_en, Activity.held_on,
            Activity.held_precision, Activity.place, Activity.state,
        )
        .join(seen, seen.record_id == Activity.id)
        .where(
            seen.organisation_id == actor.organisation_id,
            Activity.state != ActivityState.CANCELLED,
            Activity.held_precision.in_(KNOWN_ENOUGH),
            Activity.held_on <= last,
            Activity.ends_on >= first,
            or_(Activity.held_on >= first, Activity.kind == ActivityKind.SERIES),
        )
        .order_by(known.correlate(Activity).exists().desc(), Activity.held_on, Activity.id)
        .limit(MOST_ACTIVITIES)
    )  # fmt: skip


def _current() -> tuple[Any, ...]:
    return ActivityFigure.superseded_at.is_(None), ActivityFigure.code != FigureCode.OTHER


def _counts(numbers: Sequence[int]) -> dict[int, list[KeptCount]]:
    """Figures of a page of activities in one query, actual ones first, in the order of their codes."""
    figure = ActivityFigure
    found: dict[int, list[KeptCount]] = {}
    order = list(FigureCode)
    rows = db.session.scalars(select(figure).where(figure.activity_id.in_(numbers), *_current()))
    for row in sorted(rows, key=lambda one: (one.is_planned, order.index(one.code), one.id)):
        found.setdefault(row.activity_id, []).append(_count(row))
    return found


def _count(row: ActivityFigure) -> KeptCount:
    with speaking("zh"):
        zh = row.label_zh or str(row.code.label)
    kept = KeptFigure(row.value, row.unit, row.qualifier, doubtful=int(row.needs_check), as_reported=row.as_reported)
    return KeptCount(str(row.code), zh, row.label_en or row.code.label.english, kept, row.is_planned)


def count_instructions(actor: Actor) -> int:
    """How many there are."""
    statement = (
        select(func.count())
        .select_from(TaskVisibility)
        .join(Task, Task.id == TaskVisibility.record_id)
        .where(
            TaskVisibility.organisation_id == actor.organisation_id,
            TaskVisibility.state.in_(UNFINISHED),
            Task.origin == TaskSource.INSTRUCTION,
        )
    )
    return db.session.scalar(statement) or 0
