"""What a merge would do: what moves, what stays, what is to be decided, what is in the way. 合并预览."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...core.access.scope import without_scope
from ...core.db import db
from ...core.i18n import Message, msg
from .. import pointers as own
from .. import repoint
from ..fields import label_of
from ..merges import MovedRow, OrganisationMerge
from ..models import Organisation, OrganisationKind
from ..repoint import Merging, Pointer
from ..ties import reaches
from .folding import is_folded, rows_to_fold
from .strangers import is_named_by_others
from .ties import ways_up

HANDLERS = (own,)  # imported so that this package's own rows follow too
CHUNK = 500
SURVIVOR, DUPLICATE = "survivor", "duplicate"
FIELDS = ("uscc", "moe_code", "name_en", "short_zh", "short_en", "address", "authority")
CODES = frozenset({"uscc", "moe_code"})
MUST_DECIDE = frozenset({"uscc"})
APART = frozenset({OrganisationKind.UNIVERSITY, OrganisationKind.ENTERPRISE})


@dataclass(frozen=True)
class Line:
    """How many rows of a sort there are."""

    label: Message
    count: int


@dataclass(frozen=True)
class FieldChoice:
    """Two values of a field; `is_open` when both say something and it has to be decided whose stands."""

    field: str
    survivor: str
    duplicate: str

    @property
    def is_open(self) -> bool:
        """Whether both have a value and they differ."""
        return bool(self.survivor and self.duplicate)


@dataclass(frozen=True)
class Preview:
    """What merging would do now; `digest` changes with anything that it says."""

    merging: Merging
    moving: tuple[Line, ...]
    staying: tuple[Line, ...]
    fields: tuple[FieldChoice, ...]
    refusals: tuple[Message, ...]
    digest: str
    takes_people: bool  # whether people, or records of their own, come along


def preview(merging: Merging) -> Preview:
    """Look at everything that names the duplicate; a query for each sort of row."""
    moved, folded = rows_to_move(merging), rows_to_fold(merging)
    choices = tuple(field_choices(merging))
    staying = (Line(one.label, db.session.scalar(one.counted(merging.duplicate)) or 0) for one in _staying())
    return Preview(
        merging,
        tuple(_moving(moved, folded)),
        tuple(line for line in staying if line.count),
        choices,
        tuple(refusals(merging)),
        _digest(merging, {**moved, "folded": [number for ids in folded.values() for number in ids]}, choices),
        any(moved[key] for key, pointer in repoint.pointers.items() if pointer.is_theirs),
    )


def _moving(moved: Mapping[str, Collection[int]], folded: Mapping[str, Collection[int]]) -> Iterator[Line]:
    """Sorts of rows that are called alike stand on one line; a row that names it twice is one."""
    rows: dict[str, set[tuple[str, int]]] = {}
    labels = {pointer.label.key: pointer.label for pointer in repoint.pointers.values()}
    for key, numbers in moved.items():
        pointer = repoint.pointers[key]
        table = pointer.column.class_.__tablename__
        rows.setdefault(pointer.label.key, set()).update((table, number) for number in numbers)
    yield from (Line(labels[key], len(found)) for key, found in rows.items() if found)
    together = sum(len(numbers) for numbers in folded.values())
    if together:
        yield Line(msg("Places where both are named: one of them is left"), together)


def rows_to_move(merging: Merging) -> dict[str, list[int]]:
    """The rows that name the duplicate, by the key of their column; all of them, whoever sees them."""
    with without_scope():
        return {key: list(_rows(pointer, merging)) for key, pointer in sorted(repoint.pointers.items())}


def _rows(pointer: Pointer, merging: Merging) -> Sequence[int]:
    number = pointer.column.class_.id
    here = (pointer.column == merging.duplicate.id, pointer.only(merging), ~is_folded(pointer, merging))
    statement = select(number).where(*here)
    return db.session.scalars(statement.order_by(number)).all()


def _staying() -> list[repoint.Staying]:
    return [repoint.staying[key] for key in sorted(repoint.staying)]


def field_choices(merging: Merging) -> Iterator[FieldChoice]:
    """Fields in which the duplicate says something that the survivor does not."""
    for field in FIELDS:
        theirs, other = (getattr(one, field) or "" for one in (merging.duplicate, merging.survivor))
        if theirs and theirs != other:
            yield FieldChoice(field, other, theirs)


def refusals(merging: Merging) -> Iterator[Message]:
    """What is in the way; empty when the two can be merged.

    Where records name the duplicate that this person does not see, nothing else is told: it would tell of them.
    """
    duplicate, survivor = merging.duplicate, merging.survivor
    if is_named_by_others(merging.actor, duplicate):
        yield msg("Records of other organisations name it; the organisation above both of you merges it")
        return
    if duplicate.kind is not survivor.kind and {duplicate.kind, survivor.kind} & APART:
        yield msg("One is a university or an enterprise and the other is not: these are two organisations")
    if duplicate.moe_code and survivor.moe_code:
        yield msg("Two codes of the Ministry of Education are two universities; dissolve one and name its successor")
    if _would_make_a_circle(merging):
        yield msg("Each stands below the other by way of a third organisation; correct the ties first")
    with without_scope():
        for refuse in _in_order(repoint.refusals):
            yield from refuse(merging)


def _would_make_a_circle(merging: Merging) -> bool:
    """Whether somebody would stand below themselves once both are one."""
    duplicate, survivor = merging.duplicate.id, merging.survivor.id
    joined: dict[int, set[int]] = {}
    for one, above in ways_up().items():
        found = joined.setdefault(survivor if one == duplicate else one, set())
        found |= {survivor if other == duplicate else other for other in above}
    joined[survivor] = joined.get(survivor, set()) - {survivor}
    return any(reaches(joined, above, survivor) for above in joined[survivor])


def _in_order(marked: Mapping[str, Callable[..., Any]]) -> list[Callable[..., Any]]:
    return [marked[key] for key in sorted(marked)]


def _digest(merging: Merging, moved: Mapping[str, Collection[int]], choices: Sequence[FieldChoice]) -> str:
    seen = [
        *(f"{one.public_id}:{one.row_version}" for one in (merging.duplicate, merging.survivor)),
        {key: sorted(ids) for key, ids in moved.items()},
        [[choice.field, choice.survivor, choice.duplicate] for choice in choices],
    ]
    return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def standing_merge(duplicate: Organisation, *, for_change: bool = False) -> OrganisationMerge | None:
    """The merge by which it became part of another; None for those of older versions and without one."""
    statement = select(OrganisationMerge).where(
        OrganisationMerge.duplicate_id == duplicate.id, OrganisationMerge.undone_at.is_(None)
    )
    statement = statement.with_for_update() if for_change else statement.options(joinedload(OrganisationMerge.survivor))
    return db.session.scalar(statement)


def moved_by(merge: OrganisationMerge) -> list[MovedRow]:
    """Every row that it moved."""
    return list(db.session.scalars(select(MovedRow).where(MovedRow.merge_id == merge.id).order_by(MovedRow.id)))


def by_key(rows: Sequence[MovedRow]) -> dict[str, list[int]]:
    """The numbers of moved rows by the key of their column."""
    found: dict[str, list[int]] = {key: [] for key in repoint.pointers}
    for row in rows:
        found.setdefault(row.key, []).append(row.row_id)
    return found


def bonds(merge: OrganisationMerge, merging: Merging) -> list[Message]:
    """What came to depend on the merge since; empty when it can be taken back."""
    rows = moved_by(merge)
    since = repoint.Since(merging, merge.merged_at, by_key(rows), merge.remembered)
    found = list(_own_bonds(merge, merging))
    with without_scope():
        found += _moved_on(rows)
        for bind in _in_order(repoint.bonds):
            found += bind(since)
    return found


def _own_bonds(merge: OrganisationMerge, merging: Merging) -> Iterator[Message]:
    if merging.duplicate.merged_into_id != merging.survivor.id:
        yield msg("%(name)s was itself merged since; take that back first", name=merging.survivor.name_zh)
    elif merging.survivor.status != "active":
        yield msg("%(name)s is not active any more", name=merging.survivor.name_zh)
    for field, values in merge.fields.items():
        if (getattr(merging.survivor, field) or "") != values["taken"]:
            yield msg("What was taken over has been changed since: %(field)s", field=label_of(field))
        elif field in CODES and _has_another_bearer(field, values[SURVIVOR]):
            yield msg("Another organisation has this code by now: %(code)s", code=values[SURVIVOR])


def _has_another_bearer(field: str, code: str) -> bool:
    """Whether a code that the survivor gave up was entered elsewhere; codes are unique."""
    bearer = select(Organisation.id).where(getattr(Organisation, field) == code)
    return bool(code) and db.session.scalar(bearer) is not None


def _moved_on(rows: Sequence[MovedRow]) -> list[Message]:
    """Moved rows that point elsewhere by now. Rows that are gone are in nobody's way."""
    found = []
    for key, pointer in repoint.pointers.items():
        expected = {row.row_id: row.after_id for row in rows if row.key == key}
        present = present_values(pointer, list(expected))
        elsewhere = sum(expected[number] != value for number, value in present.items())
        if elsewhere:
            found.append(msg("Changed since: %(what)s (%(count)s)", what=pointer.label, count=elsewhere))
    return found


def present_values(pointer: Pointer, numbers: Sequence[int]) -> dict[int, int | None]:
    """What these rows point at now."""
    model = pointer.column.class_
    found: dict[int, int | None] = {}
    for start in range(0, len(numbers), CHUNK):
        statement = select(model.id, pointer.column).where(model.id.in_(numbers[start : start + CHUNK]))
        found.update(dict(db.session.execute(statement).all()))
    return found
