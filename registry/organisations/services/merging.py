"""Merging two records of one organisation, after a preview, and taking it back. 重复单位合并与撤回.

A merge is for one organisation that was entered twice. Two organisations that became one in reality are another
matter: one is dissolved and names its successor (see `closing`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Table, insert, update

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.dates import now
from ...core.db import Model, Versioned, db
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import Message, msg
from .. import policy, repoint
from ..inputs import MergeOrder
from ..merges import MovedRow, OrganisationMerge
from ..models import Organisation, OrganisationStatus
from ..queries import merging as queries
from ..queries.directory import find, get_by_id
from ..repoint import Merging, Pointer
from .folding import fold, unfold
from .oversight import rebuild_oversight
from .versions import lock, refuse_stale

SUPERIOR = "organisation.superior"
FOLDED = "folded"
CHUNK = queries.CHUNK


def look(actor: Actor, duplicate: Organisation, target: str) -> queries.Preview:
    """What merging would do.

    Raises Forbidden, Conflict, Invalid when the target (a public id) is unknown, the same or gone.
    """
    policy.may_merge(actor, duplicate).enforce()
    return _preview(_merging(actor, duplicate, target))


def _preview(merging: Merging) -> queries.Preview:
    """With what speaks against this person's merging the two."""
    found = queries.preview(merging)
    allowed = policy.may_merge_into(merging.actor, merging.survivor, takes_people=found.takes_people)
    if allowed or allowed.reason is None:
        return found
    return replace(found, refusals=(allowed.reason, *found.refusals))


def merge(actor: Actor, duplicate: Organisation, order: MergeOrder, version: int) -> OrganisationMerge:
    """Let everything of the duplicate live on in the other record; what was moved is written down.

    Raises Stale, Forbidden, Conflict, Unmet with all that is in the way, Invalid for what is not decided and when
    something changed since the preview.
    """
    policy.may_merge(actor, duplicate).enforce()
    merging = _merging(actor, duplicate, order.target)
    lock(duplicate, merging.survivor)
    refuse_stale(duplicate, version)
    _refuse_gone(merging.survivor)
    seen = _preview(merging)
    if seen.refusals:
        raise Unmet(seen.refusals)
    _refuse_undecided(seen, order)
    made = OrganisationMerge(
        duplicate_id=duplicate.id,
        survivor_id=merging.survivor.id,
        reason=order.reason,
        merged_at=now(),
        merged_by_id=actor.id,
        merged_for_id=actor.organisation_id,
        fields=_take_over(merging, seen.fields, order.choices),
        remembered={},
    )
    db.session.add(made)
    db.session.flush()
    moved = queries.rows_to_move(merging)
    with without_scope():
        remembered = {key: remember(merging, moved) for key, remember in sorted(repoint.memories.items())}
        made.remembered = remembered | {FOLDED: fold(merging)}
        merging = replace(merging, remembered=made.remembered)
        db.session.flush()
        _move(made, merging, moved)
        duplicate.merge_into(merging.survivor)
        _settle(merging, moved, repoint.followers)
    _record_merge(merging, made, moved, order.reason)
    return made


def part(actor: Actor, duplicate: Organisation, reason: str, version: int) -> None:
    """Take a merge back: every row that it moved goes back, and both say again what they said before.

    Raises Stale, Forbidden, Conflict for merges that were not written down, Unmet with all that depends on it, Invalid
    without a reason.
    """
    merge_row, merging = _standing(actor, duplicate)
    policy.may_part(actor, duplicate, merging.survivor, merge_row.merged_for_id).enforce()
    lock(duplicate, merging.survivor)
    refuse_stale(duplicate, version)
    if not reason:
        raise Invalid({"reason": [msg("Say why")]})
    found = queries.bonds(merge_row, merging)
    if found:
        raise Unmet(found)
    rows = queries.moved_by(merge_row)
    merge_row.undo(actor.id, now(), reason)
    duplicate.part_again()
    db.session.flush()
    with without_scope():
        _move_back(rows)
        unfold(merging.remembered.get(FOLDED, ()))
        _give_back(merging, merge_row.fields)
        _settle(merging, queries.by_key(rows), repoint.returns)
    changes = {"status": ("merged", "active"), "merged_into": (merging.survivor.name_zh, None)}
    audit.record(actor, Action.ORGANISATION_MERGE, duplicate, changes, reason=reason)
    given = {name: (values["taken"], values["survivor"]) for name, values in merge_row.fields.items()}
    audit.record(
        actor,
        Action.ORGANISATION_MERGE,
        merging.survivor,
        {"took_over": (duplicate.name_zh, None), **given},
        reason=reason,
    )


def may_part(actor: Actor, duplicate: Organisation) -> bool:
    """Whether taking the merge back would succeed; for its page."""
    merge_row = queries.standing_merge(duplicate)
    if merge_row is None:
        return False
    merging = Merging(actor, duplicate, merge_row.survivor)
    allowed = policy.may_part(actor, duplicate, merging.survivor, merge_row.merged_for_id)
    return bool(allowed) and not queries.bonds(merge_row, merging)


def _standing(actor: Actor, duplicate: Organisation) -> tuple[OrganisationMerge, Merging]:
    merge_row = queries.standing_merge(duplicate, for_change=True)
    if merge_row is None:
        raise Conflict(msg("No merge is recorded that could be taken back"))
    return merge_row, Merging(actor, duplicate, get_by_id(merge_row.survivor_id), merge_row.remembered)


