"""The sums worked out anew from the records, and compared; made anew where they differ. 统计核对."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select, text, union_all

from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db, transaction
from ...core.i18n import msg
from ...jobs.daily import daily
from ...jobs.registry import GiveUp, handles
from ...jobs.services import enqueue, failed_of, retry
from ..facts.base import Source
from ..facts.catalogue import SOURCES
from ..models import OverviewChange, OverviewShare, OverviewTotal
from ..models.totals import KEY, SUMS
from ..pending import ENTER_JOB, FOLLOW_JOB, READER_JOB
from . import folding, keeping
from .following import turn_the_day
from .shares import NONE, Kept, Moved, add, kept_of, plus

CHECK_JOB = "overview.check"
LONG = timedelta(hours=3)
AT_A_TIME = 500_000  # sums in memory at a time: some 300 MB
SHOWN = 5
BATCHES = 4  # of records that one transaction enters
LOCK_SHARES = "LOCK TABLE overview_share IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True)
class Difference:
    """A record whose share is out of step, or a sum that is: what is kept, and what should be."""

    where: str
    kept: object
    wanted: object


def enter() -> Iterator[tuple[str, int]]:
    """Bring every record in step, some batches in each transaction; how many there are of each kind."""
    folding.fold_all()
    for source in SOURCES:
        count, batches = 0, source.batches()
        while some := list(islice(batches, BATCHES)):
            with transaction(), without_scope():
                _enter(source, some)
            count += sum(len(batch) for batch in some)
        yield source.kind, count


def _enter(source: Source, batches: Sequence[Sequence[int]]) -> None:
    """Straight into the totals: most of what so many give is the same sums."""
    moved: Moved = {}
    for batch in batches:
        found, _none = keeping.step(source, batch)
        for key, amounts in found.items():
            plus(moved, key, amounts)
    folding.lock()
    folding.put(moved)


@handles(ENTER_JOB, LONG, msg("Overview: add up all records"))
def enter_all(_payload: Mapping[str, Any]) -> None:
    """After the upgrade that brought the overview, and when places or working days change; twice is as good as once."""
    for _kind in enter():
        pass


@daily("overview.check", msg("Overview: order the nightly check"))
def order_check(day: date) -> None:
    """The check itself may take longer than a daily task."""
    with transaction():
        enqueue(CHECK_JOB, day.isoformat())


@handles(CHECK_JOB, LONG, msg("Overview: check the sums against the records"))
def check(_payload: Mapping[str, Any]) -> None:
    """Work everything out anew; raises GiveUp, which the system administrator sees, where something differs."""
    turn_the_day(today())
    found = list(differences())
    if found:
        told = "; ".join(one.where for one in found[:SHOWN])
        raise GiveUp(f"{len(found)} differ ({told}); `flask registry check-figures --repair` puts them right")


def differences() -> Iterator[Difference]:
    """Everything that is out of step, as it stood at one moment; nothing where all is well."""
    with without_scope():
        _one_moment()
        for source in SOURCES:
            yield from _of_records(source)
        yield from _of_sums()
    db.session.rollback()


def _one_moment() -> None:
    """Everything that is read from here on is as of now, whoever writes meanwhile; on SQLite it is so anyway."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _of_records(source: Source) -> Iterator[Difference]:
    last = 0
    for batch in source.batches():
        yield from _compare(source, batch, last, batch[-1])
        last = batch[-1]
    yield from _compare(source, [], last, None)


def _compare(source: Source, batch: Sequence[int], after: int, through: int | None) -> Iterator[Difference]:
    share = OverviewShare
    statement = select(share.record_id, share.given).where(share.kind == source.kind, share.record_id > after)
    if through is not None:
        statement = statement.where(share.record_id <= through)
    kept: dict[int, Kept] = {row.record_id: row.given for row in db.session.execute(statement)}
    read = source.read(batch) if batch else {}
    for number in sorted({*kept, *batch}):
        wanted = kept_of(read.get(number, ()))
        if kept.get(number, []) != wanted:
            yield Difference(f"{source.kind} {number}", kept.get(number), wanted)


