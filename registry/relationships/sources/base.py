"""The shape of a source: facts that count towards a relationship, and entries of its timeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ...core.access.decision import Actor
from ...core.dates import Precision
from ...core.i18n import Message
from ...records import kinds
from ..enums import Level
from ..pairs import Pair


@dataclass(frozen=True)
class Fact:
    """One record: its rung, who takes part, when it was last active (not in the future), what is due next.

    Without a rung it only says what is due: by itself it makes no relationship.
    """

    record_id: int
    level: Level | None
    organisations: frozenset[int]
    last: date | None = None
    due: date | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `due` lines lie ahead; `on` is None where no day is known."""

    on: date | None
    what: Message
    title_zh: str
    title_en: str
    endpoint: str
    public_id: str
    icon: str
    tone: str = ""
    precision: Precision = Precision.DAY
    note: str = ""
    is_due: bool = False


@dataclass(frozen=True)
class Source:
    """`kind` as in `records.kinds`; `entries` are cut to what the actor sees."""

    kind: str
    facts: Callable[[Pair], Sequence[Fact]]
    entries: Callable[[Pair, Actor], Sequence[Entry]]


class HasSubject(Protocol):
    """What is about another record, by its kind and public id."""

    @property
    def subject_kind(self) -> str:
        """As in `records.kinds`."""

    @property
    def subject_public_id(self) -> str:
        """Empty where it is about none."""


def latest(days: Iterable[date | None], today: date) -> date | None:
    """The last day that is not in the future."""
    return max((day for day in days if day and day <= today), default=None)


def seen_subjects(records: Iterable[HasSubject], actor: Actor) -> set[str]:
    """Public ids of what these are about, as far as the actor sees it; a query for each kind."""
    about: dict[str, list[str]] = {}
    for one in records:
        about.setdefault(one.subject_kind, []).append(one.subject_public_id)
    return {found for kind, named in about.items() for found in kinds.titles_of(kind, named, actor)}
