"""Keeping relationships in step with their records, and saying why one is silent. 校地关系办理."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.access.scope import without_scope
from ..core.dates import today
from ..core.db import db
from ..core.errors import Conflict
from ..core.i18n import msg
from ..organisations.models import Organisation, OrganisationStatus, Region
from ..records.happenings import Happening, Told, hears
from ..records.services import require_reason, settle, share
from . import reminders
from .enums import Level
from .models import Relationship, RelationshipRecord, RelationshipSide, RelationshipVisibility
from .pairs import Pair, pairs_among
from .sources.catalogue import SOURCES

REFRESHED = "relationship:changed"


@hears(Happening.RECORD_SETTLED)
def follow(told: Told) -> None:
    """A record has changed: bring every relationship in step that it counts towards, or counted towards before."""
    if told.kind not in {source.kind for source in SOURCES}:
        return
    with without_scope():  # what the two sides have together is counted whoever writes
        now = pairs_among(told.parties)
        for pair in now | _pairs_before(told.kind, told.subject.id):
            refresh(pair)


def _pairs_before(kind: str, record_id: int) -> set[Pair]:
    statement = (
        select(Relationship.locality_code, Relationship.university_id)
        .join(RelationshipRecord, RelationshipRecord.relationship_id == Relationship.id)
        .where(RelationshipRecord.kind == kind, RelationshipRecord.record_id == record_id)
    )
    return {Pair(code, school) for code, school in db.session.execute(statement)}


def refresh(pair: Pair) -> Relationship | None:
    """Work a relationship out anew from its records; None where the two have nothing together (any more)."""
    facts = {source.kind: source.facts(pair) for source in SOURCES}
    flat = [fact for found in facts.values() for fact in found]
    present = _find(pair)
    rungs = [fact.level for fact in flat if fact.level]
    if not rungs and present is None:
        return None
    relationship = present or _begin(pair)
    before = relationship.level if present else None
    relationship.level = max(rungs, key=lambda level: level.rung, default=Level.CONTACT)
    relationship.last_active_on = max((fact.last for fact in flat if fact.last), default=None)
    relationship.next_due_on = min((fact.due for fact in flat if fact.due), default=None)
    relationship.sort_on = relationship.last_active_on or relationship.sort_on
    _write_sides(relationship, set().union(*(fact.organisations for fact in flat)) | {pair.university})
    _write_records(relationship, facts)
    db.session.flush()
    if present and not relationship.is_dormant(today()):
        reminders.settle(relationship)
    if not flat and relationship.university.status is OrganisationStatus.MERGED:
        _hide(relationship)
    elif before is relationship.level:
        share(relationship)
    else:
        settle(relationship, None, REFRESHED, {"level": (before, relationship.level)})
    return relationship


def _hide(relationship: Relationship) -> None:
    """It lives on in the relationship of the university's other record; nobody is shown an empty one."""
    table = RelationshipVisibility
    for row in db.session.scalars(select(table).where(table.record_id == relationship.id)):
        db.session.delete(row)
    db.session.flush()


def explain(relationship: Relationship, reason: str, actor: User) -> None:
    """Say why a dormant relationship is silent; counts for 180 days.

    Raises Forbidden, Invalid without a reason, Conflict for one that is not dormant.
    """
    decide(actor, Action.RELATIONSHIP_EXPLAIN, relationship).enforce()
    require_reason(reason)
    if not relationship.is_dormant(today()):
        raise Conflict(msg("This relationship is not silent"))
    relationship.explain(reason, today())
    settle(relationship, actor, Action.RELATIONSHIP_EXPLAIN, reason=reason)
    reminders.settle(relationship)


def refresh_all() -> int:
    """Work every relationship out anew, for a check or after an import; returns how many there are."""
    statement = select(Relationship.locality_code, Relationship.university_id)
    pairs = {Pair(code, school) for code, school in db.session.execute(statement)}
    return sum(refresh(pair) is not None for pair in pairs)


def _find(pair: Pair) -> Relationship | None:
    wanted = (Relationship.locality_code == pair.locality, Relationship.university_id == pair.university)
    loaded = (selectinload(Relationship.sides), selectinload(Relationship.records))
    return db.session.scalar(select(Relationship).where(*wanted).options(*loaded).with_for_update(of=Relationship))


def _begin(pair: Pair) -> Relationship:
    place = db.session.get_one(Region, pair.locality)
    school = db.session.get_one(Organisation, pair.university)
    made = Relationship(
        locality=place, university=school, owner=school, created_by_id=None, level=Level.CONTACT, sort_on=today()
    )
    retitle(made)
    db.session.add(made)
    return made


def retitle(relationship: Relationship) -> None:
    """Call it by its two sides as they are called now."""
    place, school = relationship.locality, relationship.university
    relationship.title_zh = f"{place.name_zh} — {school.name_zh}"
    relationship.title_en = f"{place.name_en} — {school.name_en}" if school.name_en else ""


def _write_sides(relationship: Relationship, wanted: Collection[int]) -> None:
    present = {side.organisation_id: side for side in relationship.sides}
    for gone in present.keys() - set(wanted):
        relationship.sides.remove(present[gone])
    for new in set(wanted) - present.keys():
        relationship.sides.append(RelationshipSide(organisation_id=new))


def _write_records(relationship: Relationship, facts: dict[str, Any]) -> None:
    wanted = {(kind, fact.record_id) for kind, found in facts.items() for fact in found}
    present = {(row.kind, row.record_id): row for row in relationship.records}
    for gone in present.keys() - wanted:
        relationship.records.remove(present[gone])
    for kind, record_id in wanted - present.keys():
        relationship.records.append(RelationshipRecord(kind=kind, record_id=record_id))
