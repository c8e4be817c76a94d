"""Rows of the duplicate that stand beside a row of the survivor: both would say the same after a merge. 重复行."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased

from ...core.access.scope import without_scope
from ...core.db import db
from .. import repoint
from ..repoint import Merging, Pointer


def is_folded(pointer: Pointer, merging: Merging) -> ColumnElement[bool]:
    """Whether a row would be one too many after the merge."""
    if not pointer.beside:
        return false()
    of_the_duplicate = and_(pointer.column == merging.duplicate.id, pointer.only(merging))
    return or_(and_(of_the_duplicate, _lies_beside(pointer, merging)), pointer.folds(merging))


def _lies_beside(pointer: Pointer, merging: Merging) -> ColumnElement[bool]:
    """Whether the survivor has a row that is alike in the columns of `beside`."""
    other = aliased(pointer.column.class_)
    alike = [getattr(other, column.key) == column for column in pointer.beside]
    named = select(other.id).where(getattr(other, pointer.column.key) == merging.survivor.id, *alike)
    return named.exists()


def rows_to_fold(merging: Merging) -> dict[str, Sequence[int]]:
    """The rows that would be one too many, by the key of their column."""
    with without_scope():
        return {key: _rows(pointer, merging) for key, pointer in sorted(repoint.pointers.items()) if pointer.beside}


def _rows(pointer: Pointer, merging: Merging) -> Sequence[int]:
    number = pointer.column.class_.id
    return db.session.scalars(select(number).where(is_folded(pointer, merging)).order_by(number)).all()
