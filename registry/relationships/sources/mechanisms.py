"""Docking mechanisms: a running one is the second rung."""

from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from ...core.access.decision import Actor
from ...core.dates import Precision, today
from ...core.db import db
from ...core.i18n import msg
from ...mechanisms.enums import RUNNING
from ...mechanisms.models import DockingMechanism, MechanismParty, MechanismVisibility
from ...mechanisms.services import KIND
from ..enums import Level
from ..pairs import ANY, Pair, both_take_part
from .base import Entry, Fact, Source, latest

PARTIES = (MechanismParty.mechanism_id, MechanismParty.organisation_id)


def facts(pair: Pair) -> Sequence[Fact]:
    """Every mechanism between the two."""
    return [_fact(one) for one in db.session.scalars(_all(), pair.sides)]


@cache
def _all() -> Select[DockingMechanism]:
    statement = select(DockingMechanism).where(DockingMechanism.id.in_(both_take_part(PARTIES, ANY)))
    return statement.options(selectinload(DockingMechanism.parties))


def _fact(one: DockingMechanism) -> Fact:
    runs = one.stage in RUNNING
    return Fact(
        one.id,
        Level.MECHANISM if runs else Level.CONTACT,
        frozenset(one.party_ids),
        latest((one.last_met_on, one.established_on, one.ended_on), today()),
        one.next_meeting_on if runs else None,
    )


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each began, its meetings, the next one, its end."""
    seen = MechanismVisibility
    statement = (
        select(DockingMechanism)
        .join(seen, seen.record_id == DockingMechanism.id)
        .where(DockingMechanism.id.in_(both_take_part(PARTIES, pair)), seen.organisation_id == actor.organisation_id)
        .options(selectinload(DockingMechanism.meetings))
    )
    return [entry for one in db.session.scalars(statement) for entry in _entries(one)]


def _entries(one: DockingMechanism) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "mechanisms.show", one.public_id)
    began, known = msg("Mechanism established"), one.established_precision
    yield Entry(one.established_on, began, *same, "link-45deg", "ok", precision=known, note=str(one.stage.label))
    for meeting in one.meetings:
        first = meeting.decisions[0] if meeting.decisions else meeting.minutes
        yield Entry(meeting.held_on, msg("Meeting"), *same, "chat-left-text", note=first[:80])
    if one.ended_on:
        yield Entry(one.ended_on, msg("Mechanism ended"), *same, "stop-circle", note=one.end_reason)
    if one.next_meeting_on and one.stage in RUNNING:
        yield Entry(
            one.next_meeting_on, msg("Next meeting"), *same, "calendar-check", is_due=True, precision=Precision.DAY
        )


SOURCE = Source(KIND, facts, entries)
