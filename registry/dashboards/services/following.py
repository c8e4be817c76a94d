"""Hearing of changes: what is told, what the session writes, organisations that move, days that come. 变更监听."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from ...core.access.scope import without_scope
from ...core.db import db, transaction
from ...core.i18n import msg
from ...jobs.daily import daily
from ...jobs.registry import handles
from ...organisations.models import Organisation, Region, WorkdayOverride, WorkdayYear
from ...organisations.repoint import derived
from ...records.happenings import Happening, Told, hears
from ..facts.base import Source
from ..facts.catalogue import BY_KIND, SOURCES
from ..models import OverviewChange, OverviewShare, OverviewTotal
from ..pending import FOLLOW_JOB
from . import keeping
from .folding import fold_all
from .keeping import (
    EVERYTHING,
    MOVED_AWAY,
    READERS,
    TOUCHED,
    bring_in_step,
    touch,
    touch_everything,
    touch_organisation,
)

WATCHED: dict[type[Any], list[tuple[str, str]]] = {}
for source in SOURCES:
    for model, name in source.watched.items():
        WATCHED.setdefault(model, []).append((source.kind, name))
PLACED_BY = ("region_code", "kind")
COUNTED_FOR = ("is_reporting_locality", "parent_code")
# Whoever sees a record after a merge is told by its visibility, and by what is told of it.
derived(OverviewTotal.organisation_id, OverviewChange.organisation_id)
IN_JOB = 50  # records brought in step in one transaction of the worker


@hears(Happening.RECORD_SETTLED)
def follow(told: Told) -> None:
    """A record of which somebody tells, whoever wrote it and however."""
    if told.kind in BY_KIND:
        touch(told.kind, told.subject.id)


@event.listens_for(Session, "after_flush")
def notice(session: Session, _context: object) -> None:
    """Whatever the session writes of what is watched."""
    for row in (*session.new, *session.dirty, *session.deleted):
        for kind, name in WATCHED.get(type(row), ()):
            number = row.__dict__.get(name)
            if number is not None:
                touch(kind, number)
        if isinstance(row, Organisation) and row in session.dirty and _has_changed(row, PLACED_BY):
            touch_organisation(row.id)
        if isinstance(row, (WorkdayYear, WorkdayOverride)) or (
            isinstance(row, Region) and row in session.dirty and _has_changed(row, COUNTED_FOR)
        ):
            touch_everything()


def _has_changed(row: Any, names: Sequence[str]) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """Nothing has changed after all."""
    if not session.in_nested_transaction():
        session.info.pop(TOUCHED, None)
        session.info.pop(MOVED_AWAY, None)
        session.info.pop(EVERYTHING, None)
        session.info.pop(READERS, None)


@handles(FOLLOW_JOB, title=msg("Overview: bring sums in step"))
def follow_later(payload: Mapping[str, Any]) -> None:
    """Bring in step what was too much for one request; some records in each transaction."""
    of_kind = BY_KIND[payload["kind"]]
    for chunk in keeping.chunks(sorted(payload["records"]), IN_JOB):
        with transaction(), without_scope():
            bring_in_step(of_kind, chunk)


@daily("overview.dates", msg("Overview: what a new day changes"))
def turn_the_day(day: date) -> None:
    """Read anew what gives something else by date alone, and fold what is left to fold."""
    for one in SOURCES:
        _turn(one, day)
    fold_all()


def _turn(source: Source, day: date) -> None:
    share, last = OverviewShare, 0
    while True:
        statement = select(share.record_id).where(share.kind == source.kind, share.record_id > last)
        due = statement.where(share.again_on <= day).order_by(share.record_id).limit(keeping.CHUNK)
        with transaction(), without_scope():
            numbers = db.session.scalars(due).all()
            if numbers:
                bring_in_step(source, numbers)
        if not numbers:
            return
        last = numbers[-1]
