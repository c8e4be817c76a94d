"""The statements of the search, each made once for its shape: hits of a kind ranked, and the newest of them. 检索语句.

What differs from one search to the next is bound: `own` is the reader's facet, `asked_…` the question to the index,
`word_…` and `line` what hits are compared with. Every row is compared, with the text and with what the reader sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from ..models import ENTRIES, visible_with
from ..sources.base import Attribute, Seen
from ..sources.organisations import KIND as ORGANISATION
from . import matching

KEPT = 256  # shapes of statements
EARLIEST = literal(date.min)
TURNS = "before", "upto"
ALL = ""  # in the place of a kind: all of them by one question
COLUMNS: tuple[Any, ...] = (
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
Limits = tuple[tuple[str, int], ...]
"""How many hits of a kind are ranked."""


@lru_cache(KEPT)
def ranked(limits: Limits, words: int, is_sqlite: bool) -> Any:
    """The best hits of each kind, see `_best`; of more candidates than the limit, until there are `enough_…` hits.

    Rows of turn 0 tell by kind how many candidates the index gave, as `total`: more than the limit means many more.
    """
    asked = {kind: _asked(kind) if is_sqlite else _by_index(kind) for kind, _limit in limits}
    candidates = {kind: asked[kind].limit(_number(limit + 1)).cte(f"candidates_{kind}") for kind, limit in limits}
    some = [
        _compared(candidates[kind], words).limit(_most(kind, candidates[kind], limit)).subquery(f"some_{kind}")
        for kind, limit in limits
    ]
    return union_all(_best(some), *(_tally(kind, ids) for kind, ids in candidates.items()))


def _tally(kind: str, candidates: CTE) -> Select[Any]:
    columns: list[Any] = [literal_column(f"'{kind}'"), func.count(), literal_column("0"), *(null() for _ in COLUMNS)]
    return select(*columns).select_from(candidates)


@lru_cache(KEPT)
def latest(limits: Limits, words: int, is_sqlite: bool) -> Any:
    """The best of each kind among so many hits: those entered last, as SQLite's index can be read; else any.

    PostgreSQL would read all hits to know which of them were entered last.
    """
    some = []
    for kind, limit in limits:
        asked = _asked(kind).order_by(matching.index.c.rowid.desc()) if is_sqlite else _by_index(kind)
        candidates = asked.subquery(f"candidates_{kind}")
        some.append(_compared(candidates, words).limit(_number(limit)).subquery(f"some_{kind}"))
    return _best(some)


def _asked(kind: str) -> Select[Any]:
    """Numbers of entries by the index."""
    return select(matching.index.c.rowid.label("id")).where(matching.fits(bindparam(f"asked_{kind}", type_=String())))


def _by_index(kind: str) -> Select[Any]:
    """The same for PostgreSQL, which for a small limit would read the whole table, taking hits to be many."""
    found = _asked(kind).cte(f"all_{kind}").prefix_with("MATERIALIZED")
    return select(found.c.id)


def _compared(candidates: Any, words: int) -> Select[Any]:
    """What of the candidates the reader sees and was looked for."""
    given = _words(words)
    place = matching.rank(bindparam("line", type_=String()), given).label("place")
    length = func.length(ENTRIES.c.title_zh).label("length")
    return (
        select(ENTRIES.c.id, ENTRIES.c.kind, ENTRIES.c.sort_on, length, place)
        .join_from(candidates, ENTRIES, ENTRIES.c.id == candidates.c.id)
        .where(visible_with(_own()), matching.contains(given))
    )


def _most(kind: str, candidates: CTE, limit: int) -> Any:
    number = select(func.count()).select_from(candidates).scalar_subquery()
    return case((number > _number(limit), bindparam(f"enough_{kind}", type_=Integer())), else_=_number(limit))


def _best(some: Sequence[Any]) -> Select[Any]:
    """Rows with `total` hits of their kind and `turn` among them, from 1.

    Of all kinds those whose turn is 1, and of `kind` (or of each where that is empty) those after `before` up to
    `upto`.
    """
    hits = union_all(*map(select, some)).subquery("hits")
    total = func.count().over(partition_by=hits.c.kind).label("total")
    turn = func.row_number().over(partition_by=hits.c.kind, order_by=_order(hits)).label("turn")
    numbered = select(hits.c.id, hits.c.kind, total, turn).subquery("numbered")
    kind, before, upto = bindparam("kind", type_=String()), *(bindparam(one, type_=Integer()) for one in TURNS)
    on_page = (numbered.c.turn > before) & (numbered.c.turn <= upto) & ((kind == "") | (kind == numbered.c.kind))
    return (
        select(numbered.c.kind, numbered.c.total, numbered.c.turn, *COLUMNS)
        .join_from(numbered, ENTRIES, ENTRIES.c.id == numbered.c.id)
        .where(or_(numbered.c.turn == _number(1), on_page))
    )


def _order(some: Any) -> Sequence[Any]:
    """The best, then the newest; of organisations the shortest name: 东北大学 before 东北大学秦皇岛分校."""
    named = some.c.kind == literal_column(f"'{ORGANISATION}'")
    length = case((named, some.c.length), else_=_number(0))
    day = case((named, null()), else_=some.c.sort_on)
    return some.c.place, length, day.desc(), case((named, some.c.id), else_=-some.c.id)


@lru_cache(KEPT)
def newest(kinds: tuple[tuple[str, Seen | None], ...], words: int, is_sqlite: bool, walked: int | None = None) -> Any:
    """Of each kind the newest, read in the order of the list after `before` up to `upto`, in turn.

    `walked`: only among so many rows of the list, and those of the same day.
    """
    parts = [
        _in_turn(_walked(_list(kind, seen), kind, words, walked).subquery(f"walked_{kind}")) for kind, seen in kinds
    ]
    return union_all(*parts) if len(parts) > 1 else parts[0]


@dataclass(frozen=True)
class _List:
    """How the reader's rows of a kind are read: by which days and numbers, of which rows."""

    number: Any
    day: Any
    own: ColumnElement[bool]
    is_apart: bool


