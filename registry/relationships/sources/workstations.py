"""Workstations: one that runs is the third rung."""

from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.i18n import msg
from ...workstations.enums import WorkstationState
from ...workstations.models import Workstation, WorkstationFounder, WorkstationVisibility
from ...workstations.services import KIND
from ..enums import Level
from ..pairs import ANY, AnyPair, Pair, local_organisations
from .base import Entry, Fact, Source, latest


def facts(pair: Pair) -> Sequence[Fact]:
    """Every station that the locality runs at the university."""
    return [_fact(one) for one in db.session.scalars(_all(), pair.sides)]


@cache
def _all() -> Select[Workstation]:
    return select(Workstation).where(Workstation.id.in_(_between(ANY))).options(selectinload(Workstation.founders))


def _between(pair: Pair | AnyPair) -> Select[int]:
    founder = WorkstationFounder
    return (
        select(Workstation.id)
        .join(founder, founder.workstation_id == Workstation.id)
        .where(Workstation.host_id == pair.university, founder.organisation_id.in_(local_organisations(pair.locality)))
    )


def _fact(one: Workstation) -> Fact:
    return Fact(
        one.id,
        Level.WORKSTATION if one.is_running else Level.CONTACT,
        frozenset(one.party_ids),
        latest((one.last_active_on, one.started_on, one.unveiled_on), today()),
        one.term_until if one.is_running and one.term_until and one.term_until >= today() else None,
    )


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """Its unveiling, its start, the last sign of life, the state that it is in, the end of its term."""
    seen = WorkstationVisibility
    statement = (
        select(Workstation)
        .join(seen, seen.record_id == Workstation.id)
        .where(Workstation.id.in_(_between(pair)), seen.organisation_id == actor.organisation_id)
    )
    return [entry for one in db.session.scalars(statement) for entry in _entries(one)]


def _entries(one: Workstation) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "workstations.show", one.public_id)
    if one.unveiled_on or not one.started_on:
        yield Entry(one.unveiled_on, msg("Workstation unveiled"), *same, "building", "ok", one.unveiled_precision)
    if one.started_on and one.started_on != one.unveiled_on:
        yield Entry(one.started_on, msg("Workstation in operation"), *same, "building", "ok")
    if one.last_active_on:
        yield Entry(one.last_active_on, msg("Last activity of the workstation"), *same, "calendar-check")
    if one.state not in (WorkstationState.PREPARING, WorkstationState.OPERATING):
        yield Entry(one.state_since, one.state.label, *same, "pause-circle", one.state.tone, note=one.state_reason)
    if one.term_until and one.is_running:
        ahead = one.term_until >= today()
        yield Entry(one.term_until, msg("End of the workstation's term"), *same, "calendar-check", is_due=ahead)


SOURCE = Source(KIND, facts, entries)
