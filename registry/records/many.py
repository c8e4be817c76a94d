"""Many new shared records in a few statements, each as `settle` would leave it: readers, audit, counting. 批量登记.

Services make the records without adding them to the session (`Made`), outside of any transaction; what is done here
inside it only inserts, so that nobody waits long for their turn to write.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Table, insert, inspect, select
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty

from ..audit.services import record as audit
from ..core.access.actions import Action
from ..core.access.decision import Actor
from ..core.access.scope import without_scope
from ..core.db import batched, db
from .happenings import gathered
from .models import Shared
from .services import Changes, overseers, tell_of

R = TypeVar("R", bound=Shared)
Plain = dict[str, Any]


@dataclass(frozen=True)
class Made(Generic[R]):
    """A record that is not in the session yet, and what its event in the audit says."""

    record: R
    changes: Changes = field(default_factory=dict)


def keep_many(made: Sequence[Made[R]], actor: Actor, action: Action) -> list[str]:
    """Insert them, in the order given, with what belongs to them; returns their public ids."""
    with gathered():
        for some in batched(made):
            _keep([one.record for one in some])
            for one in some:
                audit(actor, action, one.record, one.changes)
                tell_of(one.record)
    return [one.record.public_id for one in made]


def _keep(records: Sequence[Shared]) -> None:
    kind = type(records[0])
    mapper: Mapper[Any] = inspect(kind)
    _insert(mapper, records)
    found = select(kind.public_id, kind.id).where(kind.public_id.in_([one.public_id for one in records]))
    with without_scope():  # nobody sees them yet
        ids = dict(db.session.execute(found).all())
    for one in records:
        one.id = ids[one.public_id]
    for relation in _owned(mapper):
        children = [child for one in records for child in _children(one, relation)]
        if children:
            _insert(relation.mapper, children)
    _show(records)


def _children(record: Shared, relation: RelationshipProperty[Any]) -> Iterator[Any]:
    """What belongs to a record, pointing at it."""
    for child in record.__dict__.get(relation.key) or ():
        for local, remote in relation.local_remote_pairs or ():
            setattr(
                child, _attribute(relation.mapper, remote), getattr(record, _attribute(inspect(type(record)), local))
            )
        yield child


def _insert(mapper: Mapper[Any], rows: Sequence[Any]) -> None:
    # The table, not the class: what the ORM does for each row takes longer than the database.
    db.session.execute(insert(cast("Table", mapper.local_table)), [_plain(mapper, one) for one in rows])


def _plain(mapper: Mapper[Any], row: Any) -> Plain:
    """The columns of a row that is in no session: what was set, what it points at, else the column's default."""
    for relation in mapper.relationships:
        pointed = row.__dict__.get(relation.key)
        if relation.direction is RelationshipDirection.MANYTOONE and pointed is not None:
            for local, remote in relation.local_remote_pairs or ():
                value = getattr(pointed, _attribute(relation.mapper, remote))
                if value is not None:
                    setattr(row, _attribute(mapper, local), value)
    values: Plain = {}
    for prop in mapper.column_attrs:
        column: Any = prop.columns[0]
        if column.primary_key and column.autoincrement and row.__dict__.get(prop.key) is None:
            continue
        if prop.key not in row.__dict__:
            setattr(row, prop.key, _default(column))
        values[column.key] = row.__dict__[prop.key]
    return values


def _default(column: Any) -> Any:
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _attribute(mapper: Mapper[Any], column: Any) -> str:
    return mapper.get_property_by_column(column).key


def _owned(mapper: Mapper[Any]) -> list[RelationshipProperty[Any]]:
    return [one for one in mapper.relationships if one.direction is RelationshipDirection.ONETOMANY]


def _show(records: Sequence[Shared]) -> None:
    """Owner, parties, and everyone who oversees one of them: as `share` does it."""
    sides = {one.id: one.party_ids | {one.owner_id} for one in records}
    over = overseers(set().union(*sides.values()))
    table = cast("Table", inspect(records[0].visibility).local_table)
    db.session.execute(insert(table), [row for one in records for row in _readers(one, sides[one.id], over)])


def _readers(record: Shared, sides: set[int], over: Mapping[int, set[int]]) -> Iterator[Plain]:
    for organisation_id in sides.union(*(over.get(one, set()) for one in sides)):
        yield {
            "organisation_id": organisation_id,
            "record_id": record.id,
            "sort_on": record.sort_on,
            "state": record.state_code,
            "is_party": organisation_id in sides,
        }
