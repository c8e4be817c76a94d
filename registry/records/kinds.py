"""The kinds of records that others point at by kind and public id: a visit's subject, a task's origin. 记录种类.

Packages above register theirs when their pages are installed; whoever points at a record need not import its package.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from ..core.access.decision import Actor
from ..core.errors import NotFound
from ..core.i18n import Message

Titles = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind. `find` raises NotFound for what is absent or outside the actor's scope; `endpoint` shows one.

    `titles` gives the titles in both languages of those of several that the actor sees, in one query, by public id.
    `between` gives what took place between the actor's organisation and others in some days (see `Listing.between`):
    a kind that has it can show that a promise was kept.
    """

    code: str
    label: Message
    endpoint: str
    find: Callable[[str, Actor], Any]
    titles: Callable[[Sequence[str], Actor], Mapping[str, Titles]] | None = None
    between: Callable[[Collection[int], date, date, Actor], Sequence[Row[Any]]] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; once more replaces it."""
    _kinds[kind.code] = kind


def known() -> tuple[Kind, ...]:
    """All kinds, in the order in which they were registered."""
    return tuple(_kinds.values())


def kind_of(code: str) -> Kind:
    """One kind. Raises NotFound for an unknown code."""
    if code not in _kinds:
        raise NotFound
    return _kinds[code]


def find(code: str, public_id: str, actor: Actor) -> Any:
    """The record behind kind and public id. Raises NotFound for what the actor does not see."""
    return kind_of(code).find(public_id, actor)


def titles_of(code: str, public_ids: Sequence[str], actor: Actor) -> Mapping[str, Titles]:
    """Titles of those that the actor sees; one by one only where the kind gives no way to read several."""
    kind = _kinds.get(code)
    if kind is None:
        return {}
    if kind.titles is not None:
        return kind.titles(public_ids, actor)
    found: dict[str, Titles] = {}
    for public_id in public_ids:
        with suppress(NotFound):
            one = kind.find(public_id, actor)
            found[public_id] = (one.title_zh, one.title_en)
    return found
