"""Taking rows out that would name one organisation twice in one record, and putting them back as they were. 合并重复行.

A list with places closes its gap, and opens it again: both in single steps, since places are unique.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, update

from ...core.db import Model, db
from .. import repoint
from ..queries.folding import rows_to_fold
from ..repoint import Merging, Pointer

Row = dict[str, Any]
Folded = list[tuple[str, Row]]


def fold(merging: Merging) -> Folded:
    """Take them out; returns them whole, by the key of their column, in what JSON can hold."""
    taken: Folded = []
    for key, numbers in rows_to_fold(merging).items():
        pointer = repoint.pointers[key]
        table = _table(pointer)
        for number in reversed(numbers):
            row = dict(db.session.execute(select(table).where(table.c.id == number)).mappings().one())
            db.session.execute(delete(table).where(table.c.id == number))
            _shift(pointer, row, -1)
            taken.append((key, {name: _plain(value) for name, value in row.items()}))
    return taken


def unfold(folded: Sequence[Sequence[Any]]) -> None:
    """Put them back, the last one first, each in its place or at the end of a list that is shorter by now."""
    for key, kept in reversed(folded):
        pointer = repoint.pointers[key]
        table = _table(pointer)
        row = {name: _full(table, name, value) for name, value in kept.items() if name in table.c}
        if "position" in row:
            row["position"] = min(row["position"], _last(pointer, row) + 1)
            _shift(pointer, row, 1)
        if db.session.scalar(select(table.c.id).where(table.c.id == row["id"])) is not None:
            del row["id"]  # SQLite gives the number of a row that was taken out to the next one
        db.session.execute(insert(table).values(row))


def _table(pointer: Pointer) -> Table:
    return cast("Table", cast("type[Model]", pointer.column.class_).__table__)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _full(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type.python_type
    return kind.fromisoformat(value) if value is not None and issubclass(kind, date) else value


def _shift(pointer: Pointer, row: Mapping[str, Any], by: int) -> None:
    """Move what stands behind a place one on or back, whatever is in the way first."""
    table = _table(pointer)
    if "position" not in table.c:
        return
    place = table.c.position
    behind = [place > row["position"] if by < 0 else place >= row["position"], *_siblings(pointer, row)]
    order = place if by < 0 else place.desc()
    for number in db.session.scalars(select(table.c.id).where(*behind).order_by(order)).all():
        db.session.execute(update(table).where(table.c.id == number).values(position=place + by))


def _last(pointer: Pointer, row: Mapping[str, Any]) -> int:
    table = _table(pointer)
    return db.session.scalar(select(func.max(table.c.position)).where(*_siblings(pointer, row))) or 0


def _siblings(pointer: Pointer, row: Mapping[str, Any]) -> list[Any]:
    """Of the same record: the first column of `beside` names it."""
    parent = _table(pointer).c[pointer.beside[0].key]
    return [parent == row[parent.name]]
