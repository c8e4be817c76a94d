"""Enterprise docking for a city's bureau with a university: contact, once more was done than to state a need."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.i18n import msg
from ...docking.counts import LABELS, OF_STAGE
from ...docking.enums import Stage
from ...docking.models import DockingCase, DockingStageEntry, DockingVisibility
from ..enums import Level
from ..pairs import Pair, local_organisations
from .base import Entry, Fact, Source

# Of eleven stages those that are told of: what began, who met whom, who was hired, who came.
TOLD = (Stage.FIELD_DOCKING, Stage.SIGNED, Stage.ONBOARDED)


def facts(pair: Pair) -> Sequence[Fact]:
    """Cases that have moved; a need that was only stated is no contact yet. What was lost was contact all the same."""
    statement = select(DockingCase).where(_between(pair), DockingCase.stage != Stage.REGISTERED)
    return [_fact(one) for one in db.session.scalars(statement.options(selectinload(DockingCase.entries)))]


def _fact(one: DockingCase) -> Fact:
    sides = frozenset(side for side in (one.bureau_id, one.university_id) if side)
    return Fact(one.id, Level.CONTACT, sides, one.sort_on, _ahead(one))


def _ahead(one: DockingCase) -> date | None:
    """The nearest planned day that has not passed."""
    planned = one.next_planned
    day = planned.planned_on if planned and not one.is_lost else None
    return day if day and day >= today() else None


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each began, the stages that are told of, its end; the next planned stage as due."""
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
    ahead, planned = _ahead(one), one.next_planned
    if ahead and planned:
        yield Entry(ahead, planned.stage.label, *same, "calendar-check", is_due=True)


def _counted(entry: DockingStageEntry) -> str:
    """People signed: 10."""
    names = [name for name in OF_STAGE[entry.stage] if getattr(entry, name) is not None]
    return " · ".join(f"{LABELS[name]} {getattr(entry, name)}" for name in names)


def _between(pair: Pair) -> ColumnElement[bool]:
    local = local_organisations(pair.locality)
    return (DockingCase.university_id == pair.university) & DockingCase.bureau_id.in_(local)


SOURCE = Source(DockingCase.kind_code, facts, entries)
