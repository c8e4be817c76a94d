"""Folding differences into totals: the same sum in fewer rows. 汇总合并.

One worker at a time folds; readers and writers do not notice, since a figure is the sum of both tables in one
statement.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text

from ...core.db import db, transaction
from ...core.i18n import msg
from ...core.upsert import insert_or
from ...jobs.registry import handles
from ...jobs.services import enqueue
from ..models import OverviewChange, OverviewTotal
from ..models.totals import KEY, SUMS
from .shares import NONE, Amounts, Moved

FOLD_JOB = "overview.fold"
EVERY = 5_000  # differences after which the worker is called
AT_ONCE = 5_000  # differences folded in one transaction
POSTGRESQL_LOCK = "LOCK TABLE overview_total IN SHARE ROW EXCLUSIVE MODE"


def want_folding(first: int, last: int) -> None:
    """Call the worker whenever so many differences were added: their numbers tell, so that no two writers contend."""
    if (first - 1) // EVERY != last // EVERY:
        enqueue(FOLD_JOB, str(last // EVERY), renew=True)  # SQLite numbers anew once everything is folded


@handles(FOLD_JOB, title=msg("Overview: fold differences into totals"))
def fold(_payload: Mapping[str, Any]) -> None:
    """Fold until nothing is left; each step in a transaction of its own. Two at a time fold different rows."""
    fold_all()


def fold_all() -> int:
    """The same; returns how many differences were folded."""
    count = 0
    while True:
        with transaction():
            found = fold_some(AT_ONCE)
        count += found
        if found < AT_ONCE:
            return count


def fold_some(most: int) -> int:
    """Fold the oldest differences, inside a transaction; returns how many."""
    lock()
    change = OverviewChange
    oldest = select(change.id).order_by(change.id).limit(most)
    columns = [getattr(change, name) for name in (*KEY, *SUMS)]
    moved: Moved = {}
    count = 0
    for row in db.session.execute(delete(change).where(change.id.in_(oldest)).returning(*columns)):
        key: Any = tuple(row[: len(KEY)])
        moved[key] = _sum(moved.get(key, NONE), tuple(row[len(KEY) :]))
        count += 1
    put(moved)
    return count


def lock() -> None:
    """Until the end of the transaction nobody else changes totals."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(POSTGRESQL_LOCK))


def _sum(one: Amounts, other: Any) -> Amounts:
    value, number, missing, doubtful = (old + more for old, more in zip(one, other, strict=True))
    return value, int(number), int(missing), int(doubtful)


def put(moved: Moved) -> None:
    """Add to the totals; what comes to nothing is removed."""
    total = OverviewTotal
    rows = _rows(moved)
    if not rows:
        return
    # One statement with parameters for each row: one with a thousand rows in it would be composed anew each time,
    # which took nine tenths of the folding.
    statement = insert_or(total)
    added = {name: getattr(total, name) + getattr(statement.excluded, name) for name in SUMS}
    upsert = statement.on_conflict_do_update(index_elements=list(KEY), set_=added)
    columns = [getattr(total, name) for name in (*KEY, *SUMS)]
    found = db.session.connection().execute(upsert.returning(*columns), rows)
    empty = [tuple(row[: len(KEY)]) for row in found if not any(row[len(KEY) :])]
    if empty:
        is_it = [getattr(total, name) == bindparam(f"of_{name}") for name in KEY]
        keys = [dict(zip((f"of_{name}" for name in KEY), key, strict=True)) for key in empty]
        db.session.connection().execute(delete(total).where(*is_it), keys)


def put_away(moved: Moved, *, is_empty: bool) -> None:
    """The same some at a time, since there may be a great many; quicker where there are no totals yet (`is_empty`)."""
    keys = sorted(moved)
    for start in range(0, len(keys), AT_ONCE):
        some = {key: moved[key] for key in keys[start : start + AT_ONCE]}
        if not is_empty:
            put(some)
        elif rows := _rows(some):
            db.session.connection().execute(insert(OverviewTotal), rows)


def _rows(moved: Moved) -> list[dict[str, Any]]:
    return [
        dict(zip((*KEY, *SUMS), (*key, *amounts), strict=True))
        for key, amounts in sorted(moved.items())
        if any(amounts)
    ]
