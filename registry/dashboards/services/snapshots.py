"""Keeping a month's figures when it is over: by the daily job, or later by hand, and then it says so. 月末快照.

What was kept is never changed. A month is kept once for each organisation, whoever asks how often.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ...accounts.models import User, UserRole, UserStatus
from ...core.access.roles import BUSINESS
from ...core.access.scope import without_scope
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from ...organisations.models import Organisation, OrganisationStatus
from ..briefing import kept
from ..briefing.gathering import gather
from ..cut import Cut, month_of, shifted
from ..models import Snapshot
from ..pending import is_added_up
from ..policy import BRIEFED

# What is only known of the present is as good as that of the month's end for so long; then a snapshot is late (补编).
GRACE = timedelta(days=3)
# On these days of a month the job looks whether the month before was kept, so that a day that failed is made good.
KEEPING_DAYS = 10
# Months that nobody kept since the last one that was in time are made good, at most so many of them.
MOST_MISSED = 12


def briefed() -> Sequence[Organisation]:
    """Organisations that get a briefing: of such a kind, with somebody who works there."""
    working = select(User.organisation_id).join(UserRole, UserRole.user_id == User.id)
    working = working.where(User.status == UserStatus.ACTIVE, UserRole.role.in_(BUSINESS))
    statement = select(Organisation).where(
        Organisation.kind.in_(BRIEFED), Organisation.status == OrganisationStatus.ACTIVE, Organisation.id.in_(working)
    )
    return db.session.scalars(statement.order_by(Organisation.id)).all()


def is_over(month: int) -> bool:
    """Whether a month has ended."""
    return month < month_of(today())


def is_present(month: int) -> bool:
    """Whether a month is the present one."""
    return month == month_of(today())


def take(organisation: Organisation, month: int) -> Snapshot:
    """Keep a month's figures; the ones that were kept before, if any. Inside a transaction.

    Raises Conflict for a month that is not over, or while the worker is adding figures up: what was kept never changes.
    """
    if not is_over(month):
        raise Conflict(msg("This month is not over yet: its figures are kept when it is"))
    with without_scope():
        present = snapshot_of(organisation.id, month)
        if present is None and not is_added_up(organisation.id):
            raise Conflict(msg("Figures are still being added up; this month's can be kept when that is done"))
        return present or _take(organisation, month)


def snapshot_of(organisation_id: int, month: int) -> Snapshot | None:
    """What was kept of a month."""
    statement = select(Snapshot).where(Snapshot.organisation_id == organisation_id, Snapshot.month == month)
    return db.session.scalar(statement)


def _take(organisation: Organisation, month: int) -> Snapshot:
    last = Cut(month, month).last_day
    is_late = today() > last + GRACE
    content = kept.dump(gather(organisation, month, last, is_late=is_late))
    made = Snapshot(
        organisation_id=organisation.id,
        month=month,
        as_of=last,
        taken_at=now(),
        is_late=is_late,
        schema=kept.SCHEMA,
        content=content,
        sha256=kept.digest(content),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # somebody else kept it at the same moment
        return db.session.scalars(
            select(Snapshot).where(Snapshot.organisation_id == organisation.id, Snapshot.month == month)
        ).one()
    return made


def months_due(day: date) -> list[int]:
    """The month whose figures are to be kept on a day, if any: the one before, in the first days of a month."""
    return [shifted(month_of(day), -1)] if day.day <= KEEPING_DAYS else []


def months_missed(organisation_id: int, day: date) -> list[int]:
    """Months between the last one that was kept in time and the day's, that nobody kept; the oldest first.

    The daily run catches up on a month of days, so a longer stop leaves months out. An office without a month kept in
    time has missed none: what was before it began is drawn up by hand.
    """
    with without_scope():
        own = Snapshot.organisation_id == organisation_id
        last = db.session.scalar(select(func.max(Snapshot.month)).where(own, Snapshot.is_late.is_(False)))
        kept_already = set(db.session.scalars(select(Snapshot.month).where(own, Snapshot.month > (last or 0))))
    before = [shifted(month_of(day), -number) for number in range(MOST_MISSED, 0, -1)]
    return [month for month in before if last is not None and month > last and month not in kept_already]
