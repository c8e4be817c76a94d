"""What the worker does with imports: looks at every row outside of any transaction, then enters all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from ..accounts.models import User
from ..audit.services import record
from ..core.dates import now
from ..core.db import db, transaction
from ..core.errors import Conflict, Invalid, RegistryError
from ..core.garbage import put_off
from ..core.i18n import Message, msg
from ..jobs import reasons
from ..jobs.registry import handles
from ..organisations.models import Organisation
from ..organisations.queries.matching import read_directory
from ..records.happenings import gathered
from ..records.many import ready
from . import notes, queries, standing
from .checking import Checker, Looked
from .enums import BatchState, RowState
from .models import ImportBatch, ImportRow
from .reading.headers import Head, find_head
from .reading.rows import SourceRow, source_rows
from .reading.workbook import open_book
from .services.batches import CHECK_JOB, ENTER_JOB, content
from .targets.base import Named, Row, Target
from .targets.catalogue import target

ROWS = cast("Table", ImportRow.__table__)
CHUNK = 500
LEASE = timedelta(minutes=20)
ENTERED = "ledger:entered"
MOST_PROPOSALS = 5
UNEXPECTED = msg("Something unexpected happened; the administrator is told. Nothing is lost: try it again")
GIVEN_UP = msg("This was tried several times and given up; the administrator is told. Nothing is lost: try it again")


class _Overtaken(Exception):
    """Another check of the same import has begun."""


def _fail(payload: Mapping[str, Any], told: Message) -> None:
    """The person is told why it could not be checked, unless it is being checked anew."""
    locked = _locked(payload["batch"])
    if _is_on(locked, str(payload["run"])):
        locked.fail(reasons.written(told))


def _stop(payload: Mapping[str, Any], told: Message) -> None:
    """The person is told why nothing was entered, and may try it again."""
    locked = _locked(payload["batch"])
    if locked.state is BatchState.ENTERING:
        locked.stop_entering(reasons.written(told))


@contextmanager
def _told_by(tell: Callable[[Mapping[str, Any], Message], None], payload: Mapping[str, Any]) -> Iterator[None]:
    """What goes wrong is told to the person, who else waits for ever; what nobody expected to the administrator too."""
    try:
        yield
    except _Overtaken:
        return
    except OperationalError:  # the database was not there: tried again
        raise
    except RegistryError as error:
        with transaction():
            tell(payload, reasons.of(error))
    except Exception:
        db.session.rollback()
        with transaction():
            tell(payload, UNEXPECTED)
        raise


@handles(CHECK_JOB, LEASE, title=msg("Check the rows of a ledger"), given_up=partial(_fail, told=GIVEN_UP))
def check(payload: Mapping[str, Any]) -> None:
    """Look at every row and keep what was found, a chunk at a time; a newer check ends an older one."""
    batch, run = _batch(payload), str(payload["run"])
    if batch is None or not _is_on(batch, run):
        return
    with _told_by(_fail, payload):
        _check(batch, run)


def _check(batch: ImportBatch, run: str) -> None:
    where = target(batch.ledger)
    rows = _source(batch, where)
    checker = _checker(batch, where)
    _clear(batch.id, run, len(rows))
    counts = {str(state): 0 for state in RowState}
    for start in range(0, len(rows), CHUNK):
        looked = checker.look(rows[start : start + CHUNK])
        for one in looked:
            counts[str(one.state)] += 1
        _keep(batch.id, run, looked)
    with transaction():
        locked = _on(batch.id, run)
        locked.checked(counts)


def _source(batch: ImportBatch, where: Target) -> Sequence[SourceRow]:
    """The rows of its sheet. Raises Invalid."""
    grid = next((one for one in open_book(content(batch)) if one.name[:200] == batch.sheet), None)
    head = find_head(grid, where.ledger) if grid else None
    if grid is None or head is None:
        raise Invalid({"file": [msg("No sheet of this file has the headings of this ledger")]})
    return list(source_rows(grid, head, _fields(batch, head)))


def _fields(batch: ImportBatch, head: Head) -> dict[int, str]:
    found = {one.place: one.field for one in head.headings}
    return found | {int(place): field for place, field in batch.mapping.items() if int(place) in found}


def _checker(batch: ImportBatch, where: Target) -> Checker:
    chosen = select(Organisation.public_id, Organisation.name_zh, Organisation.id)
    rows = db.session.execute(chosen.where(Organisation.public_id.in_(set(batch.decisions.values()))))
    meant = {public_id: Named(name, public_id, name, number) for public_id, name, number in rows}
    return Checker(where, batch.created_by, read_directory(), dict(batch.decisions), meant)


def _clear(batch_id: int, run: str, total: int) -> None:
    with transaction():
        locked = _on(batch_id, run)
        db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        locked.total, locked.done = total, 0


def _keep(batch_id: int, run: str, looked: Sequence[Looked]) -> None:
    rows = [_row(batch_id, one) for one in looked]
    with transaction():
        locked = _on(batch_id, run)
        db.session.execute(insert(ROWS), rows)
        locked.done += len(rows)


def _row(batch_id: int, one: Looked) -> dict[str, Any]:
    meant = {
        name: [found.name, found.public_id, found.official, found.number, found.is_strange]
        for name, found in one.row.organisations.items()
    }
    asked = {name: [proposal.organisation.public_id for proposal in match.proposals][:MOST_PROPOSALS]
             if match.found is None else [match.found.public_id] for name, match in one.asked.items()}  # fmt: skip
    return {
        "batch_id": batch_id,
        "number": one.row.number,
        "state": one.state,
        "values": dict(one.row.values),
        "notes": notes.written(one.notes),
        "changes": one.changes,
        "organisations": {"meant": meant, "asked": asked},
        "record_public_id": one.record,
        "is_entered": False,
    }


@handles(ENTER_JOB, LEASE, title=msg("Enter the rows of a ledger"), given_up=partial(_stop, told=GIVEN_UP))
def enter(payload: Mapping[str, Any]) -> None:
    """Enter the new rows in one transaction; whatever is refused leaves nothing behind and is told."""
    batch = _batch(payload)
    if batch is None or batch.state is not BatchState.ENTERING:
        return
    with _told_by(_stop, payload):
        _enter(batch, db.session.get_one(User, payload["actor"]))


def _enter(batch: ImportBatch, actor: User) -> None:
    where = target(batch.ledger)
    rows = [_stored(row) for row in queries.each_row(batch, RowState.NEW)]
    before = standing.standing_of(rows, batch.organisation_id)
    given = list(_inputs(where, rows, actor))
    with put_off(), transaction():
        locked = _locked(batch.id)
        if locked.state is not BatchState.ENTERING:
            return
        standing.hold(before)
        _take_turn(locked)
        _check_new(where, rows, actor)
        with gathered():
            made = where.enter(given, actor)
        pairs = [{"number_": row.number, "public_id": public_id} for row, public_id in zip(rows, made, strict=True)]
        if pairs:
            _mark(locked.id, pairs)
        locked.entered(now())
        record(actor, ENTERED, locked, {"records": (None, len(made))})


def _mark(batch_id: int, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Say of each row which record it became."""
    found = select(ImportRow.number, ImportRow.id).where(ImportRow.batch_id == batch_id)
    ids = dict(db.session.execute(found).all())
    entered = update(ROWS).where(ROWS.c.id == bindparam("id_")).values(is_entered=True)
    rows = [{"id_": ids[one["number_"]], "record_public_id": one["public_id"]} for one in pairs]
    db.session.execute(entered.values(record_public_id=bindparam("record_public_id")), rows)


