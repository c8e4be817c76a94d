"""Whose ledger somebody reads: their own organisation's, or that of one which theirs oversees. 台账主体."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select

from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import NotFound
from ...organisations.models import Organisation, Oversight
from ..enums import Bucket, Part
from ..models import CommitmentTotal, PeriodStanding

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Of:
    """An organisation, by its id."""

    organisation_id: int


def seen_from(public_id: str, actor: Actor) -> Organisation:
    """The organisation named, or the actor's own where none is. Raises NotFound for one outside the actor's scope."""
    if not public_id:
        return db.session.get_one(Organisation, actor.organisation_id)
    statement = select(Organisation).where(Organisation.public_id == public_id, _is_seen(actor))
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def _is_seen(actor: Actor) -> Any:
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)
    return or_(Organisation.id == actor.organisation_id, Organisation.id.in_(below))


def with_promises(actor: Actor, offset: int, limit: int) -> Sequence[Row[Any]]:
    """Organisations that the actor sees and that have promised or were promised something, in the order of regions."""
    has_some = select(CommitmentTotal.organisation_id).where(CommitmentTotal.organisation_id == Organisation.id)
    columns: tuple[Any, ...] = (
        Organisation.id,
        Organisation.public_id,
        Organisation.name_zh,
        Organisation.name_en,
        Organisation.kind,
    )
    statement = select(*columns).where(_is_seen(actor), has_some.exists())
    order = (Organisation.region_code, Organisation.id)
    return db.session.execute(statement.order_by(*order).offset(offset).limit(limit)).all()


def overdue_of(organisation_ids: Sequence[int], day: date) -> dict[tuple[int, Part], int]:
    """How many periods of each are open though their day is past."""
    standing = PeriodStanding
    statement = (
        select(standing.organisation_id, standing.part, func.count())
        .where(
            standing.organisation_id.in_(organisation_ids),
            standing.bucket == Bucket.OPEN,
            standing.due_on <= day - ONE_DAY,
        )
        .group_by(standing.organisation_id, standing.part)
    )
    return {(organisation_id, part): number for organisation_id, part, number in db.session.execute(statement)}
