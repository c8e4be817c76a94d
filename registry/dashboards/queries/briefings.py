"""Briefings that the reader's organisation has. 专报查询."""

from collections.abc import Sequence

from sqlalchemy import select

from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import NotFound, Stale
from ...records.queries import LAST_CHANGES, history
from ..models import Briefing, BriefingItem, Snapshot

MOST = 36  # months on the page of all


def list_briefings(actor: Actor, before: int = 999_912) -> Sequence[Briefing]:
    """The newest first, those of months before one; MOST and one more, which tells that there are older ones."""
    statement = select(Briefing).where(Briefing.organisation_id == actor.organisation_id, Briefing.month < before)
    return db.session.scalars(statement.order_by(Briefing.month.desc()).limit(MOST + 1)).all()


def get_briefing(actor: Actor, month: int) -> Briefing:
    """The briefing of a month. Raises NotFound."""
    statement = select(Briefing).where(Briefing.organisation_id == actor.organisation_id, Briefing.month == month)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def get_for_change(actor: Actor, month: int, version: int) -> Briefing:
    """The same, locked, to be changed from the version that the form was made of. Raises NotFound, Stale."""
    statement = select(Briefing).where(Briefing.organisation_id == actor.organisation_id, Briefing.month == month)
    found = db.session.scalar(statement.with_for_update(of=Briefing))
    if found is None:
        raise NotFound
    if found.row_version != version:
        raise Stale(changes=history(found, LAST_CHANGES))
    return found


def get_item(public_id: str, actor: Actor) -> BriefingItem:
    """A sentence of an issued briefing of the reader's organisation. Raises NotFound."""
    statement = (
        select(BriefingItem)
        .join(Briefing, Briefing.id == BriefingItem.briefing_id)
        .where(BriefingItem.public_id == public_id, Briefing.organisation_id == actor.organisation_id)
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def items_of(briefing: Briefing) -> dict[str, BriefingItem]:
    """Its sentences by their codes."""
    return {item.code: item for item in briefing.items}


def snapshots_of(actor: Actor, months: Sequence[int]) -> Sequence[Snapshot]:
    """What was kept of some months."""
    statement = select(Snapshot).where(Snapshot.organisation_id == actor.organisation_id, Snapshot.month.in_(months))
    return db.session.scalars(statement.order_by(Snapshot.month)).all()
