"""The matrix of localities and universities: how far a pair has come, what is due, how long it is silent. 校地矩阵."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...organisations.models import Organisation
from ...relationships.enums import Level
from ...relationships.models import Relationship, RelationshipVisibility
from ...relationships.queries import is_dormant
from ..cut import Cut
from .places import localities_counted

MOST = 30  # universities; a page that shows more is not read


@dataclass(frozen=True)
class Pair:
    """A locality and a university that have anything between them."""

    public_id: str
    level: Level
    next_due_on: date | None
    last_active_on: date | None
    is_dormant: bool

    def silent_days(self, day: date) -> int | None:
        """Days since the last thing that happened; None where no day is known."""
        return None if self.last_active_on is None else max((day - self.last_active_on).days, 0)


@dataclass(frozen=True)
class Matrix:
    """Rows are universities, those with the most localities first; `more` says that there are others."""

    universities: Sequence[Row[*tuple[Any, ...]]]
    pairs: Mapping[tuple[str, int], Pair]
    more: int


def by_pair(actor: Actor, cut: Cut, most: int = MOST) -> Matrix:
    """The relationships that the reader sees, as they stand today. Two statements, and no more than `most` rows."""
    seen = _seen(actor, cut)
    number = func.count(Relationship.id)
    columns = (Organisation.id, Organisation.public_id, Organisation.name_zh, Organisation.name_en)
    statement = (
        select(*columns, func.count().over().label("total"))
        .join(Relationship, Relationship.university_id == Organisation.id)
        .join(RelationshipVisibility, RelationshipVisibility.record_id == Relationship.id)
        .where(*seen)
        .group_by(*columns)
        .order_by(number.desc(), Organisation.id)
        .limit(most)
    )
    rows = db.session.execute(statement).all()
    pairs = _pairs(seen, [row.id for row in rows]) if rows else {}
    return Matrix(rows, pairs, rows[0].total - len(rows) if rows else 0)


def _seen(actor: Actor, cut: Cut) -> Sequence[ColumnElement[bool]]:
    """With reporting localities only: they are the columns."""
    found = [
        RelationshipVisibility.organisation_id == actor.organisation_id,
        Relationship.locality_code.in_([cut.locality] if cut.locality else localities_counted()),
    ]
    return [*found, Relationship.university_id == cut.university_id] if cut.university_id else found


def _pairs(seen: Sequence[ColumnElement[bool]], universities: Collection[int]) -> dict[tuple[str, int], Pair]:
    columns: tuple[Any, ...] = (
        Relationship.locality_code, Relationship.university_id, Relationship.public_id, Relationship.level
    )  # fmt: skip
    statement = (
        select(*columns, Relationship.next_due_on, Relationship.last_active_on, is_dormant(today()))
        .join(RelationshipVisibility, RelationshipVisibility.record_id == Relationship.id)
        .where(*seen, Relationship.university_id.in_(universities))
    )
    return {(row[0], row[1]): Pair(*tuple(row)[2:]) for row in db.session.execute(statement)}
