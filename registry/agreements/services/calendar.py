"""What the calendar does by itself, agreement by agreement. 日历推进.

The daily job runs the steps in batches; where one agreement fails, each is done alone, so that it keeps nobody else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import Select

from ...core.db import Identified, db

T = TypeVar("T", bound=Identified)
BATCH = 200


@dataclass(frozen=True)
class Step(Generic[T]):
    """Which rows are due on a day, missed days included, and what is done with one, which is not due any more then.

    With `locks` the rows are locked as they are read.
    """

    name: str
    row: type[T]
    due: Callable[[date], Select[T]]
    do: Callable[[T, date], None]
    locks: bool = True

    def __call__(self, day: date, only: int | None = None) -> int:
        """Do a batch, or the one with this id, in the caller's transaction; returns how many were due."""
        statement = self.due(day) if only is None else self.due(day).where(self.row.id == only)
        statement = statement.limit(BATCH)
        rows = db.session.scalars(statement.with_for_update(of=self.row) if self.locks else statement).all()
        for row in rows:
            self.do(row, day)
        return len(rows)

    def ids(self, day: date) -> Sequence[int]:
        """Everything that is due."""
        return db.session.scalars(self.due(day).with_only_columns(self.row.id)).all()
