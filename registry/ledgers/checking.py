"""Looks at every row of an import and says what entering it would do; writes nothing. 导入校验."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from ..accounts.models import User
from ..core.dates import BadDate, Precision, read_partial
from ..core.errors import Invalid
from ..core.i18n import Either, Message, msg
from ..organisations import phones
from ..organisations.names import fold
from ..organisations.queries.lookup import Suggestion
from ..organisations.queries.matching import By, Directory, Match, Wanted, match_row
from .definitions import Column, Sort
from .enums import RowState
from .queries import kept_beside
from .reading.cells import Grade, Note, Reading, parts_of, read_cell
from .reading.grid import Cell, is_blank
from .reading.rows import SourceRow
from .targets.base import REPORTED, Existing, Key, Named, Row, Target

ORGANISATIONS = (Sort.ORG, Sort.ORG_MULTI)
OTHERS = "other_parties"  # text that names organisations all the same
REQUIRED = msg("This field is required")
MOST_REMEMBERED = 1_000  # readings of one column


@dataclass
class Looked:
    """One row with what is to be said of it; `asked` are names that a person decides, with who may be meant."""

    row: Row
    notes: list[Note] = field(default_factory=list)
    asked: dict[str, Match] = field(default_factory=dict)
    keys: Sequence[Key] = ()
    state: RowState = RowState.NEW
    changes: dict[str, list[str]] = field(default_factory=dict)
    record: str = ""

    def has(self, grade: Grade) -> bool:
        """Whether anything of this grade is to be said."""
        return any(note.grade is grade for note in self.notes)

    def refuse(self, field: str, message: Message) -> None:
        """Say that it cannot be taken."""
        self.notes.append(Note(field, Grade.WRONG, message))


@dataclass
class Checker:
    """Checks rows of one import, a chunk at a time; remembers names and keys that it has met."""

    target: Target
    actor: User
    directory: Directory
    decisions: Mapping[str, str]
    chosen: Mapping[str, Named]
    _matches: dict[Wanted, Match] = field(default_factory=dict)
    _met: dict[Key, int] = field(default_factory=dict)
    _dated: dict[str, bool] = field(default_factory=dict)
    _readings: dict[str, dict[tuple[type, Cell], Reading]] = field(default_factory=dict)

    def look(self, rows: Sequence[SourceRow]) -> list[Looked]:
        """What becomes of each row: two queries and a few for what the target prepares, however many rows."""
        looked = [self._read(one) for one in rows]
        sound = [one for one in looked if not (one.has(Grade.WRONG) or one.has(Grade.DOUBT))]
        prepared = self.target.prepare([one.row for one in sound], self.actor)
        for one in looked:
            if not one.has(Grade.WRONG):
                one.notes.extend(self.target.warn(one.row))
        given = {one.row.number: self._given(one, prepared) for one in sound}
        self._compare([one for one in sound if not one.has(Grade.WRONG)])
        for one in sound:
            if not one.record and not one.has(Grade.WRONG):
                self._told(one, partial(self.target.make, given[one.row.number], self.actor))
        for one in looked:
            one.state = self._state(one)
        return looked

    def _given(self, one: Looked, prepared: Any) -> Any:
        """What the row describes; its refusals are noted."""
        return self._told(one, partial(self.target.read, one.row, prepared, self.actor))

    def _told(self, one: Looked, do: Callable[[], Any]) -> Any:
        try:
            return do()
        except Invalid as error:
            for name, told in error.fields.items():
                for message in told:
                    one.refuse(name, message if isinstance(message, Message) else Either(message, message))
            return None

    def _state(self, one: Looked) -> RowState:
        if one.has(Grade.WRONG):
            return RowState.WRONG
        if one.has(Grade.DOUBT):
            return RowState.DOUBTFUL
        if not one.record:
            return RowState.NEW
        return RowState.CHANGED if one.changes else RowState.SAME

    def _compare(self, sound: Sequence[Looked]) -> None:
        """Which records the rows are about, and which row an earlier one says already."""
        found = self.target.existing([one.row for one in sound], self.actor)
        beside = kept_beside({one.public_id for one in found.values()}, self.target.code, self.actor)
        for one in sound:
            one.keys = self.target.keys(one.row, self.actor)
            known = next((found[key] for key in one.keys if key in found), None)
            if known is None and (earlier := next((self._met[key] for key in one.keys if key in self._met), 0)):
                one.refuse("", msg("The same as row %(number)s", number=earlier))
                continue
            self._met |= dict.fromkeys(one.keys, one.row.number)
            if known is not None:
                one.record = known.public_id
                one.changes = self._changes(one.row, known, beside.get(known.public_id, {}))

    def _changes(self, row: Row, known: Existing, kept: Mapping[str, str]) -> dict[str, list[str]]:
        """What the row says otherwise than the record, or, where that has no place for it, than its earlier row."""
        own = {name: text for name, text in kept.items() if name not in self.target.kept}
        said = {name for name, text in own.items() if fold(row.text(name)) == fold(text)}
        changes = self.target.differences(row, Existing(known.public_id, {**known.facts, **own}))
        agrees = self.target.differences(row, known).keys()
        return {name: change for name, change in changes.items() if name not in said and name in agrees}

    def _read(self, source: SourceRow) -> Looked:
        ledger = self.target.ledger
        readings = {name: self._reading(name, cell) for name, cell in source.cells.items() if not is_blank(cell)}
        values = {name: _masked(ledger.column(name), one.text) for name, one in readings.items() if one.text}
        looked = Looked(Row(source.number, values), [note for one in readings.values() for note in one.notes])
        noted = {note.field for note in looked.notes}
        for name in sorted(self.target.needs - values.keys() - noted):
            looked.refuse(name, REQUIRED)
        looked.row = replace(looked.row, organisations=dict(self._named(looked)))
        return looked

    def _reading(self, name: str, cell: Cell) -> Reading:
        """What the cell says; columns say the same again and again."""
        known = self._readings.setdefault(name, {})
        key = (cell.__class__, cell)  # 1, 1.0 and yes are alike to a dictionary
        found = known.get(key)
        if found is None:
            found = read_cell(self.target.ledger.column(name), cell, self.target.words.get(name))
            if len(known) < MOST_REMEMBERED:
                known[key] = found
        return found

    def _named(self, looked: Looked) -> Iterator[tuple[str, Named]]:
        for name, text in looked.row.values.items():
            if name not in self.target.kept:
                continue
            sort = self.target.ledger.column(name).sort
            if sort is Sort.ORG:
                yield name, self._who(looked, name, text, self._code(looked.row, name))
            elif sort is Sort.ORG_MULTI or name == OTHERS:
                for part in parts_of(text):
                    yield f"{name}:{part}", self._who(looked, name, part, ("", ""))

    def _code(self, row: Row, name: str) -> tuple[str, str]:
        """The school code and the credit code beside a name."""
        beside = self.target.codes.get(name, "")
        text = row.text(beside)
        return ("", text) if beside and self.target.ledger.column(beside).sort is Sort.USCC else (text, "")

    def _who(self, looked: Looked, name: str, text: str, codes: tuple[str, str]) -> Named:
        """The organisation that a name means: a person's word first, then what is certain; else it is asked."""
        decided = self.decisions.get(fold(text))
        if decided:
            return Named(text) if decided == REPORTED else self.chosen.get(decided, Named(text))
        on = _on(looked.row) if self._is_dated(text) else None
        wanted = Wanted(text, *codes, on=on)
        match = self._matches.get(wanted)
        if match is None:
            match = self._matches[wanted] = match_row(self.directory, wanted)
        found = match.certain or self._own(match)
        if found is not None:
            return Named(text, found.public_id, found.name.zh, found.organisation_id)
        self._ask(looked, name, text, match)
        return Named(text, is_strange=match.by is By.NOTHING and match.doubt is None)

    def _is_dated(self, name: str) -> bool:
        """Whether the row's day matters to whom the name means: for hardly any."""
        if name not in self._dated:
            self._dated[name] = self.directory.changes_with_days(name)
        return self._dated[name]

    def _own(self, match: Match) -> Suggestion | None:
        """One's own organisation by its short form needs nobody's word."""
        found = match.found
        is_own = match.by is By.ALIAS and found is not None and found.organisation_id == self.actor.organisation_id
        return found if is_own else None

    def _ask(self, looked: Looked, name: str, text: str, match: Match) -> None:
        if match.found is None and match.doubt is None and not match.proposals:
            if name in self.target.strangers or name == OTHERS:
                return
            looked.refuse(name, msg("%(name)s is not in the directory of organisations", name=text))
            return
        looked.asked[text] = match
        doubt = match.doubt or msg("Which organisation is %(name)s? Nothing is taken that is only alike", name=text)
        looked.notes.append(Note(name, Grade.DOUBT, doubt))


def _masked(column: Column, text: str) -> str:
    return phones.mask(text) if column.sort is Sort.PHONE and text else text


def _on(row: Row) -> date | None:
    """The day of the row, on which an organisation may have had another name."""
    for name in ("signed_on", "visited_on", "established_on", "held_on"):
        text = row.text(name)
        if text:
            try:
                day, precision = read_partial(text)
            except BadDate:
                return None
            return day if precision is Precision.DAY else None
    return None
