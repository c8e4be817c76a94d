"""Signing events, and of their agreements those that the reader sees. 签约活动查询."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ...audit.queries import history_of
from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import NotFound, Stale
from ...organisations.models import Organisation, Oversight
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementStatus,
    AgreementVisibility,
    DocumentKind,
    EventScan,
    Signatory,
    SigningEvent,
    TableTick,
)
from ..models.event import seen_by

LAST_CHANGES = 5
SCANS_SHOWN = 200
LINKABLE = 200
LINKABLE_STATES = (
    AgreementStatus.DRAFT,
    AgreementStatus.REVIEW,
    AgreementStatus.NEGOTIATION,
    AgreementStatus.SIGNING,
    AgreementStatus.SIGNED,
    AgreementStatus.IN_FORCE,
    AgreementStatus.RECORDED_PENDING,
)
COLUMNS = (
    SigningEvent.id,
    SigningEvent.public_id,
    SigningEvent.title_zh,
    SigningEvent.title_en,
    SigningEvent.held_on,
    SigningEvent.held_precision,
    SigningEvent.place,
    SigningEvent.source,
    SigningEvent.is_demo,
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)


@dataclass(frozen=True)
class Programme:
    """The agreements of an event that the reader sees, in the order of signing, and how many others there are."""

    agreements: Sequence[Agreement]
    untold: int


def list_events(actor: Actor, offset: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of events that the actor's organisation sees, the newest first, as rows of COLUMNS."""
    statement = (
        select(*COLUMNS)
        .join(Organisation, Organisation.id == SigningEvent.owner_id)
        .where(seen_by(actor.organisation_id))
        .order_by(SigningEvent.sort_on.desc(), SigningEvent.id.desc())
    )
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def count_events(actor: Actor, limit: int) -> int:
    """How many there are, counted up to `limit` + 1."""
    found = select(SigningEvent.id).where(seen_by(actor.organisation_id)).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def agreements_in(actor: Actor, event_ids: Sequence[int]) -> dict[int, int]:
    """How many agreements of each event the actor's organisation sees, in one query."""
    statement = (
        select(Agreement.signing_event_id, func.count())
        .join(AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id)
        .where(Agreement.signing_event_id.in_(event_ids), AgreementVisibility.organisation_id == actor.organisation_id)
        .group_by(Agreement.signing_event_id)
    )
    return {key: number for key, number in db.session.execute(statement) if key is not None}


def get_event(public_id: str, actor: Actor) -> SigningEvent:
    """One event. Raises NotFound for what is absent or outside the actor's scope."""
    found = db.session.scalar(_one(public_id, actor))
    if found is None:
        raise NotFound
    return found


def get_event_for_change(public_id: str, actor: Actor, version: int) -> SigningEvent:
    """The same, locked. Raises NotFound, or Stale with what happened since."""
    found = db.session.scalar(_one(public_id, actor).with_for_update(of=SigningEvent))
    if found is None:
        raise NotFound
    if found.row_version != version:
        raise Stale(changes=history_of(SigningEvent.__name__.lower(), found.public_id, LAST_CHANGES))
    return found


def _one(public_id: str, actor: Actor) -> Select[SigningEvent]:
    statement = select(SigningEvent).where(SigningEvent.public_id == public_id, seen_by(actor.organisation_id))
    return statement.options(joinedload(SigningEvent.owner))


def event_of(agreement: Agreement) -> SigningEvent | None:
    """The event at which it is, or was, signed: whoever sees the agreement sees that."""
    if agreement.signing_event_id is None:
        return None
    return db.session.get(SigningEvent, agreement.signing_event_id)


def programme_of(event: SigningEvent, actor: Actor, *, lock: bool = False) -> Programme:
    """The agreements in their order, cut to what the actor sees, with parties and revisions."""
    statement = (
        select(Agreement)
        .join(AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id)
        .where(Agreement.signing_event_id == event.id, AgreementVisibility.organisation_id == actor.organisation_id)
        .order_by(Agreement.signing_position, Agreement.id)
        .options(
            selectinload(Agreement.all_parties).joinedload(AgreementParty.organisation),
            selectinload(Agreement.revisions),
            selectinload(Agreement.visibility),
        )
    )
    found = db.session.scalars(statement.with_for_update(of=Agreement) if lock else statement).all()
    return Programme(found, count_agreements(event) - len(found))


