"""Organisations that come to read figures, or no longer do: the first account, accounts that move. 统计读者.

Sums are kept for organisations in which somebody has an account (see `facts.base.viewers_of`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import event, inspect, select
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
from ..pending import READER_JOB
from .keeping import bring_in_step, chunks, touch_reader

FRESH = "overview.fresh"  # organisations of this transaction: nobody else has told them anything yet
LONG = timedelta(hours=3)  # a province sees everything


@event.listens_for(Session, "after_flush")
def notice(session: Session, _context: object) -> None:
    """Whoever is the first with an account makes a reader of an organisation, unless it is as new itself.

    So does who moves there; where they were, nobody may be left.
    """
    fresh = {one.id for one in session.new if isinstance(one, Organisation)}
    if fresh:
        session.info.setdefault(FRESH, set()).update(fresh)
    new = [one for one in session.new if isinstance(one, User)]
    moved = {one: before for one in session.dirty if isinstance(one, User) and (before := _came_from(one))}
    came = [*new, *moved]
    wanted = {one.organisation_id for one in came} - session.info.get(FRESH, set())
    for organisation_id in wanted - _with_accounts(session, wanted, [one.id for one in came]):
        touch_reader(organisation_id)
    left = set(moved.values())
    for organisation_id in left - _with_accounts(session, left):
        touch_reader(organisation_id)


def _came_from(user: User) -> int | None:
    """The organisation that an account has just left."""
    before: Sequence[int] = inspect(user).attrs.organisation_id.history.deleted or ()
    return before[0] if before else None


def _with_accounts(session: Session, organisations: Collection[int], without: Collection[int] = ()) -> set[int]:
    """Those in which somebody has an account, but for some people; asked beside the session, which is writing."""
    if not organisations:
        return set()
    others = User.organisation_id.in_(organisations) & User.id.not_in(without)
    return set(session.connection().scalars(select(User.organisation_id).where(others).distinct()))


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


@handles(READER_JOB, LONG, msg("Overview: add up for a new reader"))
def enter_reader(payload: Mapping[str, Any]) -> None:
    """Bring in step all that an organisation sees; some records in each transaction, and twice is as good as once."""
    for source in SOURCES:
        with without_scope():
            numbers = sorted(db.session.scalars(source.seen_by(payload["organisation"])))
        db.session.rollback()
        for chunk in chunks(numbers):
            with transaction(), without_scope():
                bring_in_step(source, chunk)