def _stored(row: Any) -> Row:
    meant = row.organisations.get("meant", {})
    return Row(row.number, row.values, {name: Named(*found) for name, found in meant.items()})


def _inputs(where: Target, rows: Sequence[Row], actor: User) -> Iterator[Any]:
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        prepared = where.prepare(some, actor)
        for row in some:
            try:
                yield ready(where.make(where.read(row, prepared, actor), actor))
            except Invalid as error:
                raise Conflict(msg("Row %(number)s: %(told)s", number=row.number, told=reasons.of(error))) from error


def _take_turn(batch: ImportBatch) -> None:
    """Two imports of an organisation are entered one after the other: the later sees what the earlier entered.

    Rows may point at the organisation all the while.
    """
    office = select(Organisation.id).where(Organisation.id == batch.organisation_id)
    db.session.execute(office.with_for_update(key_share=True)).all()


def _check_new(where: Target, rows: Sequence[Row], actor: User) -> None:
    """That nobody entered the same meanwhile. Raises Conflict."""
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        found = where.existing(some, actor)
        if any(key in found for row in some for key in where.keys(row, actor)):
            raise Conflict(standing.AGAIN)


def _batch(payload: Mapping[str, Any]) -> ImportBatch | None:
    return db.session.get(ImportBatch, payload["batch"])


def _locked(batch_id: int) -> ImportBatch:
    statement = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def _on(batch_id: int, run: str) -> ImportBatch:
    """The import, locked, while this check is the newest. Raises _Overtaken."""
    locked = _locked(batch_id)
    if not _is_on(locked, run):
        raise _Overtaken
    return locked


def _is_on(batch: ImportBatch, run: str) -> bool:
    return batch.state is BatchState.CHECKING and batch.run == run
