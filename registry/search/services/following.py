"""Hearing of changes: rows as the session writes them, records as they are told of, merges. 变更监听."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from ...agreements.models import SigningEvent
from ...core.access.scope import without_scope
from ...core.db import db
from ...organisations.models import Organisation, Region
from ...organisations.repoint import Merging, Moved, after_merging, after_parting
from ...organisations.services.oversight import follows_oversight
from ...records.happenings import Happening, Told, hears
from ..sources.agreements import EVENT
from ..sources.catalogue import SOURCES
from ..sources.organisations import KIND as ORGANISATION
from .keeping import TOUCHED, touch

OF_MODEL = {source.model: source.kind for source in SOURCES}
WATCHED: dict[type[Any], list[tuple[str, str]]] = {}
for source in SOURCES:
    for model, name in source.watched.items():
        WATCHED.setdefault(model, []).append((source.kind, name))


@event.listens_for(Session, "after_flush")
def notice(session: Session, _context: object) -> None:
    """Whatever the session writes of what is watched."""
    for row in (*session.new, *session.dirty, *session.deleted):
        for kind, name in WATCHED.get(type(row), ()):
            for number in _values(row, name, row in session.deleted):
                touch(kind, number)
        if isinstance(row, Organisation):
            for number in _values(row, "merged_into_id", is_gone=False):
                touch(ORGANISATION, number)
        if isinstance(row, Region) and _is_renamed(row):
            for number in _lying_in(session, row):
                touch(ORGANISATION, number)


def _is_renamed(region: Region) -> bool:
    return any(inspect(region).attrs[name].history.deleted for name in ("name_zh", "name_en"))


def _lying_in(session: Session, region: Region) -> Collection[int]:
    """Organisations whose entries tell the region; asked beside the session, which is writing."""
    lying = select(Organisation.id).where(Organisation.region_code == region.code)
    return session.connection().scalars(lying).all()


def _values(row: Any, name: str, is_gone: bool) -> Iterator[int]:
    """What a column says now, and what it said before; what is gone cannot be read anew."""
    now = row.__dict__.get(name) if is_gone else getattr(row, name)
    before = inspect(row).attrs[name].history.deleted or ()
    yield from (number for number in (now, *before) if number is not None)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """Nothing has changed after all."""
    if not session.in_nested_transaction():
        session.info.pop(TOUCHED, None)


@hears(Happening.RECORD_SETTLED)
def follow(told: Told) -> None:
    """A record of which somebody tells, whoever wrote it and however."""
    kind = OF_MODEL.get(type(told.subject))
    if kind:
        touch(kind, told.subject.id)


@after_merging("search")
@after_parting("search")
def follow_merge(merging: Merging, moved: Moved) -> None:
    """Both organisations are called otherwise now; events were moved without a word."""
    touch(ORGANISATION, merging.duplicate.id)
    touch(ORGANISATION, merging.survivor.id)
    for number in moved.get("event.owner", ()):
        touch(EVENT, number)


@follows_oversight
def follow_oversight(organisation_ids: Collection[int]) -> None:
    """Who stands above a host sees its events; all other records bring their own rows of readers in step."""
    ordered = sorted(organisation_ids)
    with without_scope():
        for start in range(0, len(ordered), 500):
            hosted = select(SigningEvent.id).where(SigningEvent.owner_id.in_(ordered[start : start + 500]))
            for number in db.session.scalars(hosted):
                touch(EVENT, number)
