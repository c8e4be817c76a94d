"""The second wall: while somebody's request runs, every ORM read of a scoped table is cut to what they see. 数据范围.

Queries name the scope themselves (`list_visible`, `get_visible`); a query that forgets still finds nothing foreign.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

# Of the viewer alone: what it gives is kept and used again, so it reads neither rows nor the clock.
Criterion = Callable[[int], ColumnElement[bool]]
KEPT = 64  # viewers, with some 30 kB for each scoped entity

_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)
_criteria: dict[type, Criterion] = {}


def scoped(entity: type, criterion: Criterion) -> None:
    """Say which rows of an entity an organisation (by its id) sees; called once, beside the model."""
    _criteria[entity] = criterion
    _wall_of.cache_clear()


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
    state.statement = state.statement.options(*_wall_of(viewer))


@lru_cache(KEPT)
def _wall_of(viewer: int) -> tuple[LoaderCriteriaOption, ...]:
    """The wall of one viewer, built once: that takes some sixty times as long as a small read itself."""
    return tuple(
        with_loader_criteria(entity, criterion(viewer), include_aliases=True) for entity, criterion in _criteria.items()
    )
