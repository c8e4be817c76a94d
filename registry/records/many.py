"""Many new shared records in a few statements, each as `settle` would leave it: readers, audit, counting. 批量登记.

Services make the records without adding them to the session (`Made`), outside of any transaction; what is done here
inside it only inserts, so that nobody waits long for their turn to write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
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
T = TypeVar("T")
Plain = dict[str, Any]


@dataclass(frozen=True)
class Made(Generic[R]):
    """A record that is not in the session yet, and what its event in the audit says."""

    record: R
    changes: Changes = field(default_factory=dict)


def ready(made: T) -> T:
    """The same with all that its columns have by default, worked out before anybody waits; for `keep_many` only."""
    if isinstance(made, Made):
        mapper: Mapper[Any] = inspect(type(made.record))
        _fill(_plan(mapper), made.record.__dict__)
        for relation in _owned(mapper):
            for child in made.record.__dict__.get(relation.key) or ():
                _fill(_plan(relation.mapper), child.__dict__)
    return made


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
        one.__dict__["id"] = ids[one.public_id]
    for relation in _owned(mapper):
        children = [child for one in records for child in _children(one, relation)]
        if children:
            _insert(relation.mapper, children)
    _show(records)


def _children(record: Shared, relation: RelationshipProperty[Any]) -> Iterator[Any]:
    """What belongs to a record, pointing at it."""
    pointers = _pointers(relation)
    for child in record.__dict__.get(relation.key) or ():
        for here, there in pointers:
            child.__dict__[there] = getattr(record, here)
        yield child


@cache
def _pointers(relation: RelationshipProperty[Any]) -> Sequence[tuple[str, str]]:
    """The attributes of a record, and those of what belongs to it that say the same."""
    return [
        (_attribute(relation.parent, local), _attribute(relation.mapper, remote))
        for local, remote in relation.local_remote_pairs or ()
    ]


def _insert(mapper: Mapper[Any], rows: Sequence[Any]) -> None:
    # The table, not the class: what the ORM does for each row takes longer than the database.
    plan = _plan(mapper)
    db.session.execute(insert(cast("Table", mapper.local_table)), [_plain(plan, one.__dict__) for one in rows])


@dataclass(frozen=True)
class _Plan:
    """What a row has: of its columns the attribute and the column itself, but for the number that the database gives;
    of what it points at the relation, the attribute here and there. `values` reads all attributes, in their order.
    """

    columns: Sequence[tuple[str, Any]]
    keys: Sequence[str]
    values: Callable[[Plain], tuple[Any, ...]]
    pointers: Sequence[tuple[str, str, str]]


@cache
def _plan(mapper: Mapper[Any]) -> _Plan:
    every = [(prop.key, prop.columns[0]) for prop in mapper.column_attrs]
    columns = [(name, one) for name, one in every if not (one.primary_key and one.autoincrement)]
    return _Plan(
        columns,
        [one.key for _name, one in columns],
        itemgetter(*(name for name, _one in columns)),
        [
            (relation.key, _attribute(mapper, local), _attribute(relation.mapper, remote))
            for relation in mapper.relationships
            if relation.direction is RelationshipDirection.MANYTOONE
            for local, remote in relation.local_remote_pairs or ()
        ],
    )


def _plain(plan: _Plan, known: Plain) -> Plain:
    """The columns of a row that is in no session, by its attributes: nobody watches them."""
    try:
        values = plan.values(known)
    except KeyError:  # it was not made ready
        _fill(plan, known)
        values = plan.values(known)
    return dict(zip(plan.keys, values, strict=True))


def _fill(plan: _Plan, known: Plain) -> None:
    """What was not set: what it points at, else the column's default.

    What it points at is asked only where its number was not set: it has to be read anew in each transaction.
    """
    for relation, here, there in plan.pointers:
        pointed = known.get(relation)
        if pointed is not None and known.get(here) is None:
            known[here] = getattr(pointed, there)
    for name, column in plan.columns:
        if name not in known:
            known[name] = _default(column)


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
