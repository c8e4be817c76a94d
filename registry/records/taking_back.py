"""Taking back shared records that an import has just entered, while nothing else touched them. 撤回导入的记录.

They were never more than what a file said: the import keeps its rows, and the audit says what was taken back.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select

from ..core.dates import today
from ..core.db import db
from .happenings import Happening, Told, tell
from .models import Shared

CHUNK = 500


def take_back(kind: type[Shared], children: Sequence[Any], public_ids: Collection[str]) -> None:
    """Remove these records with what is theirs alone: `children` are the columns that point at them.

    The database refuses what something else points at.
    """
    wanted = list(public_ids)
    for start in range(0, len(wanted), CHUNK):
        found = db.session.scalars(select(kind).where(kind.public_id.in_(wanted[start : start + CHUNK]))).all()
        sides = {one.id: frozenset(one.party_ids) for one in found}
        for one in found:
            db.session.expunge(one)
        for column in (kind.visibility.record_id, *children):
            db.session.execute(delete(column.class_).where(column.in_(sides)))
        db.session.execute(delete(kind).where(kind.id.in_(sides)))
        for one in found:
            tell(Happening.RECORD_SETTLED, Told(one, today(), one.kind_code, one.public_id, sides[one.id]))
