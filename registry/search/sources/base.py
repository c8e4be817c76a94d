"""The shape of a source: which records there are, what they are called, who takes part, who sees them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from ...core.access.actions import Action
from ...core.db import Model, db
from ...core.i18n import Message
from ...records.models import Shared

Attribute = InstrumentedAttribute[Any]
State = tuple[Message, str] | None
"""A word and the colour beside it; None where a kind has no states."""


@dataclass(frozen=True)
class Party:
    """Who takes part: an organisation by its number, the name that a paper or a source gives, or both."""

    organisation_id: int | None
    name: str = ""


@dataclass(frozen=True)
class Found:
    """What a record says of itself. `words` are further names of the record; `place` is told in place of parties."""

    record_id: int
    public_id: str
    sort_on: date
    state: str
    title_zh: str
    title_en: str
    readers: frozenset[int]
    is_demo: bool = False
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    place: tuple[str, str] | None = None


@dataclass(frozen=True)
class Seen:
    """The table by which lists of a kind are read: which organisation sees which record, in which order."""

    record: Attribute
    organisation: Attribute
    sort_on: Attribute


@dataclass(frozen=True)
class Source:
    """One kind of record. `read` tells of those that are to be found, whoever asks; others are left out.

    `watched` are the classes whose rows, when they change, change an entry: each with the column of its record.
    `followed_by` are records, by kind and number, whose readers depend on who sees these.
    """

    kind: str
    label: Message
    endpoint: str
    icon: str
    action: Action
    model: type[Model]
    read: Callable[[Collection[int]], Iterable[Found]]
    state: Callable[[str], State]
    seen: Seen | None = None
    watched: Mapping[type[Any], str] = field(default_factory=dict)
    followed_by: Callable[[Collection[int]], Iterable[tuple[str, int]]] = lambda _ids: ()


@dataclass(frozen=True)
class Places:
    """Where the parties of shared records stand: columns of the record itself, then of a table of lines."""

    own: Sequence[tuple[Attribute, Attribute | None]] = ()
    record: Attribute | None = None
    organisation: Attribute | None = None
    name: Attribute | None = None
    order: Attribute | None = None


def read_shared(
    model: type[Shared],
    places: Places,
    ids: Collection[int],
    numbers: Sequence[Attribute] = (),
    words: Sequence[Attribute] = (),
) -> Iterator[Found]:
    """Records of a shared kind; three queries whatever their number."""
    readers, states = _visibility(model, ids)
    lines = _lines(places, ids)
    own = [column for pair in places.own for column in pair if column is not None]
    common = (model.id, model.public_id, model.sort_on, model.title_zh, model.title_en, model.is_demo)
    for row in db.session.execute(select(*common, *numbers, *words, *own).where(model.id.in_(ids))):
        yield Found(
            row.id,
            row.public_id,
            row.sort_on,
            states.get(row.id, ""),
            row.title_zh,
            row.title_en,
            frozenset(readers.get(row.id, ())),
            row.is_demo,
            _texts(row, numbers),
            _texts(row, words),
            (*_of_record(row, places), *lines.get(row.id, ())),
        )


def shared(model: type[Shared], places: Places, **columns: Sequence[Attribute]) -> dict[str, Any]:
    """The parts of a source that all shared kinds have alike."""
    seen, lines = model.visibility, {} if places.record is None else {places.record.class_: places.record.key}
    return {
        "model": model,
        "read": lambda ids: read_shared(model, places, ids, **columns),
        "seen": Seen(seen.record_id, seen.organisation_id, seen.sort_on),
        "watched": {model: "id", seen: "record_id", **lines},
    }


def _visibility(model: type[Shared], ids: Collection[int]) -> tuple[dict[int, set[int]], dict[int, str]]:
    seen = model.visibility
    readers: dict[int, set[int]] = {}
    states: dict[int, str] = {}
    statement = select(seen.record_id, seen.organisation_id, seen.state).where(seen.record_id.in_(ids))
    for record_id, organisation_id, state in db.session.execute(statement):
        readers.setdefault(record_id, set()).add(organisation_id)
        states[record_id] = state
    return readers, states


def _lines(places: Places, ids: Collection[int]) -> dict[int, list[Party]]:
    if places.record is None or places.organisation is None:
        return {}
    columns: list[Any] = [places.record, places.organisation, *([places.name] if places.name else [])]
    statement = select(*columns).where(places.record.in_(ids))
    return grouped(statement.order_by(places.record, places.order) if places.order else statement)


def grouped(statement: Select[Any]) -> dict[int, list[Party]]:
    """Parties by record: rows of its number, the organisation's, and names if there are any."""
    found: dict[int, list[Party]] = {}
    for record_id, organisation_id, *names in db.session.execute(statement):
        found.setdefault(record_id, []).append(Party(organisation_id, next((one for one in names if one), "")))
    return found


def _of_record(row: Row[Any], places: Places) -> Iterator[Party]:
    for column, name in places.own:
        party = Party(getattr(row, column.key), getattr(row, name.key) if name is not None else "")
        if party.organisation_id or party.name:
            yield party


def _texts(row: Row[Any], columns: Sequence[ColumnElement[Any] | Attribute]) -> tuple[str, ...]:
    return tuple(text for column in columns if (text := getattr(row, str(column.key))))
