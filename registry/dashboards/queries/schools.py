"""The relationships of localities and universities, for the matrix. 覆盖矩阵。"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from ...core.access.decision import Actor
from ...core.db import db
from ...core.i18n import Either, Message
from ...organisations.models import Organisation, Region
from ...relationships.models import Relationship, RelationshipVisibility

MOST_SCHOOLS = 400


@dataclass(frozen=True)
class School:
    """A university that has something with a reporting locality; `localities` says with how many of them."""

    id: int
    public_id: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    localities: int

    @property
    def name(self) -> Message:
        """In full."""
        return Either(self.name_zh, self.name_en)

    @property
    def short(self) -> Message:
        """As short as it is usual."""
        return Either(self.short_zh or self.name_zh, self.short_en or self.name_en)


def list_schools(actor: Actor) -> list[School]:
    """Universities of which the reader sees a relationship, in the order of their codes; one statement.

    As many rows as there are such universities, at most MOST_SCHOOLS; it reads one row for each relationship.
    """
    columns: tuple[Any, ...] = (
        Organisation.id,
        Organisation.public_id,
        Organisation.name_zh,
        Organisation.name_en,
        Organisation.short_zh,
        Organisation.short_en,
    )
    number = func.count().label("localities")
    statement = (
        _seen(select(*columns, number), actor)
        .join(Organisation, Organisation.id == Relationship.university_id)
        .group_by(*columns, Organisation.moe_code)
        .order_by(Organisation.moe_code.is_(None), Organisation.moe_code, Organisation.id)
        .limit(MOST_SCHOOLS)
    )
    return [School(*row) for row in db.session.execute(statement)]


def list_cells(actor: Actor, school_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The relationships of these universities with reporting localities, as far as the reader sees them."""
    columns: tuple[Any, ...] = (
        Relationship.locality_code,
        Relationship.university_id,
        Relationship.public_id,
        Relationship.level,
        Relationship.last_active_on,
        Relationship.next_due_on,
        Relationship.quiet_said_on,
    )
    of_these: ColumnElement[bool] = Relationship.university_id.in_(school_ids)
    return db.session.execute(_seen(select(*columns), actor).where(of_these)).all() if school_ids else []


def _seen(statement: Select[Any], actor: Actor) -> Select[Any]:
    seen = RelationshipVisibility
    return (
        statement.join_from(seen, Relationship, Relationship.id == seen.record_id)
        .join(Region, Region.code == Relationship.locality_code)
        .where(seen.organisation_id == actor.organisation_id, Region.is_reporting_locality.is_(True))
    )
