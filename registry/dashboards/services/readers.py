"""Organisations that come to read figures, or no longer do: the first account, accounts that move. 统计读者.

Sums are kept for organisations in which somebody has an account (see `facts.base.viewers_of`).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from ...accounts.models import User
from ...accounts.services.reorganising import USERS
from ...core.access.scope import without_scope
from ...core.db import at_the_end, db, transaction
from ...core.i18n import msg
from ...jobs.registry import handles
from ...organisations.models import Organisation
from ...organisations.repoint import Merging, Moved, after_merging, after_parting
from ..facts.catalogue import SOURCES
from .keeping import READER_JOB, bring_in_step, chunks, touch_reader

FRESH = "overview.fresh"  # organisations of this transaction: nobody else has told them anything yet


@event.listens_for(Session, "after_flush")
def notice(session: Session, _context: object) -> None:
    """Whoever is the first with an account makes a reader of an organisation, unless it is as new itself."""
    fresh = {one.id for one in session.new if isinstance(one, Organisation)}
    if fresh:
        session.info.setdefault(FRESH, set()).update(fresh)
    users = [one for one in session.new if isinstance(one, User)]
    wanted = {one.organisation_id for one in users} - session.info.get(FRESH, set())
    if wanted:
        others = User.organisation_id.in_(wanted) & User.id.not_in([one.id for one in users])
        known = session.connection().scalars(select(User.organisation_id).where(others).distinct())
        for organisation_id in wanted.difference(known):
            touch_reader(organisation_id)


@at_the_end
def forget() -> None:
    """The next transaction finds organisations that others know, too."""
    db.session().info.pop(FRESH, None)


@event.listens_for(Session, "after_rollback")
def forget_too(session: Session) -> None:
    """Nothing came to be after all."""
    if not session.in_nested_transaction():
        session.info.pop(FRESH, None)


@after_merging("overview")
@after_parting("overview")
def follow(merging: Merging, moved: Moved) -> None:
    """Accounts that moved make a reader of where they went, and none of where they were."""
    if moved.get(USERS):
        touch_reader(merging.duplicate.id)
        touch_reader(merging.survivor.id)


@handles(READER_JOB, title=msg("Overview: add up for a new reader"))
def enter_reader(payload: Mapping[str, Any]) -> None:
    """Bring in step all that an organisation sees; some records in each transaction, and twice is as good as once."""
    for source in SOURCES:
        with without_scope():
            numbers = sorted(db.session.scalars(source.seen_by(payload["organisation"])))
        db.session.rollback()
        for chunk in chunks(numbers):
            with transaction(), without_scope():
                bring_in_step(source, chunk)
