"""What becomes of relationships when a university was entered twice. 关系随单位合并.

A relationship with a locality that the survivor has nothing to do with moves over. Where both have one, the duplicate's
is left empty and out of sight, its tasks move to the other, and its records count there; taking the merge back fills
it again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import aliased

from ..core.db import db
from ..core.i18n import msg
from ..organisations.repoint import Merging, Moved, Pointer, after_merging, after_parting, derived, follows, remembers
from ..tasks.models import Task
from . import reminders
from .models import Relationship, RelationshipSide
from .pairs import Pair
from .services import refresh, retitle

KEY, UNIVERSITY = "relationships", "relationship.university"


def _alone(merging: Merging) -> ColumnElement[bool]:
    """The survivor has no relationship with that locality."""
    other = aliased(Relationship)
    same = (other.locality_code == Relationship.locality_code, other.university_id == merging.survivor.id)
    return ~select(other.id).where(*same).exists()


LABEL = msg("Relationships with localities")
follows(Pointer(UNIVERSITY, LABEL, Relationship.university_id, _alone))
follows(Pointer("relationship.owner", LABEL, Relationship.owner_id, _alone))
derived(RelationshipSide.organisation_id)


@remembers(KEY)
def remember(merging: Merging, moved: Moved) -> list[dict[str, Any]]:
    """Localities with which both have a relationship, and the tasks that are about the duplicate's."""
    return [_pair_of(mine, merging) for mine in _of(merging.duplicate.id) if mine.id not in moved[UNIVERSITY]]


def _pair_of(mine: Relationship, merging: Merging) -> dict[str, Any]:
    theirs = db.session.scalars(
        select(Relationship).where(
            Relationship.locality_code == mine.locality_code, Relationship.university_id == merging.survivor.id
        )
    ).one()
    about = select(Task.id).where(Task.subject_kind == Relationship.kind_code, Task.subject_public_id == mine.public_id)
    tasks = list(db.session.scalars(about.order_by(Task.id)))
    return {"locality": mine.locality_code, "from": mine.public_id, "to": theirs.public_id, "tasks": tasks}


def _of(university_id: int) -> Sequence[Relationship]:
    statement = select(Relationship).where(Relationship.university_id == university_id)
    return db.session.scalars(statement.order_by(Relationship.id)).all()


@after_merging(KEY)
def fold(merging: Merging, moved: Moved) -> None:
    """One relationship for each locality; the other is empty by now, and nobody's."""
    for both in merging.remembered.get(KEY, ()):
        _point(both["tasks"], both["to"])
    for relationship in _of(merging.duplicate.id):
        reminders.settle(relationship)
    _in_step(merging, moved)


@after_parting(KEY)
def unfold(merging: Merging, moved: Moved) -> None:
    """Each has its own again."""
    for both in merging.remembered.get(KEY, ()):
        _point(both["tasks"], both["from"])
    _in_step(merging, moved)


def _in_step(merging: Merging, moved: Moved) -> None:
    for relationship in _moved(moved):
        retitle(relationship)
    localities = {one.locality_code for one in _moved(moved)}
    localities |= {both["locality"] for both in merging.remembered.get(KEY, ())}
    for locality in sorted(localities):
        for organisation in (merging.duplicate, merging.survivor):
            refresh(Pair(locality, organisation.id))


def _moved(moved: Moved) -> Iterator[Relationship]:
    numbers = moved.get(UNIVERSITY, ())
    yield from db.session.scalars(select(Relationship).where(Relationship.id.in_(numbers))) if numbers else ()


def _point(tasks: Sequence[int], public_id: str) -> None:
    if tasks:
        about = update(Task).where(Task.id.in_(tasks)).values(subject_public_id=public_id)
        db.session.execute(about.execution_options(synchronize_session=False))
        db.session.expire_all()
