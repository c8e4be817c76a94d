"""What every kind of record says about its ledger: how a row becomes one, and how one reads as a row. 台账对应约定."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...organisations.names import fold
from ..definitions import Column, Ledger, Sort, ledger
from ..reading.cells import Note, Words, same_figure

REPORTED = "reported"  # the decision to keep a name as it stands
UNCOMPARED = frozenset({Sort.PHONE, Sort.FILES, Sort.CALC})
Key = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """Who is meant by a name: an organisation of the directory, or nobody that it knows (`public_id` empty).

    `is_strange` where nothing in the directory is called so, now, formerly or in short.
    """

    name: str
    public_id: str = ""
    official: str = ""
    number: int = 0
    is_strange: bool = False

    @property
    def key(self) -> str:
        """The same for every spelling of the same organisation."""
        return f"org:{self.public_id}" if self.public_id else f"name:{fold(self.name)}"


NOBODY = Named("")


@dataclass(frozen=True)
class Row:
    """One row as it was read: texts by field, and who is meant in the columns that name organisations."""

    number: int
    values: Mapping[str, str]
    organisations: Mapping[str, Named] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What a field says; empty where it says nothing."""
        return self.values.get(name, "")

    def named(self, name: str) -> Named:
        """Who is meant in a field."""
        return self.organisations.get(name, NOBODY)


@dataclass(frozen=True)
class Existing:
    """A record that a row is about: what it says by field, as a ledger would print it, codes as codes."""

    public_id: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """A ledger's records.

    `kind` is the code of `records.kinds`, `audited` the name in the audit. `needs` are fields without which there is
    no record; `kept` those that the record has a place for: the others stay with the row. `codes` names beside an
    organisation's column the one with its code; in columns of `strangers` a name that the directory does not know is
    kept as it stands. `read` makes the service's input of a row (raises Invalid by field), `prepare` reads once for
    many rows what it needs; `keys` say when two rows are about one record, `existing` finds records by them. `make`
    turns the input of a row that is about no record yet into what will be kept, outside of any transaction (raises
    Invalid by field); `enter` adds many of these, in the order given, and only inserts. `warn` says what of a sound row
    is taken otherwise than a reader may think. In `own_words` the imported row's words are printed before the record's.
    With `is_compared_only` no row is ever entered.
    `take_back` removes what was just added (raises Conflict where something holds on).
    """

    code: str
    kind: str
    audited: str
    action: Action
    endpoint: str
    needs: frozenset[str]
    kept: frozenset[str]
    read: Callable[[Row, Any, User], Any]
    keys: Callable[[Row, User], Sequence[Key]]
    existing: Callable[[Sequence[Row], User], Mapping[Key, Existing]]
    enter: Callable[[Sequence[Any], User], Sequence[str]]
    take_back: Callable[[Collection[str]], None]
    words: Mapping[str, Words] = field(default_factory=dict)
    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    strangers: frozenset[str] = frozenset()
    own_words: frozenset[str] = frozenset()
    is_compared_only: bool = False
    prepare: Callable[[Sequence[Row], User], Any] = lambda _rows, _actor: None
    make: Callable[[Any, User], Any] = lambda given, _actor: given
    warn: Callable[[Row], Sequence[Note]] = lambda _row: ()
    same: Mapping[str, Callable[[str, str], bool]] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """The ledger's columns."""
        return ledger(self.code)

    def differences(self, row: Row, found: Existing) -> dict[str, list[str]]:
        """Before and after of each field that the row says otherwise; a blank cell says nothing."""
        return {
            name: [self.words_for(name, found.facts.get(name, "")), self.words_for(name, text)]
            for name, text in row.values.items()
            if text and not self._agrees(self.ledger.column(name), row, found.facts.get(name, ""))
        }

    def words_for(self, name: str, text: str) -> str:
        """A code by its word, as the ledger prints it."""
        shown = self.shown.get(name)
        if self.ledger.column(name).sort is Sort.BOOL:
            return {"yes": "是", "no": "否"}.get(text, text)
        return "、".join(shown.get(part, part) for part in text.split("、")) if shown else text

    def _agrees(self, column: Column, row: Row, before: str) -> bool:
        text = row.text(column.field)
        if column.sort in UNCOMPARED or (column.auto and column.field == "seq"):
            return True
        if column.field in self.same:
            return self.same[column.field](text, before)
        if column.sort in (Sort.INT, Sort.DECIMAL):
            return same_figure(column, text, before)
        if column.sort is Sort.ORG:
            return fold(before) in {fold(text), fold(row.named(column.field).official)}
        return fold(text) == fold(before)
