"""The board: for each stage its count and the cases that have waited longest, however many there are. 看板。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, union_all
from sqlalchemy.orm import aliased

from ...core.access.decision import Actor
from ...core.db import db
from ...organisations.models import Organisation
from ..enums import Stage
from ..models import DockingCase, DockingStageEntry, DockingVisibility

MOST_CARDS = 50
Enterprise = aliased(Organisation, name="enterprise")
University = aliased(Organisation, name="university")
COLUMNS = (
    DockingCase.public_id,
    DockingCase.stage,
    DockingCase.sort_on,
    DockingCase.stuck_on,
    DockingCase.is_demo,
    DockingCase.owner_id,
    DockingCase.enterprise_id,
    DockingCase.university_id,
    DockingCase.bureau_id,
    DockingCase.enterprise_as_reported,
    Enterprise.name_zh.label("enterprise_zh"),
    Enterprise.name_en.label("enterprise_en"),
    University.name_zh.label("university_zh"),
    University.name_en.label("university_en"),
    DockingStageEntry.posts,
    DockingStageEntry.entrants,
    DockingStageEntry.resumes,
    DockingStageEntry.interviewed,
    DockingStageEntry.offers,
    DockingStageEntry.signed,
    DockingStageEntry.onboarded,
    DockingStageEntry.retained,
)


@dataclass(frozen=True)
class BoardColumn:
    """One stage: how many cases stand there (counted up to a limit), and the first of them."""

    stage: Stage
    count: int
    cards: Sequence[Row[*tuple[Any, ...]]]


def board(actor: Actor, narrowing: Iterable[ColumnElement[bool]], limit: int) -> list[BoardColumn]:
    """All columns in two statements: at most 50 cards each, those without movement for longest first.

    Counts go up to `limit` + 1.
    """
    wanted = list(narrowing)
    counts, cards = _counts(actor, wanted, limit), _cards(actor, wanted)
    return [BoardColumn(stage, counts[stage], cards[stage]) for stage in Stage]


def _at(actor: Actor, stage: Stage, wanted: list[ColumnElement[bool]]) -> Any:
    """From the index of the list alone, unless something of the case is asked."""
    seen = DockingVisibility
    found = select(seen.record_id).where(seen.organisation_id == actor.organisation_id, seen.state == str(stage))
    return found.join(DockingCase, DockingCase.id == seen.record_id).where(*wanted) if wanted else found


def _counts(actor: Actor, wanted: list[ColumnElement[bool]], limit: int) -> dict[Stage, int]:
    parts = [_at(actor, stage, wanted).limit(limit + 1).subquery() for stage in Stage]
    counted = select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))
    return dict(zip(Stage, db.session.execute(counted).one(), strict=True))


def _cards(actor: Actor, wanted: list[ColumnElement[bool]]) -> dict[Stage, list[Row[*tuple[Any, ...]]]]:
    """The ids of each column by the index of the list, then their rows by key."""
    seen = DockingVisibility
    first = [
        _at(actor, stage, wanted).order_by(seen.sort_on, seen.record_id).limit(MOST_CARDS).subquery() for stage in Stage
    ]
    picked = union_all(*(select(part.c.record_id) for part in first)).subquery()
    entry = DockingStageEntry
    at_stage = and_(entry.case_id == DockingCase.id, entry.stage == DockingCase.stage)
    statement = (
        select(*COLUMNS)
        .join(picked, picked.c.record_id == DockingCase.id)
        .join(University, University.id == DockingCase.university_id)
        .outerjoin(Enterprise, Enterprise.id == DockingCase.enterprise_id)
        .outerjoin(entry, at_stage)
        .order_by(DockingCase.sort_on, DockingCase.id)
    )
    found: dict[Stage, list[Row[*tuple[Any, ...]]]] = {stage: [] for stage in Stage}
    for row in db.session.execute(statement):
        found[row.stage].append(row)
    return found
