"""What somebody finds, by kind: counted up to a limit, the best or newest first. 检索结果.

Few hits are ranked: exact ones first. Of more than are counted the newest come first, read in the order of the lists
until a page is full, so that a page costs the same at any size of the tables.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, union_all

from ...core.access.decision import Actor, decide
from ...core.db import db
from ..models import ENTRIES, visible
from ..sources.base import Attribute, Source
from ..sources.catalogue import BY_KIND, SOURCES
from ..sources.organisations import KIND as ORGANISATION
from ..tokens import Wish
from . import matching

LIMIT = 1_000
COLUMNS: tuple[Any, ...] = (
    ENTRIES.c.id,
    ENTRIES.c.kind,
    ENTRIES.c.public_id,
    ENTRIES.c.sort_on,
    ENTRIES.c.state,
    ENTRIES.c.title_zh,
    ENTRIES.c.title_en,
    ENTRIES.c.number,
    ENTRIES.c.parties_zh,
    ENTRIES.c.parties_en,
    ENTRIES.c.is_demo,
)


@dataclass(frozen=True)
class Group:
    """Hits of one kind; `total` above LIMIT means more than that."""

    source: Source
    total: int
    rows: Sequence[Row[Any]]


def kinds_for(actor: Actor) -> list[Source]:
    """The kinds whose pages the actor may open."""
    return [source for source in SOURCES if decide(actor, source.action)]


def find(actor: Actor, wish: Wish, most: int, kind: str = "", offset: int = 0) -> list[Group]:
    """All kinds that have hits, with at most `most` rows each; with a `kind` rows of that one only, from `offset` on.

    Two queries; where a kind has more hits than are counted, one more for all and one for each such kind.
    """
    kinds = [source.kind for source in kinds_for(actor)]
    if not wish.words or not kinds:
        return []
    found = _candidates(actor, wish, kinds)
    chosen = {key: _page(actor, wish, key, rows, most, offset) for key, rows in found.items() if key == (kind or key)}
    rows = _rows(actor, [number for numbers in chosen.values() for number in numbers])
    return [
        Group(BY_KIND[key], len(found[key]), [rows[one] for one in chosen.get(key, ()) if one in rows])
        for key in kinds
        if key in found
    ]


def _candidates(actor: Actor, wish: Wish, kinds: Collection[str]) -> dict[str, list[Row[Any]]]:
    """Numbers, days and ranks of hits by kind, of each kind at most LIMIT + 1."""
    rows = db.session.execute(_some(actor, wish, kinds)).all()
    if len(rows) > LIMIT:
        each = [select(_some(actor, wish, [kind]).subquery()) for kind in kinds]
        rows = db.session.execute(union_all(*each)).all()
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found


def _some(actor: Actor, wish: Wish, kinds: Collection[str]) -> Select[Any]:
    length = func.length(ENTRIES.c.title_zh).label("length")
    columns = (ENTRIES.c.id, ENTRIES.c.kind, ENTRIES.c.sort_on, length, matching.rank(wish).label("place"))
    narrowed = kinds if len(kinds) < len(SOURCES) else ()  # a list of all kinds would be read for nothing
    scope = (matching.in_scope(wish, actor.organisation_id, narrowed), visible(actor.organisation_id))
    wanted = (*scope, matching.contains(wish))
    return matching.entries(*columns).where(*wanted).limit(LIMIT + 1)


def _page(actor: Actor, wish: Wish, kind: str, rows: Sequence[Row[Any]], most: int, offset: int) -> Sequence[int]:
    if len(rows) > LIMIT:
        return db.session.scalars(_newest(actor, wish, BY_KIND[kind]).offset(offset).limit(most)).all()
    ordered = sorted(rows, key=_by_name if kind == ORGANISATION else _by_day)
    return [row.id for row in ordered[offset : offset + most]]


def _by_day(row: Row[Any]) -> tuple[int, int, int]:
    return row.place, -row.sort_on.toordinal(), -row.id


def _by_name(row: Row[Any]) -> tuple[int, int, int]:
    """东北大学 before 东北大学秦皇岛分校."""
    return row.place, row.length, row.id


def _newest(actor: Actor, wish: Wish, source: Source) -> Select[Any]:
    """The reader's own rows in the order of the list, each compared with the text."""
    own = (ENTRIES.c.kind == source.kind, visible(actor.organisation_id))
    wanted = select(ENTRIES.c.id).where(*own, matching.contains(wish))
    seen = source.seen
    if seen is None:
        return wanted.order_by(ENTRIES.c.sort_on.desc(), ENTRIES.c.id.desc())
    record, organisation, day = (_column(one) for one in (seen.record, seen.organisation, seen.sort_on))
    theirs = wanted.join(record.table, record == ENTRIES.c.record_id).where(organisation == actor.organisation_id)
    return theirs.order_by(day.desc(), record.desc())


def _column(attribute: Attribute) -> Any:
    """The column of a table, without the entity."""
    return attribute.class_.__table__.c[attribute.key]


def _rows(actor: Actor, numbers: Iterable[int]) -> Mapping[int, Row[Any]]:
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = select(*COLUMNS).where(ENTRIES.c.id.in_(wanted), visible(actor.organisation_id))
    return {row.id: row for row in db.session.execute(statement)}
