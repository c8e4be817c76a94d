"""Signed agreements as historic records: two of their own, and the fifteen of one signing event. 协议录入。"""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import select

from ..agreements import policy
from ..agreements.inputs import HistoricRecord, PartyLine
from ..agreements.inputs_events import BatchRow, EventDetails
from ..agreements.models import Agreement, AgreementKind, AgreementStatus, SigningEvent
from ..agreements.services import batch, entry, events
from ..core.dates import Precision
from ..core.db import db, transaction
from ..records.reference import enter, entered
from . import reading
from .keeping import Load, public_id
from .names import organisations_of
from .reading import NOT_STATED, AgreementLine, EventLine

SIGNED = "signed_agreement"
KIND, EVENT_KIND = "agreement", "signing_event"
TO_BE_FOUND = "待补高校"
AGREEMENTS, EVENTS, LINKS = "agreements", "signing events", "links"


def is_stub(line: AgreementLine) -> bool:
    """Whether the source says that it was signed, but not with whom: it is entered by the batch of its event."""
    return any(name.startswith(NOT_STATED) for name in line.parties)


def singles() -> list[AgreementLine]:
    """Signed agreements whose parties are named."""
    return [one for one in reading.agreements() if one.record_kind == SIGNED and not is_stub(one)]


def stubs(event: str) -> list[AgreementLine]:
    """Signed agreements of an event whose other party is to be found."""
    return [one for one in reading.agreements() if one.record_kind == SIGNED and is_stub(one) and one.event == event]


def signing_events() -> list[EventLine]:
    """Events at which a batch was signed."""
    return [one for one in reading.events() if stubs(one.key)]


def signing_key(event: EventLine) -> str:
    """Of the signing event; the activity has the event's own key."""
    return f"{event.key}/signing"


def historic(line: AgreementLine) -> HistoricRecord:
    """A record with what the source says; neither term nor number nor signatories are told."""
    found = organisations_of(line.parties)
    return HistoricRecord(
        kind=AgreementKind(line.type),
        title_zh=line.title_zh,
        title_en=line.title_en,
        parties=tuple(PartyLine(organisation, name) for organisation, name in found),
        source=line.source,
        signed_on=line.signed_on,
        signed_precision=Precision.DAY if line.signed_on else Precision.UNKNOWN,
        signing_place=line.place,
    )


def signing_event(line: EventLine) -> EventDetails:
    """The event as entered."""
    return EventDetails(
        title_zh=line.title_zh,
        title_en=line.title_en,
        held_on=line.first,
        held_precision=Precision.DAY if line.first else Precision.UNKNOWN,
        place=line.place,
        source=line.source,
    )


def batch_rows(lines: Iterable[AgreementLine]) -> list[BatchRow]:
    """A line for each locality, its university to be found."""
    return [
        BatchRow(number, one.title_zh, one.parties[0], TO_BE_FOUND, AgreementKind(one.type), title_en=one.title_en)
        for number, one in enumerate(lines, start=1)
    ]


def load(run: Load) -> None:
    """Enter what is missing. Raises Forbidden, Invalid."""
    for one in singles():
        load_one(run, one)
    for line in signing_events():
        load_event(run, line)


def load_one(run: Load, line: AgreementLine) -> None:
    """One agreement of its own. Raises Forbidden, Invalid."""
    run.once(AGREEMENTS, line.key, KIND, lambda: entry.record(historic(line), run.by, is_demo=run.is_demo))


def load_event(run: Load, line: EventLine) -> None:
    """The event, the agreements of their own that were signed there, the batch. Raises Forbidden, Conflict, Invalid."""
    key = signing_key(line)
    run.once(EVENTS, key, EVENT_KIND, lambda: events.create(signing_event(line), run.by, is_demo=run.is_demo))
    for one in singles():
        if one.event == line.key and entered(one.key):
            run.once(LINKS, f"{key}/{one.key}", KIND, partial(_placed, run, line, one.key))
    _load_batch(run, line)


def confirm(run: Load) -> int:
    """Confirm what waits and what nobody has changed since; returns how many this person was free to confirm."""
    if run.confirmed_by is None:
        return 0
    confirmed = 0
    for line in [one for one in reading.agreements() if one.record_kind == SIGNED]:
        with transaction():
            agreement = recorded(line.key)
            if agreement and _waits(agreement) and policy.may_confirm(run.confirmed_by, agreement):
                entry.confirm(agreement, run.confirmed_by)
                confirmed += 1
    return confirmed


def recorded(key: str) -> Agreement | None:
    """The agreement that a line was entered as."""
    return db.session.scalar(select(Agreement).where(Agreement.public_id == public_id(key)))


def event_of(line: EventLine) -> SigningEvent:
    """The signing event that was entered. Raises NoResultFound."""
    return db.session.scalars(select(SigningEvent).where(SigningEvent.public_id == public_id(signing_key(line)))).one()


def _waits(agreement: Agreement) -> bool:
    return agreement.status is AgreementStatus.RECORDED_PENDING and agreement.edited_by_id is None


def _placed(run: Load, line: EventLine, key: str) -> Agreement:
    agreement = recorded(key)
    if agreement is None:
        raise LookupError(key)
    events.add(event_of(line), agreement, run.by)
    return agreement


def _load_batch(run: Load, line: EventLine) -> None:
    """All or none, as a batch is."""
    missing = [one for one in stubs(line.key) if entered(one.key) is None]
    tally = run.tally(AGREEMENTS)
    tally.present += len(stubs(line.key)) - len(missing)
    if not missing:
        return
    with transaction():
        made = batch.record_batch(event_of(line), batch_rows(missing), run.by, is_demo=run.is_demo)
        by_title = {one.title_zh: one for one in made}
        for one in missing:
            if one.title_zh in by_title:
                enter(one.key, KIND, by_title[one.title_zh])
    tally.added += len(made)