def _list(kind: str, seen: Seen | None) -> _List:
    if seen is None:
        return _List(ENTRIES.c.id, ENTRIES.c.sort_on, ENTRIES.c.kind == literal_column(f"'{kind}'"), False)
    number, organisation, day = (_column(one) for one in (seen.record, seen.organisation, seen.sort_on))
    return _List(number, day, organisation == bindparam("reader", type_=Integer()), True)


def _walked(rows: _List, kind: str, words: int, walked: int | None) -> Select[Any]:
    """The reader's own rows in the order of the list, each compared with the text."""
    found = select(ENTRIES.c.kind, *COLUMNS, rows.day.label("day"), rows.number.label("of_day"))
    if rows.is_apart:
        found = found.join_from(rows.number.table, ENTRIES, rows.number == ENTRIES.c.record_id)
    own = (rows.own, ENTRIES.c.kind == literal_column(f"'{kind}'"), visible_with(_own()))
    found = found.where(*own, matching.contains(_words(words)))
    if walked is not None:
        last = select(rows.day).where(rows.own).order_by(rows.day.desc()).offset(_number(walked)).limit(_number(1))
        found = found.where(rows.day >= func.coalesce(last.correlate(None).scalar_subquery(), EARLIEST))
    before, upto = (bindparam(one, type_=Integer()) for one in TURNS)
    return found.order_by(rows.day.desc(), rows.number.desc()).limit(upto - before).offset(before)


def _in_turn(walked: Any) -> Select[Any]:
    turn = func.row_number().over(order_by=(walked.c.day.desc(), walked.c.of_day.desc())).label("turn")
    return select(walked.c.kind, turn, *(walked.c[column.key] for column in COLUMNS))


def _column(attribute: Attribute) -> Any:
    """The column of a table, without the entity."""
    return attribute.class_.__table__.c[attribute.key]


def _own() -> BindParameter[str]:
    return bindparam("own", type_=String())


def _words(number: int) -> list[BindParameter[str]]:
    return [bindparam(f"word_{one}", type_=String()) for one in range(number)]


def _number(value: int) -> Any:
    """A number in the statement itself: the planner reads it, and it is not bound each time."""
    return literal_column(str(value), type_=Integer())
