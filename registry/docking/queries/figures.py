"""What came of it: outcomes of an agreement, days in each stage, the funnel. 成效与漏斗。

Each number has the list that it is the length or the sum of; both are read by the same conditions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, extract, func, select

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...records import kept
from ..enums import EntryStatus, Stage
from ..models import DockingCase, DockingStageEntry, DockingVisibility
from .ledger import Filter, belonging_to, conditions

SECONDS = 86_400
PEOPLE = ("retained", "onboarded", "signed", "offers", "interviewed", "posts")  # the first that a stage tells
KEPT = "docking.figures"  # asks for (funnel, averages) of a filter, from sums


@dataclass(frozen=True)
class Outcome:
    """Cases, and people counted in them; None where no case says how many."""

    cases: int
    posts: int | None
    offers: int | None
    signed: int | None
    onboarded: int | None
    retained_6m: int | None = None
    retained_12m: int | None = None


@dataclass(frozen=True)
class StageAverage:
    """How long cases stayed in a stage before they moved on: days on average, over how many cases."""

    stage: Stage
    days: float
    cases: int


class Cell(NamedTuple):
    """Cases that reached a stage, and the people or posts counted there; None where no case tells any."""

    cases: int
    people: int | None


Funnel = dict[Any, dict[Stage, Cell]]


class Grouping(StrEnum):
    """What the funnel is taken apart by."""

    REGION = "region"
    UNIVERSITY = "university"
    INDUSTRY = "industry"


KEYS: dict[Grouping, Any] = {
    Grouping.REGION: DockingCase.region_code,
    Grouping.UNIVERSITY: DockingCase.university_id,
    Grouping.INDUSTRY: DockingCase.industry_code,
}


def outcome_of(kind: str, public_id: str, actor: Actor) -> Outcome:
    """What an agreement, a workstation, an activity led to, as far as the reader sees the cases; one statement."""
    return totals(actor, conditions(belonging_to(kind, public_id)))


def totals(actor: Actor, narrowing: Iterable[ColumnElement[bool]]) -> Outcome:
    """Cases of a list and the people in them; one statement."""
    entry = DockingStageEntry
    posts = func.sum(entry.posts).filter(entry.stage == Stage.POSTED)
    columns: tuple[Any, ...] = (
        func.count(DockingCase.id.distinct()),
        posts,
        func.sum(entry.offers),
        func.sum(entry.signed),
        func.sum(entry.onboarded),
        *(func.sum(entry.retained).filter(entry.stage == stage) for stage in (Stage.RETAINED_6M, Stage.RETAINED_12M)),
    )
    statement = (
        _seen(select(*columns), actor)
        .outerjoin(entry, (entry.case_id == DockingCase.id) & (entry.status == EntryStatus.REACHED))
        .where(*narrowing)
    )
    return Outcome(*db.session.execute(statement).one())


def days_in_stages(case: DockingCase) -> dict[Stage, int]:
    """Days from each stage that was reached to the one that followed; of the present one until today or its end."""
    reached = [(entry.stage, entry.actual_on) for entry in case.reached if entry.actual_on]
    ends: list[date | None] = [day for _stage, day in reached[1:]]
    ends.append(case.lost_on or (today() if case.next_stage else None))
    return {stage: (end - day).days for (stage, day), end in zip(reached, ends, strict=True) if end is not None}


def average_days(actor: Actor, narrowing: Iterable[ColumnElement[bool]] = ()) -> list[StageAverage]:
    """Days from each stage to the next that was reached, on average over the cases of a list; one statement."""
    entry = DockingStageEntry
    following = func.lead(entry.actual_on).over(partition_by=entry.case_id, order_by=entry.position)
    stays = _reached(select(entry.stage, entry.actual_on, following.label("left_on")), actor, narrowing).subquery()
    days = (extract("epoch", stays.c.left_on) - extract("epoch", stays.c.actual_on)) / SECONDS
    statement = (
        select(stays.c.stage, func.avg(days), func.count()).where(stays.c.left_on.is_not(None)).group_by(stays.c.stage)
    )
    rows = {row[0]: row for row in db.session.execute(statement)}
    return [StageAverage(stage, float(rows[stage][1]), rows[stage][2]) for stage in Stage if stage in rows]


def funnel(actor: Actor, grouping: Grouping | None, narrowing: Iterable[ColumnElement[bool]] = ()) -> Funnel:
    """How many cases reached each stage, and how many people are counted there, by group; one statement.

    Keys are region codes, ids of universities or section codes; without a grouping all stands under None.
    """
    entry = DockingStageEntry
    people = func.coalesce(*(getattr(entry, name) for name in PEOPLE))
    key = KEYS[grouping] if grouping else None
    columns = (entry.stage, func.count().label("cases"), func.sum(people).label("people"))
    statement = _reached(select(*columns, *([key.label("key")] if key is not None else [])), actor, narrowing)
    statement = statement.group_by(entry.stage, *([key] if key is not None else []))
    found: Funnel = {}
    for row in db.session.execute(statement):
        found.setdefault(row.key if key is not None else None, {})[row.stage] = Cell(row.cases, row.people)
    return found


def figures_of(actor: Actor, grouping: Grouping | None, wanted: Filter) -> tuple[Funnel, list[StageAverage]]:
    """The funnel of a list and its average days: from sums where they are kept, else added up from the cases."""
    sums: tuple[Funnel, list[StageAverage]] | None = None if grouping else kept.ask(KEPT, actor, wanted)
    if sums is not None:
        return sums
    narrowing = list(conditions(wanted))
    return funnel(actor, grouping, narrowing), average_days(actor, narrowing)


def _seen(statement: Select[*tuple[Any, ...]], actor: Actor) -> Select[*tuple[Any, ...]]:
    seen = DockingVisibility
    joined = statement.select_from(seen).join(DockingCase, DockingCase.id == seen.record_id)
    return joined.where(seen.organisation_id == actor.organisation_id)


def _reached(
    statement: Select[*tuple[Any, ...]], actor: Actor, narrowing: Iterable[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    entry = DockingStageEntry
    joined = _seen(statement, actor).join(entry, entry.case_id == DockingCase.id)
    return joined.where(entry.status == EntryStatus.REACHED, *narrowing)
