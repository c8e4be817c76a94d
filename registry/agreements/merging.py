"""Three texts into one: what both sides changed differently is a conflict that names the field. 三方合并."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .content_fields import Fields, Path, content_from, fields_of
from .texts.derive import Content
from .texts.rendering import template_of

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
    one, own, new = fields_of(base), fields_of(_apart(base, mine, theirs)), fields_of(theirs)
    merged: Fields = {}
    clashes, taken = [], []
    order = _in_order(one, own, new)
    for path in order:
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
    whole = _whole(order, merged, {**new, **own})
    taken = [path for path in taken if whole.get(path, ABSENT) != own.get(path, ABSENT)]
    return Merge(whole, tuple(clashes), tuple(taken))


def _apart(base: Content, mine: Content, theirs: Content) -> Content:
    """Mine, where a commitment that both sides added under one code takes the next free one: both are kept.

    Rows of the model text are the same row on both sides.
    """
    template = template_of(mine)
    models = {task.code for task in template.tasks} if template else set()
    was, new = ({row["code"]: row for row in some["commitments"]} for some in (base, theirs))
    taken = [*was, *new, *(row["code"] for row in mine["commitments"])]
    rows = []
    for row in mine["commitments"]:
        code = row["code"]
        if code in new and code not in was and code not in models and row != new[code]:
            row = row | {"code": _free(code, taken)}
            taken.append(row["code"])
        rows.append(row)
    return {**mine, "commitments": rows}


def _free(code: str, taken: Sequence[str]) -> str:
    """The next code of the same kind."""
    prefix = code.rstrip("0123456789")
    numbers = [one.removeprefix(prefix) for one in taken if one.startswith(prefix)]
    return f"{prefix}{max(int(one) for one in numbers if one.isdecimal()) + 1}"


def _in_order(base: Fields, mine: Fields, theirs: Fields) -> list[Path]:
    """Every path. What only one side has follows what it follows there, so that an article stays where it was put."""
    shared = base.keys() & mine.keys() & theirs.keys()
    as_before = [path for path in theirs if path in shared] == [path for path in base if path in shared]
    first, second = (mine, theirs) if as_before else (theirs, mine)
    found, place = list(first), 0
    for path in second:
        if path not in first:
            found.insert(place, path)
        place = found.index(path) + 1
    return found


def _or_none(value: Any) -> Any:
    return None if value is ABSENT else value


def _whole(order: Sequence[Path], merged: Fields, sides: Fields) -> Fields:
    """An article that one side dropped and the other changed is there with all of its fields, or not at all."""
    kept = {path[:2] for path in merged if len(path) == 3}
    there = (path for path in order if path in merged or (path[:2] in kept and path in sides))
    return {path: merged.get(path, sides.get(path)) for path in there}
