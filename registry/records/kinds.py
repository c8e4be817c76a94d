"""The kinds of records that others point at by kind and public id: a visit's subject, a task's origin. 记录种类.

Packages above register theirs when their pages are installed; whoever points at a record need not import its package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..core.access.decision import Actor
from ..core.errors import NotFound
from ..core.i18n import Message


@dataclass(frozen=True)
class Kind:
    """One kind. `find` raises NotFound for what is absent or outside the actor's scope; `endpoint` shows one."""

    code: str
    label: Message
    endpoint: str
    find: Callable[[str, Actor], Any]


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
