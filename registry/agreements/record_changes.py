"""Names every difference between two records, field by field, without saying what stands in them. 机读记录比对."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from ..core.i18n import Message, msg
from .record_words import in_words, shown

MOST_NAMED = 200
LONGEST_LIST = 1000  # matching costs the square of it
Path = tuple[str | int, ...]


class Change(StrEnum):
    """What happened to a field."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REORDERED = "reordered"


@dataclass(frozen=True)
class Difference:
    """A field that is not as it should be; `given` and `due` are for those who hold the file anyway."""

    path: Path
    change: Change
    given: Any = None
    due: Any = None

    @property
    def json_path(self) -> str:
        """The place as RFC 9535 writes it: $.content.parties[0].name."""
        return "$" + "".join(_segment(step) for step in self.path)

    @property
    def words(self) -> Message:
        """The field and what it should be, without its value."""
        return SENTENCES[self.change](in_words(self.path), self.json_path)


SENTENCES = {
    Change.CHANGED: lambda field, path: msg(
        "Record, %(field)s (%(path)s): changed; it must read as registered and signed", field=field, path=path
    ),
    Change.ADDED: lambda field, path: msg(
        "Record, %(field)s (%(path)s): added; the genuine record has no such entry", field=field, path=path
    ),
    Change.REMOVED: lambda field, path: msg(
        "Record, %(field)s (%(path)s): missing; the genuine record has this entry", field=field, path=path
    ),
    Change.REORDERED: lambda field, path: msg(
        "Record, %(field)s (%(path)s): in another order; the order must be as registered and signed",
        field=field,
        path=path,
    ),
}


def differences(given: Any, due: Any) -> tuple[Difference, ...]:
    """Everything in which a record differs from what it should be; types count, so 1 is neither true nor 1.0."""
    found = []
    for one in _compare(given, due, ()):
        found.append(one)
        if len(found) == MOST_NAMED:
            break
    return tuple(found)


def _compare(given: Any, due: Any, path: Path) -> Iterator[Difference]:
    if isinstance(given, Mapping) and isinstance(due, Mapping):
        yield from _compare_objects(given, due, path)
    elif isinstance(given, list) and isinstance(due, list):
        yield from _compare_lists(given, due, path)
    elif type(given) is not type(due) or given != due:
        yield Difference(path, Change.CHANGED, given, due)


def _compare_objects(given: Mapping[str, Any], due: Mapping[str, Any], path: Path) -> Iterator[Difference]:
    for key in sorted(given.keys() | due.keys()):
        if key not in due:
            yield Difference((*path, key), Change.ADDED, given=given[key])
        elif key not in given:
            yield Difference((*path, key), Change.REMOVED, due=due[key])
        else:
            yield from _compare(given[key], due[key], (*path, key))


def _compare_lists(given: Sequence[Any], due: Sequence[Any], path: Path) -> Iterator[Difference]:
    if max(len(given), len(due)) > LONGEST_LIST or abs(len(given) - len(due)) > MOST_NAMED:
        if given != due:
            yield Difference(path, Change.CHANGED, given, due)
        return
    ours, theirs = [_text(one) for one in due], [_text(one) for one in given]
    if ours != theirs and sorted(ours) == sorted(theirs):
        yield Difference(path, Change.REORDERED, given, due)
        return
    for _kind, start, stop, begin, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        shared = min(stop - start, end - begin)
        for offset in range(shared):
            yield from _compare(given[begin + offset], due[start + offset], (*path, start + offset))
        for place in range(start + shared, stop):
            yield Difference((*path, place), Change.REMOVED, due=due[place])
        for place in range(begin + shared, end):
            yield Difference((*path, place), Change.ADDED, given=given[place])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _segment(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    plain = step.isascii() and step.replace("_", "a").isalnum() and not step[0].isdigit()
    return f".{step}" if plain else f"[{json.dumps(shown(step), ensure_ascii=False)}]"
