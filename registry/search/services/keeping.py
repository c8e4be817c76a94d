"""Bringing entries and index in step, once at the end of each transaction that changed records. 索引随记录更新."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text, update

from ...core.access.scope import without_scope
from ...core.db import at_the_end, db
from ...core.ids import new_public_id
from ...jobs.services import enqueue
from ..models import SearchEntry, entry_tokens
from ..queries.matching import dependents
from ..sources.base import Source
from ..sources.catalogue import SOURCES
from ..sources.organisations import KIND as ORGANISATION
from . import index
from .entries import Entry, entries_of

TOUCHED = "search.touched"
RENAME_JOB, FOLLOW_JOB = "search.rename", "search.follow"
AT_ONCE = 200  # records that a new name of an organisation is written to before the change answers
MOST_NEW = 500  # records that one transaction enters before it answers; of more the worker sees to
CHUNK = 500
# Shared by all writers; what enters everything anew takes the table for itself (see `rebuilding`).
POSTGRESQL_LOCK = "LOCK TABLE search_entry IN ROW EXCLUSIVE MODE"
COLUMNS: tuple[Any, ...] = tuple(SearchEntry.__table__.columns)
TOLD_BY_NAMES = ("head", "body", "parties_zh", "parties_en", "title_zh", "title_en")


def touch(kind: str, record_id: int) -> None:
    """Remember that a record has changed, or somebody who takes part in it; the transaction's end sees to it."""
    db.session().info.setdefault(TOUCHED, set()).add((kind, record_id))


@at_the_end
def catch_up() -> None:
    """Bring the entries of everything that was touched in step; what depends on them, too.

    Very many new records are left to the worker: nobody waits for the pinyin of an import.
    """
    session = db.session()
    session.flush()
    with without_scope():  # an entry is about the record, not about who changed it
        while touched := session.info.pop(TOUCHED, None):
            for source in _organisations_first():
                numbers = sorted({number for kind, number in touched if kind == source.kind})
                for chunk in chunks(_without_many_new(source, numbers)):
                    bring_in_step(source, chunk)


def _organisations_first() -> list[Source]:
    return sorted(SOURCES, key=lambda source: source.kind != ORGANISATION)


def _without_many_new(source: Source, numbers: Sequence[int]) -> Sequence[int]:
    """Those that are brought in step now: where too many are new, those that have an entry already."""
    if len(numbers) <= MOST_NEW:
        return numbers
    present = {number for chunk in chunks(numbers) for number in _entered(source, chunk)}
    new = [number for number in numbers if number not in present]
    if len(new) <= MOST_NEW:
        return numbers
    for chunk in chunks(new):
        enqueue(FOLLOW_JOB, f"{source.kind}:{new_public_id()}", {"kind": source.kind, "records": list(chunk)})
    return sorted(present)


def _entered(source: Source, record_ids: Collection[int]) -> Sequence[int]:
    mine = (SearchEntry.kind == source.kind, SearchEntry.record_id.in_(record_ids))
    return db.session.scalars(select(SearchEntry.record_id).where(*mine)).all()


def chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time."""
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


def bring_in_step(source: Source, record_ids: Collection[int]) -> int:
    """Write what has changed of these entries; returns how many had.

    The entries are locked before the records are read: of two changes at a moment the later sees what the earlier did.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(POSTGRESQL_LOCK))
    present = _present(source, record_ids)
    wanted = entries_of(source, record_ids)
    gone = [present[number] for number in present.keys() - wanted.keys()]
    new = [wanted[number] for number in sorted(wanted.keys() - present.keys())]
    changed = [(present[number], wanted[number]) for number in sorted(wanted.keys() & present.keys())]
    changed = [(before, after) for before, after in changed if _differs(before, after)]
    _remove(gone)
    add(new)
    _change(changed)
    _tell_named(source, changed)
    _tell_followed(source, [*new, *gone, *(after for before, after in changed if before["facets"] != after["facets"])])
    return len(gone) + len(new) + len(changed)


def _present(source: Source, record_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    mine = (SearchEntry.kind == source.kind, SearchEntry.record_id.in_(record_ids))
    rows = db.session.execute(select(*COLUMNS).where(*mine).order_by(SearchEntry.id).with_for_update())
    return {row["record_id"]: dict(row) for row in rows.mappings()}


def _differs(before: Mapping[str, Any], after: Entry) -> bool:
    return any(before[name] != value for name, value in after.items())


def add(entries: Sequence[Entry]) -> None:
    """Put new entries and their tokens in."""
    if not entries:
        return
    statement = insert(SearchEntry).returning(SearchEntry.id, sort_by_parameter_order=True)
    numbers = db.session.scalars(statement, entries).all()
    index.rewrite([], [(number, tokens(entry)) for number, entry in zip(numbers, entries, strict=True)])


def tokens(entry: Mapping[str, Any]) -> str:
    """What the index holds of an entry."""
    return entry_tokens(entry["kind"], entry["head"], entry["body"], entry["facets"])


def _remove(rows: Sequence[Mapping[str, Any]]) -> None:
    index.rewrite([(row["id"], tokens(row)) for row in rows], [])
    if rows:
        db.session.execute(delete(SearchEntry).where(SearchEntry.id.in_([row["id"] for row in rows])))


def _change(pairs: Sequence[tuple[Mapping[str, Any], Entry]]) -> None:
    out, put = [], []
    for before, after in pairs:
        old, fresh = tokens(before), tokens(after)
        if old != fresh:
            out.append((before["id"], old))
            put.append((before["id"], fresh))
    index.rewrite(out, put)
    if pairs:
        db.session.execute(update(SearchEntry), [{"id": before["id"], **after} for before, after in pairs])


def _tell_named(source: Source, changed: Sequence[tuple[Mapping[str, Any], Entry]]) -> None:
    """A new name of an organisation reaches whatever names it."""
    for before, after in changed if source.kind == ORGANISATION else ():
        if any(before[name] != after[name] for name in TOLD_BY_NAMES):
            _reach(after["record_id"])


def _tell_followed(source: Source, seen_otherwise: Sequence[Mapping[str, Any]]) -> None:
    """Whoever sees an agreement sees its event."""
    if seen_otherwise:
        for kind, number in source.followed_by([one["record_id"] for one in seen_otherwise]):
            touch(kind, number)


def _reach(organisation_id: int) -> None:
    few = dependents(organisation_id, 0, AT_ONCE + 1)
    if len(few) > AT_ONCE:
        enqueue(RENAME_JOB, str(organisation_id), {"organisation": organisation_id}, renew=True)
        return
    for row in few:
        touch(row.kind, row.record_id)
