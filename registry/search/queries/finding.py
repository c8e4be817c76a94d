"""What somebody finds, by kind: counted up to a limit, the best or newest first. 检索结果.

Few hits are ranked: exact ones first. Of more than LIMIT the newest come first, read in the order of the lists until a
page is full, so that a page costs the same at any size of the tables. The index alone tells which kinds these are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from ...core.access.decision import Actor, decide
from ...core.db import db
from ..sources.base import Source
from ..sources.catalogue import BY_KIND, SOURCES
from ..tokens import Wish
from . import matching, ranking, searching
from .ranking import ALL
from .searching import Search


@dataclass(frozen=True)
class Group:
    """Hits of one kind. `total` beyond what is counted, `most`, means more than that."""

    source: Source
    total: int
    most: int
    rows: Sequence[Row[Any]]


@dataclass
class Hits:
    """Of one kind, while they are looked for: the rows to show, in order."""

    total: int = 0
    rows: list[Row[Any]] = field(default_factory=list)


def kinds_for(actor: Actor) -> list[Source]:
    """The kinds whose pages the actor may open."""
    return [source for source in SOURCES if decide(actor, source.action)]


def find(
    actor: Actor, wish: Wish, most: int, kind: str = "", offset: int = 0, *, is_short: bool = False
) -> list[Group]:
    """All kinds that have hits, with at most `most` rows each; with a `kind` rows of that one only, from `offset` on.

    `is_short`: few rows are wanted, while somebody types; fewer hits are ranked by one question.

    One query; where there are more than FEW hits one more, and of kinds with more than LIMIT at most three others.
    On PostgreSQL one before them, see `matching.very_common`. One more where the index led to much that it is not.
    """
    kinds = [source.kind for source in kinds_for(actor)]
    if not wish.words or not kinds:
        return []
    search = Search(actor.organisation_id, wish, kind, offset, most, is_short)
    found = _found(search, kinds)
    return [
        Group(BY_KIND[one], found[one].total, search.counted(one), found[one].rows) for one in kinds if one in found
    ]


def _found(search: Search, kinds: Sequence[str]) -> Mapping[str, Hits]:
    many = _very_common(search, kinds)
    rest = [kind for kind in kinds if kind not in many]
    found = _few(search, rest) if rest else {}
    if found is None:
        found, beyond = _each(search, rest)
        many += beyond
    found |= {kind: Hits(search.counted(kind) + 1) for kind in many}
    shown = [kind for kind in many if search.shows(kind)]
    return found | _of_many(search, shown) if shown else found


def _very_common(search: Search, kinds: Collection[str]) -> list[str]:
    if matching.is_sqlite():
        return []
    found = db.session.scalars(matching.very_common(search.wish, search.reader))
    return [kind for kind in found if kind in kinds]


def _few(search: Search, kinds: Sequence[str]) -> dict[str, Hits] | None:
    """All kinds by one question; None where the index gives more than are ranked so."""
    bound = {f"asked_{ALL}": search.asked(kinds), f"enough_{ALL}": 0}
    found, candidates = _ranked(search, ranking.ranked, {ALL: search.few}, bound)
    return None if candidates[ALL] > search.few else found


def _each(search: Search, kinds: Sequence[str]) -> tuple[dict[str, Hits], list[str]]:
    """Each kind by a question of its own; and which have more than are ranked."""
    limits = {kind: search.limit(kind) for kind in kinds}
    enough = {kind: search.counted(kind) + 1 for kind in kinds}
    bound = _asked(search, kinds) | {f"enough_{kind}": number for kind, number in enough.items()}
    found, candidates = _ranked(search, ranking.ranked, limits, bound)
    beyond = {kind for kind in kinds if candidates[kind] > limits[kind]}
    doubtful = {kind: limits[kind] + 1 for kind in beyond if kind not in found or found[kind].total < enough[kind]}
    if doubtful:  # the index led to much that it is not
        for kind in doubtful:
            found.pop(kind, None)
        found |= _ranked(search, ranking.latest, doubtful, _asked(search, doubtful))[0]
        beyond -= {kind for kind in doubtful if kind not in found or found[kind].total <= limits[kind]}
    return found, sorted(beyond)


def _of_many(search: Search, kinds: Sequence[str]) -> dict[str, Hits]:
    """The newest of kinds with more hits than are ranked; where these lie far back in the list, the best of some."""
    first = _newest(search, kinds, search.first, searching.WALKED)
    near = [kind for kind in kinds if len(first[kind].rows) == search.first["upto"]]
    found = _newest(search, near, search.page) if search.kind else {kind: first[kind] for kind in near}
    far = {kind: search.counted(kind) + 1 for kind in kinds if kind not in near}
    return found | (_ranked(search, ranking.latest, far, _asked(search, far))[0] if far else {})


def _asked(search: Search, kinds: Collection[str]) -> dict[str, str]:
    return {f"asked_{kind}": search.asked([kind]) for kind in kinds}


def _ranked(
    search: Search, statement: Callable[..., Any], limits: Mapping[str, int], bound: Mapping[str, Any]
) -> tuple[dict[str, Hits], dict[str, int]]:
    """Hits by kind, and how many candidates the index gave."""
    found: dict[str, Hits] = {}
    candidates: dict[str, int] = {}
    for row in _read(search, statement, tuple(sorted(limits.items())), {**bound, **search.page}):
        if not row.turn:
            candidates[row.kind] = row.total
            continue
        hits = found.setdefault(row.kind, Hits(row.total))
        if search.shows(row.kind) and row.turn > search.offset:
            hits.rows.append(row)
    return found, candidates


def _newest(
    search: Search, kinds: Sequence[str], turns: Mapping[str, Any], walked: int | None = None
) -> dict[str, Hits]:
    found = {kind: Hits(search.counted(kind) + 1) for kind in kinds}
    shape = tuple((kind, BY_KIND[kind].seen) for kind in kinds)
    if not shape:
        return {}
    for row in _read(search, ranking.newest, shape, {"reader": search.reader, **turns}, walked=walked):
        found[row.kind].rows.append(row)
    return found


def _read(
    search: Search, statement: Callable[..., Any], shape: Any, bound: Mapping[str, Any], **more: Any
) -> Sequence[Row[Any]]:
    """Rows by turn. Past the session's wall, which would be added to the statement anew each time: it has its own."""
    made = statement(shape, len(search.wish.words), matching.is_sqlite(), **more)
    rows = db.session.connection().execute(made, {**search.bound, **bound}).all()
    return sorted(rows, key=lambda row: row.turn)
