"""Imports of one's organisation, their rows, and what rows keep for records. 导入查询."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from ..accounts.models import User
from ..audit.beside import Records, told_beside
from ..core.access.decision import Actor
from ..core.db import db
from ..core.errors import NotFound, Stale
from .enums import BatchState, RowState
from .models import ImportBatch, ImportRow

LATEST = 50
REMEMBERED, MOST_REMEMBERED = 20, 1_000  # imports, and names in them
CHUNK = 1_000
MOST_NAMES = 60
COLUMNS = (
    ImportBatch.public_id, ImportBatch.ledger, ImportBatch.filename, ImportBatch.state, ImportBatch.total,
    ImportBatch.counts, ImportBatch.created_at, ImportBatch.entered_at, User.name.label("by"),
)  # fmt: skip
ROW_COLUMNS = (
    ImportRow.number, ImportRow.state, ImportRow.values, ImportRow.notes, ImportRow.changes, ImportRow.organisations,
    ImportRow.record_public_id, ImportRow.is_entered,
)  # fmt: skip


def latest(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The organisation's last imports, newest first."""
    statement = select(*COLUMNS).join(User, User.id == ImportBatch.created_by_id)
    own = statement.where(ImportBatch.organisation_id == actor.organisation_id)
    return db.session.execute(own.order_by(ImportBatch.id.desc()).limit(LATEST)).all()


def get(public_id: str, actor: Actor) -> ImportBatch:
    """One import. Raises NotFound for what is absent or another organisation's."""
    found = db.session.scalar(_one(public_id, actor))
    if found is None:
        raise NotFound
    return found


def get_for_change(public_id: str, actor: Actor, version: int) -> ImportBatch:
    """The same, locked. Raises NotFound, Stale."""
    found = db.session.scalar(_one(public_id, actor).with_for_update())
    if found is None:
        raise NotFound
    if found.row_version != version:
        raise Stale
    return found


def _one(public_id: str, actor: Actor) -> Select[ImportBatch]:
    wanted = (ImportBatch.public_id == public_id, ImportBatch.organisation_id == actor.organisation_id)
    return select(ImportBatch).where(*wanted)


def entered_before(sha256: str, ledger: str, actor: Actor) -> ImportBatch | None:
    """An import of the very same file that counts, if there is one."""
    wanted = (
        ImportBatch.organisation_id == actor.organisation_id,
        ImportBatch.sha256 == sha256,
        ImportBatch.ledger == ledger,
        ImportBatch.state == BatchState.ENTERED,
    )
    return db.session.scalar(select(ImportBatch).where(*wanted).order_by(ImportBatch.id.desc()).limit(1))


def remembered(actor: Actor) -> dict[str, str]:
    """Whom names meant in the organisation's last imports that count: nobody is asked the same twice.

    The latest of very many: what is decided next needs room beside them.
    """
    wanted = (ImportBatch.organisation_id == actor.organisation_id, ImportBatch.state == BatchState.ENTERED)
    newest = select(ImportBatch.decisions).where(*wanted).order_by(ImportBatch.id.desc()).limit(REMEMBERED)
    found: dict[str, str] = {}
    for decisions in reversed(db.session.scalars(newest).all()):
        found |= decisions
    return dict(list(found.items())[-MOST_REMEMBERED:])


def rows_of(batch: ImportBatch, state: RowState | None, offset: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of rows in the order of the sheet."""
    statement = _rows(batch, state).order_by(ImportRow.number)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def each_row(batch: ImportBatch, *states: RowState) -> Iterator[Row[*tuple[Any, ...]]]:
    """All rows in these states, a chunk in memory at a time."""
    after = 0
    while True:
        wanted = _rows(batch, None).where(ImportRow.state.in_(states), ImportRow.number > after)
        rows = db.session.execute(wanted.order_by(ImportRow.number).limit(CHUNK)).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].number


def _rows(batch: ImportBatch, state: RowState | None) -> Any:
    statement = select(*ROW_COLUMNS).where(ImportRow.batch_id == batch.id)
    return statement.where(ImportRow.state == state) if state else statement


def asked_names(batch: ImportBatch) -> dict[str, list[str]]:
    """Names that a person has to decide, with the public ids of who may be meant; of the first CHUNK rows.

    At most MOST_NAMES: the others are asked once these are decided.
    """
    found: dict[str, list[str]] = {}
    doubtful = select(ImportRow.organisations).where(ImportRow.batch_id == batch.id)
    doubtful = doubtful.where(ImportRow.state == RowState.DOUBTFUL).order_by(ImportRow.number).limit(CHUNK)
    for organisations in db.session.scalars(doubtful):
        for name, proposals in organisations.get("asked", {}).items():
            found.setdefault(name, proposals)
    return dict(list(found.items())[:MOST_NAMES])


def entered_ids(batch: ImportBatch) -> list[str]:
    """Public ids of the records that it entered, in the order of the sheet."""
    statement = select(ImportRow.record_public_id).where(ImportRow.batch_id == batch.id, ImportRow.is_entered.is_(True))
    return list(db.session.scalars(statement.order_by(ImportRow.number)))


def kept_beside(public_ids: Collection[str], ledger: str, actor: Actor) -> Mapping[str, Mapping[str, str]]:
    """What rows of a ledger say beside the records that they were entered as, by public id; the newest row counts.

    Rows of the actor's organisation only, also where the worker asks, before whom no wall stands.
    """
    statement = (
        select(ImportRow.record_public_id, ImportRow.values)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(ImportRow.record_public_id.in_(public_ids), ImportRow.is_entered.is_(True))
        .where(ImportBatch.state == BatchState.ENTERED, ImportBatch.ledger == ledger)
        .where(ImportBatch.organisation_id == actor.organisation_id)
        .order_by(ImportRow.id)
    )
    return dict(db.session.execute(statement).all())


def count_rows(batch: ImportBatch) -> int:
    """How many rows have been looked at so far."""
    return db.session.scalar(select(func.count()).where(ImportRow.batch_id == batch.id)) or 0


@told_beside
def imports_of(records: Records) -> Records:
    """Imports that entered some records; of tables, not classes, since the auditor sees those of all organisations."""
    batch, row = ImportBatch.__table__.c, ImportRow.__table__.c
    entered = select(row.batch_id).where(row.record_public_id.in_(records), row.is_entered.is_(True))
    return select(batch.public_id).where(batch.id.in_(entered))
