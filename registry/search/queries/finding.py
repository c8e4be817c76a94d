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
from ..models import facet
from ..sources.base import Source
from ..sources.catalogue import BY_KIND, SOURCES
from ..sources.organisations import KIND as ORGANISATION
from ..tokens import Wish
from . import matching, ranking
from .ranking import ALL

LIMIT = 1_000  # hits of a kind that are ranked, and counted where that kind is read page by page
SHORT, WORD = 300, 8  # the same where that is enough, and characters that are more likely a word than a title
COUNTED = 100  # hits of a kind that are counted where it stands among others
WALKED, PROBED = 400, 5  # rows of a list, and the hits among them, that show that its newest hits are soon found
FEW = 600  # hits of all kinds together that are ranked by one question to the index


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


@dataclass(frozen=True)
class Search:
    """Who looks for what, and which rows are to be shown: of one kind, or of each where none is given."""

    reader: int
    wish: Wish
    kind: str
    offset: int
    most: int
    is_short: bool

    def counted(self, kind: str) -> int:
        """Up to how many hits of a kind are counted."""
        return LIMIT if kind == self.kind else COUNTED

    def limit(self, kind: str) -> int:
        """Up to how many hits of a kind are ranked: of a kind that is not shown, no more than are counted.

        Many where hits may be just what was typed: names of organisations, else what is as long as a title or has
        digits as a number does.
        """
        if not self.shows(kind):
            return COUNTED
        return LIMIT if kind in (self.kind, ORGANISATION) or (self.is_whole and not self.is_short) else SHORT

    @property
    def is_whole(self) -> bool:
        """Whether it may be a whole title or number: one long word of letters is pinyin."""
        phrase = self.wish.phrase
        is_pinyin = phrase.isascii() and len(self.wish.words) == 1
        return (len(phrase) > WORD and not is_pinyin) or any(map(str.isdigit, phrase))

    @property
    def few(self) -> int:
        """Up to how many hits of all kinds together are ranked."""
        return COUNTED if self.is_short else FEW

    def shows(self, kind: str) -> bool:
        """Whether rows of this kind are wanted, and not only their number."""
        return self.kind in ("", kind)

    @property
    def bound(self) -> dict[str, Any]:
        """What every statement is given."""
        words = {f"word_{number}": word for number, word in enumerate(self.wish.words)}
        return words | {"own": facet(self.reader), "line": matching.line_of(self.wish)}

    @property
    def page(self) -> dict[str, Any]:
        """The turns of the rows to show, and of which kind."""
        return {"kind": self.kind, "before": self.offset, "upto": self.offset + self.most}

    @property
    def first(self) -> dict[str, Any]:
        """The same turns; where a kind is read page by page, of any page those that tell whether it can be walked."""
        return {"kind": self.kind, "before": 0, "upto": PROBED if self.kind else self.most}

    def asked(self, kinds: Collection[str]) -> str:
        """The question to the index for some kinds; a list of all kinds would be read for nothing."""
        return matching.in_scope(self.wish, self.reader, kinds if len(kinds) < len(SOURCES) else ())


def kinds_for(actor: Actor) -> list[Source]:
    """The kinds whose pages the actor may open."""
    return [source for source in SOURCES if decide(actor, source.action)]


def find(
    actor: Actor, wish: Wish, most: int, kind: str = "", offset: int = 0, *, is_short: bool = False
) -> list[Group]:
    """All kinds that have hits, with at most `most` rows each; with a `kind` rows of that one only, from `offset` on.

    `is_short`: for a glance while somebody types, fewer are ranked.

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
    first = _newest(search, kinds, search.first, WALKED)
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
