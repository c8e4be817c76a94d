"""Three texts into one: what both sides changed differently is a conflict that names the field. 三方合并."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .content_fields import Fields, Path, content_from, fields_of
from .texts.derive import Content

ABSENT = object()


class Side(StrEnum):
    """Whose version of a field is taken."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Clash:
    """A field that both sides changed since the base, to different values; None where a side dropped it."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """The outcome: fields that only one side changed are settled, the others wait for a choice."""

    fields: Fields
    clashes: tuple[Clash, ...]
    taken: tuple[Path, ...]
    """Fields in which the newer terms differ from the base and the draft did not: they are taken over."""

    def content(self, beside: Content) -> dict[str, Any]:
        """The merged content; what is no term comes from `beside`."""
        return content_from(self.fields, beside)


def merge(base: Content, mine: Content, theirs: Content, chosen: Mapping[Path, Side] | None = None) -> Merge:
    """Bring `mine`, which was drafted on `base`, onto `theirs`; `chosen` settles clashes, others take mine for now."""
    one, own, new = fields_of(base), fields_of(mine), fields_of(theirs)
    merged: Fields = {}
    clashes, taken = [], []
    for path in _in_order(new, own):
        was, is_mine, is_theirs = (some.get(path, ABSENT) for some in (one, own, new))
        value = is_theirs if is_mine == was else is_mine
        if is_mine == was and is_theirs != was:
            taken.append(path)
        if is_mine != was and is_theirs != was and is_mine != is_theirs:
            side = (chosen or {}).get(path)
            value = is_theirs if side is Side.THEIRS else is_mine
            if side is None:
                clashes.append(Clash(path, *(_or_none(some) for some in (was, is_mine, is_theirs))))
        if value is not ABSENT:
            merged[path] = value
    return Merge(_whole(merged, own, new), tuple(clashes), tuple(taken))


def _in_order(*texts: Fields) -> Iterable[Path]:
    return dict.fromkeys(path for fields in texts for path in fields)


def _or_none(value: Any) -> Any:
    return None if value is ABSENT else value


def _whole(merged: Fields, mine: Fields, theirs: Fields) -> Fields:
    """An article that one side dropped and the other changed is there with all of its fields, or not at all."""
    kept = {path[:2] for path in merged if len(path) == 3}
    lists = {path: value for source in (theirs, mine) for path, value in source.items() if path[:2] in kept}
    return {path: merged.get(path, value) for path, value in lists.items()} | {
        path: value for path, value in merged.items() if len(path) < 3
    }
