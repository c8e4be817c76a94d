"""The second wall: while somebody's request runs, every ORM read of a scoped table is cut to what they see. 数据范围.

Queries name the scope themselves (`list_visible`, `get_visible`); a query that forgets still finds nothing foreign.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

# Of the viewer alone: what it gives is kept and used again, so it reads neither rows nor the clock.
Criterion = Callable[[int], ColumnElement[bool]]
KEPT = 64  # viewers, with some 30 kB for each scoped entity

_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)
_criteria: dict[type, Criterion] = {}
_known: dict[object, tuple[object]] = {}  # what SQLAlchemy's keys of criteria say → as short as can be


class Brick(LoaderCriteriaOption):
    """`with_loader_criteria` of one entity for one viewer, which works out once what it adds to the key of a statement.

    That key finds what was compiled before. Traversing every criterion for it, in every read, took half of a page.
    """

    __slots__ = ("_numbers", "_short")

    inherit_cache = True

    def __init__(self, entity: type, criterion: ColumnElement[bool]) -> None:
        """Where the entity is read, by whatever name, the criterion holds. Raises TypeError where it has no key."""
        super().__init__(entity, criterion, include_aliases=True)
        found = LoaderCriteriaOption(entity, criterion, include_aliases=True)._generate_cache_key()
        if found is None:
            raise TypeError(f"what is seen of {entity.__name__} cannot be kept compiled")
        self._numbers = tuple(found.bindparams)
        self._short = _known.setdefault(found.key, (object(),))

    def _gen_cache_key(self, anon_map: Any, bindparams: list[BindParameter[object]]) -> tuple[object, ...]:
        """The same for criteria that are written alike; who is meant stands in the numbers.

        A brick that was met before says only that, as SQLAlchemy's own do: two of one viewer are compiled into one
        number, which must not be found for those of two viewers.
        """
        number, is_met = anon_map.get_anon(self)
        if is_met:
            return number, Brick
        bindparams.extend(self._numbers)
        return self._short


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
def _wall_of(viewer: int) -> tuple[Brick, ...]:
    """The wall of one viewer, built once: that takes some sixty times as long as a small read itself."""
    return tuple(Brick(entity, criterion(viewer)) for entity, criterion in _criteria.items())
