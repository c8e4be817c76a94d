"""What the list can be narrowed to that packages above know of: agreements that were visited. 扩展筛选。"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from ...core.i18n import Message


@dataclass(frozen=True)
class Mark:
    """Its words for the reader, and the condition on an agreement as of now."""

    label: Message
    condition: Callable[[], ColumnElement[bool]]


_marks: dict[str, Mark] = {}


def learn(name: str, mark: Mark) -> None:
    """Make a mark known by its name in an address; once more replaces it."""
    _marks[name] = mark


def marked(name: str) -> Iterator[ColumnElement[bool]]:
    """The condition of a mark; an unknown one narrows nothing."""
    if name in _marks:
        yield _marks[name].condition()


def words(name: str) -> Message | None:
    """What a mark means."""
    return _marks[name].label if name in _marks else None