def _of_sums() -> Iterator[Difference]:
    """Some months of some viewers at a time, so that no more sums are in memory than fit."""
    total = db.session.scalar(select(func.count()).select_from(OverviewTotal)) or 0
    passes = total // AT_A_TIME + 1
    for number in range(passes):
        wanted: Moved = {}
        for kept in _shares():
            add(wanted, list(_of_pass(kept, passes, number)))
        present = _present(passes, number)
        for key in sorted(wanted.keys() | present.keys()):
            if wanted.get(key, NONE) != present.get(key, NONE):
                yield Difference(f"sum {key}", present.get(key), wanted.get(key))


def _of_pass(kept: Kept, passes: int, number: int) -> Iterator[Kept]:
    """By viewer and month together: one viewer alone may have most of the sums."""
    for viewers, localities, universities, lines in kept:
        for viewer in viewers:
            mine = [line for line in lines if (viewer + line[1]) % passes == number]
            if mine:
                yield [[viewer], localities, universities, mine]


def _shares() -> Iterator[Kept]:
    share = OverviewShare
    for source in SOURCES:
        last = 0
        while True:
            statement = select(share.record_id, share.given).where(share.kind == source.kind, share.record_id > last)
            rows = db.session.execute(statement.order_by(share.record_id).limit(keeping.CHUNK)).all()
            if not rows:
                break
            last = rows[-1].record_id
            yield from (row.given for row in rows)


def _present(passes: int, number: int) -> Moved:
    parts = [
        select(*(getattr(table, name) for name in (*KEY, *SUMS))).where(
            (table.organisation_id + table.month) % passes == number
        )
        for table in (OverviewTotal, OverviewChange)
    ]
    found: Moved = {}
    for row in db.session.execute(union_all(*parts)):
        key: Any = tuple(row[: len(KEY)])
        sums: Any = tuple(old + more for old, more in zip(found.get(key, NONE), row[len(KEY) :], strict=True))
        found[key] = sums
    return {key: sums for key, sums in found.items() if any(sums)}


def repair() -> int:
    """Keep anew what every record gives, then make the sums anew of that; how many records there are.

    Who reads meanwhile sees the sums as they were. Where it breaks off, it is to be done once more.
    """
    count = 0
    for source in SOURCES:
        for batch in source.batches():
            with transaction(), without_scope():
                keeping.keep_anew(source, batch)
            count += len(batch)
    with transaction(), without_scope():
        _forget_orphans()
        _sum_up()
        for kind in (ENTER_JOB, FOLLOW_JOB, READER_JOB):
            for public_id in failed_of(kind):
                retry(public_id)  # finds that all is done
    return count


def _forget_orphans() -> None:
    for source in SOURCES:
        mine = OverviewShare.kind == source.kind
        kept = set(db.session.scalars(select(OverviewShare.record_id).where(mine)))
        there = {number for batch in source.batches() for number in batch}  # read after: somebody may add a record
        gone = sorted(kept - there)
        for chunk in keeping.chunks(gone):
            db.session.execute(delete(OverviewShare).where(mine, OverviewShare.record_id.in_(chunk)))


def _sum_up() -> None:
    """Nobody changes a record meanwhile. Shares are read once; what is in memory is put away when it is much."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(LOCK_SHARES))
    folding.lock()
    db.session.execute(delete(OverviewChange))
    db.session.execute(delete(OverviewTotal))
    moved: Moved = {}
    is_empty = True
    for kept in _shares():
        add(moved, kept)
        if len(moved) > AT_A_TIME:
            folding.put_away(moved, is_empty=is_empty)
            moved, is_empty = {}, False
    folding.put_away(moved, is_empty=is_empty)
