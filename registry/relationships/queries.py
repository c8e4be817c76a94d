"""Relationships that the reader sees, and the timeline of one. 校地关系查询."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import aliased, joinedload, selectinload

from ..core.access.decision import Actor
from ..core.dates import today
from ..organisations.models import Organisation
from ..records.queries import Listing, titled
from .enums import DORMANT_AFTER, Level
from .models import Relationship, RelationshipRecord, RelationshipSide, RelationshipVisibility
from .pairs import Pair
from .sources.base import Entry
from .sources.catalogue import TIMELINE

LONGEST = 200
COLUMNS = (
    Relationship.locality_code,
    Relationship.level,
    Relationship.last_active_on,
    Relationship.next_due_on,
    Relationship.quiet_reason,
    Relationship.quiet_said_on,
)
LISTING = Listing(
    Relationship,
    RelationshipVisibility,
    COLUMNS,
    options=(
        joinedload(Relationship.owner),
        joinedload(Relationship.locality),
        joinedload(Relationship.university),
        selectinload(Relationship.sides).joinedload(RelationshipSide.organisation),
    ),
    sorts={"place": Relationship.locality_code, "due": Relationship.next_due_on, "active": Relationship.last_active_on},
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing."""

    text: str = ""
    level: Level | None = None
    region: str = ""
    university: str = ""
    silent: bool = False


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing; its joined organisation is the university."""
    if wanted.text:
        yield or_(titled(Relationship, wanted.text), Organisation.initials.contains(wanted.text, autoescape=True))
    if wanted.level:
        yield RelationshipVisibility.state == wanted.level
    if wanted.region:
        yield Relationship.locality_code == wanted.region
    if wanted.university:
        yield Organisation.public_id == wanted.university
    if wanted.silent:
        yield is_dormant(today())


def is_dormant(day: date) -> ColumnElement[bool]:
    """Nothing happened for more than 180 days, and nobody said why within that time."""
    edge = day - DORMANT_AFTER
    silent = or_(Relationship.last_active_on.is_(None), Relationship.last_active_on < edge)
    unexplained = or_(Relationship.quiet_said_on.is_(None), Relationship.quiet_said_on < edge)
    return silent & unexplained


def timeline(relationship: Relationship, actor: Actor) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """What happened, the newest first, and what is due, the next first; cut to the records that the actor sees."""
    pair = Pair(relationship.locality_code, relationship.university_id)
    found = [entry for entries in TIMELINE for entry in entries(pair, actor)]
    happened = [one for one in reversed(found) if not one.is_due]  # each record tells what came first first
    past = sorted(happened, key=lambda one: one.on or date.min, reverse=True)
    due = sorted((one for one in found if one.is_due), key=lambda one: one.on or date.max)
    return past[:LONGEST], due[:LONGEST]


def relationships_of(organisation: Organisation, actor: Actor) -> Sequence[object]:
    """The relationships in which an organisation takes part, for its page."""
    side = aliased(RelationshipSide)
    takes_part = Relationship.sides.of_type(side).any(side.organisation_id == organisation.id)
    return LISTING.page(actor, [takes_part], 0, 10)


def counting(kind: str, record_id: int, actor: Actor) -> Sequence[object]:
    """The relationships that a record counts towards, as far as the actor sees them."""
    row = aliased(RelationshipRecord)
    counts = Relationship.records.of_type(row).any((row.kind == kind) & (row.record_id == record_id))
    return LISTING.page(actor, [counts], 0, LONGEST)
