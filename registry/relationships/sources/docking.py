"""Enterprise docking for a city's bureau with a university: contact, once more was done than to state a need."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from ...core.access.decision import Actor
from ...core.clock import day
from ...core.dates import today
from ...core.db import db
from ...core.i18n import msg
from ...docking.counts import LABELS, OF_STAGE
from ...docking.enums import EntryStatus, Stage
from ...docking.models import DockingCase, DockingStageEntry, DockingVisibility
from ..enums import Level
from ..pairs import ANY, AnyPair, Pair, local_organisations
from .base import Entry, Fact, Source

# Of eleven stages those that are told of: what began, who met whom, who was hired, who came.
TOLD = (Stage.FIELD_DOCKING, Stage.SIGNED, Stage.ONBOARDED)


def facts(pair: Pair) -> Sequence[Fact]:
    """Cases that have moved; a need that was only stated is no contact yet. What was lost was contact all the same."""
    return [
        Fact(row.id, Level.CONTACT, frozenset({row.bureau_id, row.university_id}), row.sort_on, row.due)
        for row in db.session.execute(_moved(), pair.sides)
    ]


@cache
def _moved() -> Select[*tuple[Any, ...]]:
    case, entry = DockingCase, DockingStageEntry
    planned = (entry.case_id == case.id, entry.status == EntryStatus.PLANNED, entry.planned_on >= day())
    due = select(func.min(entry.planned_on)).where(*planned, case.lost_on.is_(None)).correlate(case).scalar_subquery()
    columns = (case.id, case.bureau_id, case.university_id, case.sort_on, due.label("due"))
    return select(*columns).where(_between(ANY), case.stage != Stage.REGISTERED)


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each began, the stages that are told of, its end; planned stages as due."""
    seen = DockingVisibility
    statement = (
        select(DockingCase)
        .join(seen, seen.record_id == DockingCase.id)
        .where(_between(pair), seen.organisation_id == actor.organisation_id)
        .options(selectinload(DockingCase.entries))
    )
    return [entry for one in db.session.scalars(statement) for entry in _entries(one)]


def _entries(one: DockingCase) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "docking.show", one.public_id)
    for entry in one.reached:
        if entry.stage is Stage.REGISTERED:
            yield Entry(entry.actual_on, msg("Docking case registered"), *same, "briefcase", note=one.majors[:80])
        elif entry.stage in TOLD:
            yield Entry(entry.actual_on, entry.stage.label, *same, "briefcase", "ok", note=_counted(entry))
    if one.is_lost and one.drop_reason:
        lost = msg("Docking case lost")
        yield Entry(one.lost_on, lost, *same, "x-circle", "bad", note=str(one.drop_reason.label))
        return
    for entry in one.entries:
        if entry.status is EntryStatus.PLANNED and entry.planned_on and entry.planned_on >= today():
            yield Entry(entry.planned_on, entry.stage.label, *same, "calendar-check", is_due=True)


def _counted(entry: DockingStageEntry) -> str:
    """People signed: 10."""
    names = [name for name in OF_STAGE[entry.stage] if getattr(entry, name) is not None]
    return " · ".join(f"{LABELS[name]} {getattr(entry, name)}" for name in names)


def _between(pair: Pair | AnyPair) -> ColumnElement[bool]:
    local = local_organisations(pair.locality)
    return (DockingCase.university_id == pair.university) & DockingCase.bureau_id.in_(local)


SOURCE = Source(DockingCase.kind_code, facts, entries)
