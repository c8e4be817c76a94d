"""The second wall: while somebody's request runs, every ORM read of a scoped table is cut to what they see. 数据范围.

Queries name the scope themselves (`list_visible`, `get_visible`); a query that forgets still finds nothing foreign.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

Criterion = Callable[[int], ColumnElement[bool]]

_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)
_criteria: dict[type, Criterion] = {}


def scoped(entity: type, criterion: Criterion) -> None:
    """Say which rows of an entity an organisation (by its id) sees; called once, beside the model."""
    _criteria[entity] = criterion
    _walls.cache_clear()


def set_viewer(organisation_id: int | None) -> None:
    """Put the wall up for an organisation, or take it down (None: command line, jobs, public pages)."""
    _viewer.set(organisation_id)


@contextmanager
def without_scope() -> Iterator[None]:
    """Read across the wall, for rules that must know of everything (numbers, duplicates); say why there."""
    token = _viewer.set(None)
    try:
        yield
    finally:
        _viewer.reset(token)


@event.listens_for(Session, "do_orm_execute")
def _wall(state: ORMExecuteState) -> None:
    viewer = _viewer.get()
    if viewer is None or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(*_walls(viewer))


@lru_cache(maxsize=1024)
def _walls(viewer: int) -> tuple[ORMOption, ...]:
    """The wall of one organisation: built once, since every read of every page stands behind it."""
    return tuple(
        with_loader_criteria(entity, criterion(viewer), include_aliases=True) for entity, criterion in _criteria.items()
    )
