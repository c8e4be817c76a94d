"""Bringing the sums in step, once at the end of each transaction that changed records. 汇总随记录更新.

What a record gave is compared with what it gives now, and only the differences are written, as new rows. However many
records a transaction changed, their differences are summed before: an import adds hardly more rows than one record.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from ...core.access.scope import without_scope
from ...core.db import at_the_end, db
from ...core.ids import new_public_id
from ...core.upsert import insert_or
from ...jobs.services import enqueue
from ..facts.base import Given, Source
from ..facts.catalogue import BY_KIND, SOURCES
from ..models import OverviewChange, OverviewShare
from ..models.totals import KEY, SUMS
from ..pending import ENTER_JOB, FOLLOW_JOB, READER_JOB, reader_key
from .folding import want_folding
from .shares import Kept, Moved, add, differences, kept_of
from .turns import take_turns

TOUCHED, MOVED_AWAY = "overview.touched", "overview.organisations"
EVERYTHING, READERS = "overview.everything", "overview.readers"
AT_ONCE = 500  # records that one transaction brings in step before it answers
MOST_ROWS = 2_000  # differences of one record; what concerns more viewers and places is left to the worker
CHUNK = 500


def touch(kind: str, record_id: int) -> None:
    """Remember that a record has changed; the transaction's end sees to it. Kinds that nothing counts are ignored."""
    if kind in BY_KIND:
        db.session().info.setdefault(TOUCHED, set()).add((kind, record_id))


def touch_organisation(organisation_id: int) -> None:
    """The same of all records in which an organisation takes part: it counts elsewhere from now on."""
    db.session().info.setdefault(MOVED_AWAY, set()).add(organisation_id)


def touch_everything() -> None:
    """The same of all records: places count for others, or working days have moved the days of lights."""
    db.session().info[EVERYTHING] = True


def touch_reader(organisation_id: int) -> None:
    """The same of all records that an organisation sees: the first person has an account there, or the last left."""
    db.session().info.setdefault(READERS, set()).add(organisation_id)


@at_the_end
def catch_up() -> None:
    """Bring the sums in step with everything that was touched; a great many records are left to the worker."""
    session = db.session()
    session.flush()
    if session.info.pop(EVERYTHING, False) and session.scalar(select(OverviewShare.record_id).limit(1)):
        enqueue(ENTER_JOB, "reference", renew=True)
    with without_scope():  # what a record adds does not depend on who changed it
        touched: set[tuple[str, int]] = session.info.pop(TOUCHED, set())
        for organisation_id in session.info.pop(MOVED_AWAY, ()):
            touched.update(_records_of(organisation_id))
        for organisation_id in sorted(session.info.pop(READERS, ())):
            touched |= _seen_by(organisation_id)
        take_turns(touched)
        touched |= _because_of(touched)
        for source in SOURCES:
            numbers = sorted(number for kind, number in touched if kind == source.kind)
            if len(touched) > AT_ONCE:
                leave(source, numbers)
            elif numbers:
                leave(source, bring_in_step(source, numbers, MOST_ROWS))


def _records_of(organisation_id: int) -> Iterator[tuple[str, int]]:
    for source in SOURCES:
        if source.taking_part is not None:
            yield from ((source.kind, number) for number in db.session.scalars(source.taking_part(organisation_id)))


def _seen_by(organisation_id: int) -> set[tuple[str, int]]:
    """What an organisation sees; nothing where it is a great deal.

    The worker brings all of it in step in any case: what somebody else wrote meanwhile cannot know of the new reader.
    """
    found: set[tuple[str, int]] = set()
    for source in SOURCES:
        some = db.session.scalars(source.seen_by(organisation_id).limit(AT_ONCE + 1)).all()
        found.update((source.kind, number) for number in some)
    is_much = len(found) > AT_ONCE
    key = reader_key(organisation_id) if is_much else f"{reader_key(organisation_id)}:again"
    enqueue(READER_JOB, key, {"organisation": organisation_id}, renew=True)
    return set() if is_much else found


