"""Agreements by title, number and who is bound; and signing events by title and place. 协议、签约活动."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, select

from ...agreements.badges import tone
from ...agreements.labels import label
from ...agreements.models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    AgreementVisibility,
    ClosureOutcome,
    SigningEvent,
)
from ...core.access.actions import Action
from ...core.db import db
from ...core.i18n import msg
from ...organisations.models import Oversight
from .base import Found, Party, Seen, Source, State, grouped

EVENT = "event"


def read(ids: Collection[int]) -> Iterator[Found]:
    """Whoever is about to join by a text that is not in force yet is named by nobody but its owner: left out."""
    parties, readers = _parties(ids), _readers(ids)
    columns: tuple[Any, ...] = (
        Agreement.id,
        Agreement.public_id,
        Agreement.sort_on,
        Agreement.status,
        Agreement.outcome,
        Agreement.title_zh,
        Agreement.title_en,
        Agreement.number,
        Agreement.is_demo,
    )
    for row in db.session.execute(select(*columns).where(Agreement.id.in_(ids))):
        yield _found(row, frozenset(readers.get(row.id, ())), tuple(parties.get(row.id, ())))


def _found(row: Row[Any], readers: frozenset[int], parties: tuple[Party, ...]) -> Found:
    return Found(
        row.id,
        row.public_id,
        row.sort_on,
        str(row.outcome or row.status),
        row.title_zh,
        row.title_en,
        readers,
        row.is_demo,
        (row.number,) if row.number else (),
        parties=parties,
    )


def _parties(ids: Collection[int]) -> dict[int, list[Party]]:
    party = AgreementParty
    bound = (party.agreement_id.in_(ids), party.position > 0, party.is_bound.is_(True))
    columns: tuple[Any, ...] = (party.agreement_id, party.organisation_id, party.snapshot_name, party.name_as_reported)
    return grouped(select(*columns).where(*bound).order_by(party.agreement_id, party.position))


def _readers(ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    seen = AgreementVisibility
    statement = select(seen.agreement_id, seen.organisation_id).where(seen.agreement_id.in_(ids))
    for agreement_id, organisation_id in db.session.execute(statement):
        found.setdefault(agreement_id, set()).add(organisation_id)
    return found


def events_of(ids: Collection[int]) -> Iterator[tuple[str, int]]:
    """The events at which these agreements were, or are to be, signed."""
    column = Agreement.signing_event_id
    for event_id in db.session.scalars(select(column).where(Agreement.id.in_(ids), column.is_not(None)).distinct()):
        yield EVENT, event_id or 0


def state(code: str) -> State:
    """The outcome of a closed one, else the status."""
    if code in set(ClosureOutcome):
        return label(ClosureOutcome(code)), tone(AgreementStatus.CLOSED)
    return label(AgreementStatus(code)), tone(AgreementStatus(code))


def read_events(ids: Collection[int]) -> Iterator[Found]:
    """Seen by the host, who oversees it, and whoever sees one of its agreements (see `models.event.seen_by`)."""
    readers = _event_readers(ids)
    event = SigningEvent
    common = (event.id, event.public_id, event.sort_on, event.title_zh, event.title_en, event.is_demo)
    for row in db.session.execute(select(*common, event.place, event.owner_id).where(event.id.in_(ids))):
        yield Found(
            row.id,
            row.public_id,
            row.sort_on,
            "",
            row.title_zh,
            row.title_en,
            frozenset({row.owner_id, *readers.get(row.id, ())}),
            row.is_demo,
            words=(row.place,) if row.place else (),
            parties=(Party(row.owner_id),),
        )


def _event_readers(ids: Collection[int]) -> dict[int, set[int]]:
    over = select(SigningEvent.id, Oversight.overseer_id).join(
        Oversight, Oversight.organisation_id == SigningEvent.owner_id
    )
    seen = select(Agreement.signing_event_id, AgreementVisibility.organisation_id).join(
        AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id
    )
    both = over.where(SigningEvent.id.in_(ids)).union(seen.where(Agreement.signing_event_id.in_(ids)))
    found: dict[int, set[int]] = {}
    for event_id, organisation_id in db.session.execute(both):
        found.setdefault(event_id, set()).add(organisation_id)
    return found


AGREEMENTS = Source(
    "agreement",
    msg("Agreements"),
    "agreements.show",
    "file-earmark-text",
    Action.AGREEMENT_VIEW,
    Agreement,
    read,
    state,
    Seen(AgreementVisibility.agreement_id, AgreementVisibility.organisation_id, AgreementVisibility.sort_on),
    {Agreement: "id", AgreementVisibility: "agreement_id", AgreementParty: "agreement_id"},
    events_of,
)
EVENTS = Source(
    EVENT,
    msg("Signing events"),
    "events.show",
    "calendar-check",
    Action.EVENT_VIEW,
    SigningEvent,
    read_events,
    lambda _code: None,
    watched={SigningEvent: "id", Agreement: "signing_event_id"},
)
