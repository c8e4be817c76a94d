"""What follows an organisation into the record that it is merged into, and back. Packages above say it here. 合并迁移.

A column that names an organisation is given with `follows`: its rows that name the duplicate name the survivor from
then on, and every one of them is written down, so that a merge taken back moves exactly these back. What has to stay
(signed snapshots, numbers given out) is only told with `stays`; the survivor oversees the duplicate, and sees it so.
What is worked out anew afterwards is named with `derived`. A guard finds every column that is in none of the three.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Select, false, true
from sqlalchemy.orm import InstrumentedAttribute

from ..core.access.decision import Actor
from ..core.i18n import Message
from .models import Organisation


@dataclass(frozen=True)
class Merging:
    """Two records of one organisation, and who merges the first into the second.

    `remembered` is what packages wrote down before anything moved; empty while somebody only looks.
    """

    actor: Actor
    duplicate: Organisation
    survivor: Organisation
    remembered: Mapping[str, Any] = field(default_factory=dict)


Moved = Mapping[str, Collection[int]]
"""Numbers of rows by the key of their column."""
Condition = Callable[[Merging], ColumnElement[bool]]


def _always(_merging: Merging) -> ColumnElement[bool]:
    return true()


def _never(_merging: Merging) -> ColumnElement[bool]:
    return false()


@dataclass(frozen=True)
class Pointer:
    """A column that names an organisation; `is_theirs`: its rows give the duplicate's own people something to do.

    `beside`: two rows that are alike in these columns would name one organisation twice, so that the duplicate's is
    folded into the survivor's (see `folding`). `folds`: rows of either that the record itself would name once more.
    """

    key: str
    label: Message
    column: InstrumentedAttribute[Any]
    only: Condition = _always
    is_theirs: bool = False
    beside: tuple[InstrumentedAttribute[Any], ...] = ()
    folds: Condition = _never


@dataclass(frozen=True)
class Staying:
    """Rows that keep naming the duplicate: how many there are."""

    label: Message
    counted: Callable[[Organisation], Select[int]]


@dataclass(frozen=True)
class Since:
    """A merge that is to be taken back: when it was made, what it moved, what was written down then."""

    merging: Merging
    moment: datetime
    moved: Moved
    remembered: Mapping[str, Any]


Refusal = Callable[[Merging], Iterable[Message]]
Memory = Callable[[Merging, Moved], Any]
Follower = Callable[[Merging, Moved], None]
Bond = Callable[[Since], Iterable[Message]]
Foreign = Callable[[Actor, Organisation], bool]

pointers: dict[str, Pointer] = {}
staying: dict[str, Staying] = {}
refusals: dict[str, Refusal] = {}
foreign: dict[str, Foreign] = {}
memories: dict[str, Memory] = {}
followers: dict[str, Follower] = {}
returns: dict[str, Follower] = {}
bonds: dict[str, Bond] = {}
_left: set[str] = set()


def follows(pointer: Pointer) -> None:
    """Let a column's rows follow a merge."""
    pointers[pointer.key] = pointer


def stays(
    key: str, label: Message, counted: Callable[[Organisation], Select[int]], *columns: InstrumentedAttribute[Any]
) -> None:
    """Tell of rows that stay where they are, and of the columns by which they do."""
    staying[key] = Staying(label, counted)
    derived(*columns)


def derived(*columns: InstrumentedAttribute[Any]) -> None:
    """Name columns whose rows are worked out anew, or that only stand beside what stays."""
    _left.update(_name_of(column) for column in columns)


def untreated(metadata: MetaData) -> set[str]:
    """Columns that name an organisation, as table.column, of which nobody said what a merge does with them."""
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column is Organisation.__table__.c.id
    }
    return naming - _left - {_name_of(pointer.column) for pointer in pointers.values()}


def _name_of(column: InstrumentedAttribute[Any]) -> str:
    return f"{column.class_.__tablename__}.{column.expression.name}"


def refuses(key: str) -> Callable[[Refusal], Refusal]:
    """Mark a function that says why two organisations cannot be merged now."""
    return lambda function: refusals.setdefault(key, function)


def asks_others(key: str) -> Callable[[Foreign], Foreign]:
    """Mark a function that says whether records of others name an organisation: ones that the actor does not see.

    It is asked where somebody speaks for an organisation that they only entered (see `queries.strangers`).
    """
    return lambda function: foreign.setdefault(key, function)


def remembers(key: str) -> Callable[[Memory], Memory]:
    """Mark a function that writes down, as JSON, what `binds` compares when the merge is taken back."""
    return lambda function: memories.setdefault(key, function)


def after_merging(key: str) -> Callable[[Follower], Follower]:
    """Mark a function that brings derived rows in step after a merge."""
    return lambda function: followers.setdefault(key, function)


def after_parting(key: str) -> Callable[[Follower], Follower]:
    """Mark a function that brings derived rows in step after a merge was taken back."""
    return lambda function: returns.setdefault(key, function)


def binds(key: str) -> Callable[[Bond], Bond]:
    """Mark a function that says what came to depend on a merge, so that it cannot be taken back."""
    return lambda function: bonds.setdefault(key, function)