def count_agreements(event: SigningEvent) -> int:
    """All agreements of an event, the reader's or not: a number tells nothing of them."""
    statement = select(func.count()).select_from(Agreement).where(Agreement.signing_event_id == event.id)
    with without_scope():  # counts what is not shown
        return db.session.scalar(statement) or 0


def all_positions(event: SigningEvent) -> Sequence[Agreement]:
    """Every agreement of an event in order, for keeping positions without gaps; never shown."""
    statement = select(Agreement).where(Agreement.signing_event_id == event.id)
    with without_scope():  # an order has to count those that the host does not see any more
        return db.session.scalars(statement.order_by(Agreement.signing_position, Agreement.id)).all()


def linkable(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest agreements of the actor's organisation and those below that belong to no event, to choose from."""
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)
    statement = (
        select(Agreement.public_id, Agreement.number, Agreement.title_zh, Agreement.title_en)
        .join(AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id)
        .where(
            AgreementVisibility.organisation_id == actor.organisation_id,
            or_(Agreement.owner_id == actor.organisation_id, Agreement.owner_id.in_(below)),
            Agreement.signing_event_id.is_(None),
            Agreement.status.in_(LINKABLE_STATES),
        )
        .order_by(AgreementVisibility.sort_on.desc(), AgreementVisibility.agreement_id.desc())
        .limit(LINKABLE)
    )
    return db.session.execute(statement).all()


def signatories_by_agreement(agreements: Sequence[Agreement]) -> dict[int, list[Signatory]]:
    """The rows of the open revisions that count, by agreement, in one query."""
    revisions = [revision.id for one in agreements if (revision := one.open_revision)]
    statement = select(Signatory).where(Signatory.revision_id.in_(revisions)).order_by(Signatory.id)
    newest: dict[tuple[int, int], Signatory] = {}
    for row in db.session.scalars(statement.options(joinedload(Signatory.party))):
        newest[row.agreement_id, row.party_id] = row
    found: dict[int, list[Signatory]] = {one.id: [] for one in agreements}
    for row in sorted(newest.values(), key=lambda row: row.position):
        found[row.agreement_id].append(row)
    return found


def signing_copies(agreements: Sequence[Agreement]) -> dict[int, AgreementDocument]:
    """The signing copies of the open revisions that count, by agreement, in one query."""
    revisions = [revision.id for one in agreements if (revision := one.open_revision)]
    statement = select(AgreementDocument).where(
        AgreementDocument.revision_id.in_(revisions),
        AgreementDocument.kind == DocumentKind.SIGNING_COPY,
        AgreementDocument.void_reason == "",
    )
    return {row.agreement_id: row for row in db.session.scalars(statement.order_by(AgreementDocument.id))}


def ticks_of(event: SigningEvent, agreements: Sequence[Agreement]) -> dict[tuple[int, int], TableTick]:
    """The ticks that stand, by revision and party, of the agreements that are shown."""
    statement = (
        select(TableTick)
        .where(
            TableTick.event_id == event.id,
            TableTick.agreement_id.in_([one.id for one in agreements]),
            TableTick.undone_at.is_(None),
        )
        .options(joinedload(TableTick.ticked_by))
    )
    return {(row.revision_id, row.party_id): row for row in db.session.scalars(statement)}


def scans_of_event(event: SigningEvent, actor: Actor) -> Sequence[EventScan]:
    """The newest files that the actor's organisation handed in for an event; others' are nobody else's business."""
    statement = select(EventScan).where(
        EventScan.event_id == event.id, EventScan.organisation_id == actor.organisation_id
    )
    return db.session.scalars(statement.order_by(EventScan.id.desc()).limit(SCANS_SHOWN)).all()


def get_scan(event: SigningEvent, public_id: str, actor: Actor) -> EventScan:
    """One of them. Raises NotFound."""
    statement = select(EventScan).where(
        EventScan.event_id == event.id,
        EventScan.organisation_id == actor.organisation_id,
        EventScan.public_id == public_id,
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
