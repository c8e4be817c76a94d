"""What becomes of shared records when organisations are merged, part again, or come under others. 记录随单位变更.

Columns that name an organisation are found in the tables themselves, so a new kind of record follows without a word
of its own. What stands in a unique constraint, and is no list with places, has to be treated by its own package.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Enum, Table, UniqueConstraint, select
from sqlalchemy.orm import InstrumentedAttribute, Mapper, selectinload

from ..core.access.decision import Actor
from ..core.access.scope import without_scope
from ..core.db import Base, Identified, Stamped, db
from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.queries.strangers import overseen_by
from ..organisations.repoint import (
    Merging,
    Moved,
    Pointer,
    after_merging,
    after_parting,
    asks_others,
    derived,
    follows,
    pointers,
    untreated,
)
from ..organisations.services.oversight import follows_oversight
from .models import Shared, VisibilityRow
from .services import share_all, tell_of

CHUNK = 500
KEPT = msg("Mechanisms, tasks and other records that it keeps")
NAMED = msg("Mechanisms, tasks and other records in which it takes part")
FOLDED = "folded"


def discover() -> None:
    """Let every column that names an organisation follow, unless its package said otherwise; once all are loaded."""
    waiting = untreated(Base.registry.metadata)
    for mapper in Base.registry.mappers:
        for column in _naming(mapper):
            if f"{column.class_.__tablename__}.{column.expression.name}" in waiting:
                _treat(mapper, column)


def _treat(mapper: Mapper[Any], column: InstrumentedAttribute[Any]) -> None:
    model, table = mapper.class_, mapper.local_table
    if issubclass(model, VisibilityRow):
        derived(column)
        return
    only_once = _is_unique(table, column)
    beside = tuple(_beside(mapper, in_parts=not only_once)) if _is_list(model) else ()
    if only_once and not beside:
        return
    is_kept = issubclass(model, Shared) and column.key == "owner_id"
    key = f"{model.__tablename__}.{column.expression.name}"
    follows(Pointer(key, KEPT if is_kept else NAMED, column, is_theirs=is_kept, beside=beside))


def _naming(mapper: Mapper[Any]) -> Iterator[InstrumentedAttribute[Any]]:
    for attribute in mapper.column_attrs:
        if any(key.column is Organisation.__table__.c.id for key in attribute.columns[0].foreign_keys):
            yield attribute.class_attribute


def _is_list(model: type[Any]) -> bool:
    """Rows with a place in a record and no story of their own: the parties of a mechanism, not its meetings."""
    return hasattr(model, "position") and not issubclass(model, Identified | Stamped)


def _beside(mapper: Mapper[Any], *, in_parts: bool) -> Iterator[InstrumentedAttribute[Any]]:
    """The record, then the part that somebody takes in it, where the list may name one organisation for each part."""
    yield from (column for column, _record in _records_of(mapper))
    for attribute in mapper.column_attrs if in_parts else ():
        if isinstance(attribute.columns[0].type, Enum):
            yield attribute.class_attribute


def _is_unique(table: Any, column: InstrumentedAttribute[Any]) -> bool:
    unique: list[Any] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    unique += [table.primary_key, *(index for index in table.indexes if index.unique)]
    return any(column.expression.name in one.columns for one in unique)


def _records_of(mapper: Mapper[Any]) -> Iterator[tuple[InstrumentedAttribute[Any], type[Shared]]]:
    """The columns by which a row belongs to a shared record, and which kind it is."""
    kinds: dict[Table, type[Shared]] = {kind.__table__: kind for kind in _kinds()}  # type: ignore[attr-defined]
    for attribute in mapper.column_attrs:
        for key in attribute.columns[0].foreign_keys:
            if key.column.table in kinds:
                yield attribute.class_attribute, kinds[key.column.table]


def _kinds() -> list[type[Shared]]:
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Shared)]
    return sorted(found, key=lambda kind: kind.__name__)


@asks_others("records")
def are_of_others(actor: Actor, organisation: Organisation) -> bool:
    """Whether the organisation takes part in records that the actor's neither keeps nor stands above."""
    return any(_names_it(kind, actor, organisation) for kind in _kinds())


def _names_it(kind: type[Shared], actor: Actor, organisation: Organisation) -> bool:
    seen = kind.visibility
    foreign = (kind.owner_id != actor.organisation_id, kind.owner_id.not_in(overseen_by(actor)))
    named = (seen.organisation_id == organisation.id, seen.is_party.is_(True))
    statement = select(seen.record_id).join(kind, kind.id == seen.record_id).where(*named, *foreign)
    return db.session.scalar(statement.limit(1)) is not None


@after_merging("records")
@after_parting("records")
def follow(merging: Merging, moved: Moved) -> None:
    """Who sees the records is worked out anew, and whoever counts them hears of it."""
    touched: dict[type[Shared], set[int]] = {}
    for key, numbers in moved.items():
        for kind, record_ids in _touched(pointers[key], numbers):
            touched.setdefault(kind, set()).update(record_ids)
    for key, row in merging.remembered.get(FOLDED, ()):
        for column, kind in _records_of(pointers[key].column.class_.__mapper__):
            touched.setdefault(kind, set()).add(row[column.expression.name])
    for kind in sorted(touched, key=lambda one: one.__name__):
        for records in _batches(kind, touched[kind]):
            share_all(records)
            for record in records:
                tell_of(record)


def _touched(pointer: Pointer, numbers: Collection[int]) -> Iterator[tuple[type[Shared], Collection[int]]]:
    mapper = pointer.column.class_.__mapper__
    model: type[Any] = mapper.class_
    if issubclass(model, Shared):
        yield model, numbers
    for column, kind in _records_of(mapper) if numbers else ():
        for chunk in _chunks(numbers):
            yield kind, [one for one in db.session.scalars(select(column).where(model.id.in_(chunk))) if one]


@follows_oversight
def follow_oversight(organisation_ids: Collection[int]) -> None:
    """Who stands above an owner or a party now sees the record, who did no longer does."""
    with without_scope():
        for kind in _kinds():
            seen = kind.visibility
            found: set[int] = set()
            for chunk in _chunks(organisation_ids):
                rows = select(seen.record_id).where(seen.organisation_id.in_(chunk), seen.is_party.is_(True))
                found.update(db.session.scalars(rows))
            for records in _batches(kind, found):
                share_all(records)


def _batches(kind: type[Shared], numbers: Collection[int]) -> Iterator[Sequence[Shared]]:
    """With their lists of parties, a query for each list and batch."""
    lists = [
        selectinload(one.class_attribute)
        for one in kind.__mapper__.relationships  # type: ignore[attr-defined]
        if one.uselist and list(_naming(one.mapper))
    ]
    for chunk in _chunks(numbers):
        statement = select(kind).where(kind.id.in_(chunk)).options(*lists).order_by(kind.id)
        yield db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _chunks(numbers: Collection[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