def _because_of(touched: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Records that give something else since these have changed."""
    found: set[tuple[str, int]] = set()
    for source in SOURCES:
        for kind, find in source.because_of.items():
            for chunk in chunks(sorted(number for other, number in touched if other == kind)):
                found.update((source.kind, number) for number in find(chunk))
    return found


def leave(source: Source, numbers: Sequence[int]) -> None:
    """Leave records to the worker, some in each job."""
    for chunk in chunks(numbers, AT_ONCE):
        enqueue(FOLLOW_JOB, f"{source.kind}:{new_public_id()}", {"kind": source.kind, "records": list(chunk)})


def chunks(numbers: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """So many at a time."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def keep_anew(source: Source, numbers: Sequence[int]) -> None:
    """Keep what these records give without telling the sums, which are made anew of it afterwards."""
    before, read = _locked(source, numbers), source.read(numbers)
    _keep(source, before, {number: kept_of(read.get(number, ())) for number in numbers}, read, ())


def bring_in_step(source: Source, numbers: Sequence[int], most: int | None = None) -> list[int]:
    """Write what these records give otherwise than before; `numbers` are in order.

    Records with more than `most` differences are left as they were and given back.
    """
    moved, postponed = step(source, numbers, most)
    write(moved)
    return postponed


def step(source: Source, numbers: Sequence[int], most: int | None = None) -> tuple[Moved, list[int]]:
    """Keep what these records give now; the differences are still to be written, by whoever asks.

    What they gave is locked before they are read: of two that change a record at a moment the later sees what the
    earlier did.
    """
    before = _locked(source, numbers)
    read = source.read(numbers)
    after = {number: kept_of(read.get(number, ())) for number in numbers}
    postponed = [one for one in numbers if most and _is_big(before[one][0], after[one], most)]
    for number in postponed:
        after[number] = before[number][0]
    _keep(source, before, after, read, set(postponed))
    return differences({number: kept for number, (kept, _day) in before.items()}, after), postponed


def _is_big(before: Kept, after: Kept, most: int) -> bool:
    if before == after or size_of(before) + size_of(after) <= most:
        return False
    moved: Moved = {}
    add(moved, before, -1)
    add(moved, after)
    return len(moved) > most


def size_of(kept: Kept) -> int:
    """In how many sums it is."""
    return sum(
        len(viewers) * (len(localities) + 1) * (len(universities) + 1) * len(lines)
        for viewers, localities, universities, lines in kept
    )


def _locked(source: Source, numbers: Sequence[int]) -> dict[int, tuple[Kept, date | None]]:
    found = _lock(source, numbers)
    missing = [number for number in numbers if number not in found]
    if missing:
        rows = [{"kind": source.kind, "record_id": number, "given": []} for number in missing]
        db.session.connection().execute(insert_or(OverviewShare).on_conflict_do_nothing(), rows)
        found |= _lock(source, missing)
    return found


def _lock(source: Source, numbers: Collection[int]) -> dict[int, tuple[Kept, date | None]]:
    share = OverviewShare
    statement = (
        select(share.record_id, share.given, share.again_on)
        .where(share.kind == source.kind, share.record_id.in_(numbers))
        .order_by(share.record_id)
        .with_for_update()
    )
    return {number: (given, again_on) for number, given, again_on in db.session.execute(statement)}


def _keep(
    source: Source,
    before: Mapping[int, tuple[Kept, date | None]],
    after: Mapping[int, Kept],
    read: Mapping[int, Sequence[Given]],
    postponed: Collection[int],
) -> None:
    rows: list[dict[str, Any]] = []
    for number, kept in after.items():
        now = (kept, again_on(read.get(number, ())))
        if number not in postponed and now != before[number]:
            rows.append({"kind": source.kind, "record_id": number, "given": now[0], "again_on": now[1]})
    if rows:
        db.session.execute(update(OverviewShare), rows)


def again_on(given: Sequence[Given]) -> date | None:
    """The first day on which a record gives something else by date alone."""
    return min((one.again_on for one in given if one.again_on), default=None)


def write(moved: Moved) -> None:
    """Add differences, for the worker to fold."""
    rows = [dict(zip((*KEY, *SUMS), (*key, *amounts), strict=True)) for key, amounts in sorted(moved.items())]
    if rows:
        numbers = db.session.scalars(insert(OverviewChange).returning(OverviewChange.id), rows).all()
        want_folding(min(numbers), max(numbers))
