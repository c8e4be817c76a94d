"""Keeping relationships in step with their records, and saying why one is silent. 校地关系办理."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.access.scope import without_scope
from ..core.dates import today
from ..core.db import batched, db
from ..core.errors import Conflict
from ..core.i18n import msg
from ..jobs.services import enqueue
from ..organisations.models import Organisation, OrganisationStatus, Region
from ..records.happenings import Happening, Told, hears
from ..records.services import require_reason, settle, share
from . import reminders
from .enums import Level
from .models import Relationship, RelationshipRecord, RelationshipSide, RelationshipVisibility
from .pairs import ANY, Pair, local_organisations, pairs_among
from .sources.base import Fact
from .sources.catalogue import SOURCES

REFRESHED = "relationship:changed"
FOLLOW_JOB = "relationships.follow"
AT_ONCE = 20  # relationships that one change brings in step before it answers
JOINED = " — "  # a locality and a university


def follow_all(many: Sequence[Told]) -> None:
    """Records have changed: bring every relationship in step that they count towards, or counted towards before.

    Many of them are brought in step by the worker, right after the commit.
    """
    told = [one for one in many if one.kind in {source.kind for source in SOURCES}]
    if not told:
        return
    with without_scope():  # what the two sides have together is counted whoever writes
        touched = sorted({*_pairs_of(told), *_pairs_before(told)})
        if len(touched) > AT_ONCE:
            _follow_later(told[-1], touched)
            return
        kinds = {one.kind for one in told}
        for pair in touched:  # in one order: no two wait for each other
            refresh(pair, min(kinds) if len(kinds) == 1 else "")


@hears(Happening.RECORD_SETTLED, together=follow_all)
def follow(told: Told) -> None:
    """The same for one record."""
    follow_all([told])


def _pairs_of(told: Sequence[Told]) -> Iterator[Pair]:
    for parties in {one.parties for one in told}:
        yield from pairs_among(parties)


def _follow_later(told: Told, pairs: Sequence[Pair]) -> None:
    """Fifteen localities and twenty-five universities at one launch are 375 pairs: nobody waits for those."""
    payload = {"pairs": [[pair.locality, pair.university] for pair in pairs]}
    enqueue(FOLLOW_JOB, f"{told.kind}:{told.subject.id}", payload, renew=True)


def _pairs_before(told: Sequence[Told]) -> Iterator[Pair]:
    for kind in {one.kind for one in told}:
        for ids in batched(one.subject.id for one in told if one.kind == kind):
            for code, school in db.session.execute(_counting(), {"kind": kind, "ids": ids}):
                yield Pair(code, school)


@cache
def _counting() -> Select[str, int]:
    """Of which relationships some records are part; written once, as all that a change asks."""
    wanted = (
        RelationshipRecord.kind == bindparam("kind"),
        RelationshipRecord.record_id.in_(bindparam("ids", expanding=True)),
    )
    statement = select(Relationship.locality_code, Relationship.university_id)
    return (
        statement.join(RelationshipRecord, RelationshipRecord.relationship_id == Relationship.id)
        .where(*wanted)
        .distinct()
    )


def refresh(pair: Pair, changed: str = "") -> Relationship | None:
    """Work a relationship out anew from its records; None where the two never had anything together.

    Where they had nothing so far and one record changed, only records of its kind (`changed`) can begin it, and only
    those are looked at: a draft on its way to be signed is settled a dozen times.

    It is locked before its records are read: of two that change at one moment the later sees what the earlier did.
    """
    relationship, is_new = _find(pair), False
    if relationship is None:
        if not any(fact.level for found in _facts(pair, changed).values() for fact in found):
            return None
        relationship, is_new = _begin(pair)
    before = None if is_new else relationship.level
    facts = _facts(pair)
    flat = [fact for found in facts.values() for fact in found]
    retitle(relationship)
    rungs = [fact.level for fact in flat if fact.level]
    relationship.level = max(rungs, key=lambda level: level.rung, default=Level.CONTACT)
    relationship.last_active_on = max((fact.last for fact in flat if fact.last), default=None)
    relationship.next_due_on = min((fact.due for fact in flat if fact.due), default=None)
    relationship.sort_on = relationship.last_active_on or relationship.sort_on
    _write_sides(relationship, _taking_part(pair, flat))
    _write_records(relationship, facts)
    db.session.flush()
    if not is_new and not relationship.is_dormant(today()):
        reminders.settle(relationship)
    if not flat and relationship.university.status is OrganisationStatus.MERGED:
        _hide(relationship)
    elif before is relationship.level:
        share(relationship)
    else:
        settle(relationship, None, REFRESHED, {"level": (before, relationship.level)})
    return relationship


def _facts(pair: Pair, only: str = "") -> dict[str, Sequence[Fact]]:
    return {source.kind: source.facts(pair) for source in SOURCES if only in ("", source.kind)}


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
    return sum(refresh(pair) is not None for pair in sorted(pairs))


def _find(pair: Pair) -> Relationship | None:
    return db.session.scalar(_locked(), pair.sides)


@cache
def _locked() -> Select[Relationship]:
    wanted = (Relationship.locality_code == ANY.locality, Relationship.university_id == ANY.university)
    loaded = (selectinload(Relationship.sides), selectinload(Relationship.records))
    locked = select(Relationship).where(*wanted).options(*loaded).with_for_update(of=Relationship)
    return locked.execution_options(populate_existing=True)


def _begin(pair: Pair) -> tuple[Relationship, bool]:
    """The new row, and True; or the one that somebody else made at the same moment, locked, and False."""
    try:
        with db.session.begin_nested():
            made = _made(pair)
            db.session.flush()
    except IntegrityError:
        found = _find(pair)
        if found is None:
            raise
        return found, False
    return made, True


def _made(pair: Pair) -> Relationship:
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
    relationship.title_zh = f"{place.name_zh}{JOINED}{school.name_zh}"
    relationship.title_en = f"{place.name_en}{JOINED}{school.name_en}" if school.name_en else ""


def _taking_part(pair: Pair, facts: Iterable[Fact]) -> set[int]:
    """The university, and who stands for the locality; third parties of a record see the record, not all the rest."""
    named = set().union(*(fact.organisations for fact in facts))
    there = local_organisations(pair.locality).where(Organisation.id.in_(named))
    return {*db.session.scalars(there), pair.university} if named else {pair.university}


def _write_sides(relationship: Relationship, wanted: Collection[int]) -> None:
    present = {side.organisation_id: side for side in relationship.sides}
    for gone in present.keys() - set(wanted):
        relationship.sides.remove(present[gone])
    for new in set(wanted) - present.keys():
        relationship.sides.append(RelationshipSide(organisation_id=new))


def _write_records(relationship: Relationship, facts: Mapping[str, Sequence[Fact]]) -> None:
    wanted = {(kind, fact.record_id) for kind, found in facts.items() for fact in found}
    present = {(row.kind, row.record_id): row for row in relationship.records}
    for gone in present.keys() - wanted:
        relationship.records.remove(present[gone])
    for kind, record_id in wanted - present.keys():
        relationship.records.append(RelationshipRecord(kind=kind, record_id=record_id))