def _merging(actor: Actor, duplicate: Organisation, target: str) -> Merging:
    survivor = find(target)
    if survivor is None or survivor is duplicate:
        raise Invalid({"target": [msg("Choose another organisation that is active")]})
    _refuse_gone(survivor)
    return Merging(actor, duplicate, survivor)


def _refuse_gone(survivor: Organisation) -> None:
    if survivor.status is not OrganisationStatus.ACTIVE:
        raise Invalid({"target": [msg("Choose another organisation that is active")]})


def _refuse_undecided(seen: queries.Preview, order: MergeOrder) -> None:
    problems: dict[str, list[Message | str]] = {}
    if not order.reason:
        problems["reason"] = [msg("Say why")]
    for choice in seen.fields:
        if choice.is_open and choice.field in queries.MUST_DECIDE and not order.choices.get(choice.field):
            problems[f"choose_{choice.field}"] = [msg("Decide which of the two is right")]
    if not problems and order.seen != seen.digest:
        problems[""] = [msg("Something has changed since you looked; look again before you merge")]
    if problems:
        raise Invalid(problems)


def _take_over(
    merging: Merging, fields: Sequence[queries.FieldChoice], choices: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Give the survivor what it lacks and what was decided for; a code leaves the duplicate, since it is unique."""
    taken = [one for one in fields if not one.is_open or choices.get(one.field) == queries.DUPLICATE]
    for one in taken:
        if one.field in queries.CODES:
            setattr(merging.duplicate, one.field, None)
    db.session.flush()
    for one in taken:
        setattr(merging.survivor, one.field, one.duplicate)
    db.session.flush()
    return {one.field: {"survivor": one.survivor, "duplicate": one.duplicate, "taken": one.duplicate} for one in taken}


def _give_back(merging: Merging, fields: Mapping[str, Mapping[str, str]]) -> None:
    for owner, whose in ((merging.survivor, queries.SURVIVOR), (merging.duplicate, queries.DUPLICATE)):
        for name, values in fields.items():
            empty = None if name in queries.CODES else ""
            setattr(owner, name, values[whose] or empty)
        db.session.flush()


def _move(made: OrganisationMerge, merging: Merging, moved: Mapping[str, Collection[int]]) -> None:
    rows = []
    for key, numbers in moved.items():
        _point(repoint.pointers[key], list(numbers), merging.survivor.id)
        rows += [_written(made, key, number, merging.duplicate.id, merging.survivor.id) for number in numbers]
    if merging.survivor.superior_id == merging.duplicate.id:
        above = merging.duplicate.superior_id
        _point(repoint.pointers[SUPERIOR], [merging.survivor.id], above)
        rows.append(_written(made, SUPERIOR, merging.survivor.id, merging.duplicate.id, above))
    if rows:
        db.session.execute(insert(MovedRow), rows)
    db.session.expire_all()


def _written(made: OrganisationMerge, key: str, number: int, before: int, after: int | None) -> dict[str, Any]:
    return {"merge_id": made.id, "key": key, "row_id": number, "before_id": before, "after_id": after}


def _move_back(rows: Sequence[MovedRow]) -> None:
    places: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        places.setdefault((row.key, row.before_id), []).append(row.row_id)
    for (key, before), numbers in places.items():
        _point(repoint.pointers[key], numbers, before)
    db.session.expire_all()


def _point(pointer: Pointer, numbers: Sequence[int], target: int | None) -> None:
    """Let rows name another organisation; what people edit becomes a newer version by it."""
    model = cast("type[Model]", pointer.column.class_)
    table = cast("Table", model.__table__)
    values: dict[str, Any] = {pointer.column.key: target}
    if issubclass(model, Versioned):
        values["row_version"] = table.c.row_version + 1
    for start in range(0, len(numbers), CHUNK):
        chosen = table.c.id.in_(numbers[start : start + CHUNK])
        db.session.execute(update(table).where(chosen).values(values))


def _settle(merging: Merging, moved: repoint.Moved, followers: Mapping[str, repoint.Follower]) -> None:
    """Who sees what, at once for all: packages above follow the oversight themselves."""
    db.session.flush()
    rebuild_oversight()
    for key in sorted(followers):
        followers[key](merging, moved)
    db.session.flush()


def _record_merge(merging: Merging, made: OrganisationMerge, moved: repoint.Moved, reason: str) -> None:
    actor, duplicate, survivor = merging.actor, merging.duplicate, merging.survivor
    counts = {key: (None, len(numbers)) for key, numbers in moved.items() if numbers}
    folded = {FOLDED: (None, len(made.remembered[FOLDED]))} if made.remembered[FOLDED] else {}
    changes = {"status": ("active", "merged"), "merged_into": (None, survivor.name_zh), **counts, **folded}
    audit.record(actor, Action.ORGANISATION_MERGE, duplicate, changes, reason=reason)
    taken = {name: (values["survivor"], values["taken"]) for name, values in made.fields.items()}
    audit.record(
        actor, Action.ORGANISATION_MERGE, survivor, {"took_over": (None, duplicate.name_zh), **taken}, reason=reason
    )
