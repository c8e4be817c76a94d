"""Scans that come in after a ceremony, many at once, each to the agreement that its codes name. 扫描件批量归位。

`recognition.look` reads a file before the transaction, `file` files what was recognised and keeps everything else to be
chosen by hand. Nothing that was handed in is lost.
"""

from collections.abc import Sequence

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import LANGUAGES, Message, msg, speaking
from ...documents import store
from .. import queries
from ..inputs import PaperDetails
from ..models import (
    Agreement,
    AgreementParty,
    DocumentKind,
    EventScan,
    ScanState,
    SigningEvent,
)
from ..scan_words import ranges
from . import files, incoming
from .incoming import Paper
from .recognition import Looked, Part, called

MOST_FILES = 20


def file(event: SigningEvent, looked: Sequence[Looked], actor: User) -> list[EventScan]:
    """File what was recognised, each for its parties, and note what became of every file.

    Raises Forbidden.
    """
    decide(actor, Action.EVENT_INTAKE).enforce()
    members = {one.id: one for one in queries.programme_of(event, actor, lock=True).agreements}
    rows = [_file_one(event, one, members, actor) for one in looked]
    counts = {str(state): sum(row.state is state for row in rows) for state in ScanState}
    record(actor, Action.EVENT_INTAKE, event, {name: (None, number) for name, number in counts.items() if number})
    return rows


def choose(scan: EventScan, agreement: Agreement, parties: Sequence[AgreementParty], actor: User) -> Paper:
    """A waiting file as a scan of an agreement that a person chose, after comparing it by eye; before the transaction.

    Raises Forbidden, Conflict, Invalid where the codes plainly name another paper.
    """
    decide(actor, Action.EVENT_INTAKE).enforce()
    _check_waiting(scan)
    details = PaperDetails(DocumentKind.PARTY_SCAN, checked_by_eye=True)
    return incoming.take(agreement, parties, details, store.read(scan.file), scan.filename, actor)


def assign(
    event: SigningEvent,
    scan: EventScan,
    agreement: Agreement,
    parties: Sequence[AgreementParty],
    paper: Paper,
    actor: User,
) -> None:
    """File a waiting file by hand.

    Raises Forbidden, Conflict, Invalid without a party or for an agreement of another event.
    """
    decide(actor, Action.EVENT_INTAKE).enforce()
    if agreement.signing_event_id != event.id:
        raise Invalid({"agreement": [msg("Choose an agreement of this event")]})
    files.attach(agreement, parties, paper, actor)
    scan.settle(ScanState.FILED)
    scan.filed = [agreement.public_id]
    scan.told = [*scan.told, _kept_words(_filed_words(agreement, parties, paper, by_hand=True))]
    record(actor, Action.EVENT_INTAKE, event, {"by hand": (None, scan.filename)})


def set_aside(event: SigningEvent, scan: EventScan, reason: str, actor: User) -> None:
    """Put a waiting file aside with a reason; it stays and can be downloaded.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.EVENT_INTAKE).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    scan.settle(ScanState.SET_ASIDE, reason)
    db.session.flush()
    record(actor, Action.EVENT_INTAKE, event, {"set aside": (None, scan.filename)}, reason=reason)


def _check_waiting(scan: EventScan) -> None:
    if scan.state is not ScanState.WAITING:
        raise Conflict(msg("This file has been dealt with already"))


def _file_one(event: SigningEvent, looked: Looked, members: dict[int, Agreement], actor: User) -> EventScan:
    told, filed = list(looked.problems), []
    for part in looked.parts:
        agreement = members.get(part.agreement_id)
        revision = agreement.open_revision if agreement else None
        if agreement is None or revision is None or revision.id != part.revision_id:
            told.append(msg("The agreement changed while the file was read; choose it by hand"))
            continue
        told += _file_part(agreement, part, actor)
        filed.append(agreement.public_id)
    whole = looked.parts and len(filed) == len(looked.parts)
    row = EventScan(
        event_id=event.id,
        organisation_id=actor.organisation_id,
        file=store.register(looked.kept),
        filename=looked.filename,
        added_by_id=actor.id,
        added_at=now(),
        state=ScanState.FILED if whole else ScanState.WAITING,
        told=[_kept_words(one) for one in told],
        filed=filed,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _file_part(agreement: Agreement, part: Part, actor: User) -> list[Message]:
    """Attach it to the parties that do not have these very bytes already."""
    parties = [party for party in agreement.parties if party.id in part.party_ids]
    present = {
        row.party_id
        for row in queries.documents_of(agreement)
        if row.kind is DocumentKind.PARTY_SCAN
        and row.revision_id == part.revision_id
        and not row.void_reason
        and row.file.sha256 == part.paper.kept.sha256
    }
    fresh = [party for party in parties if party.id not in present]
    if not fresh:
        return [msg("%(title)s: these very pages are filed already", title=called(agreement))]
    files.attach(agreement, fresh, part.paper, actor)
    return [_filed_words(agreement, fresh, part.paper), *part.paper.notes]


def _filed_words(
    agreement: Agreement, parties: Sequence[AgreementParty], paper: Paper, *, by_hand: bool = False
) -> Message:
    names = "、".join(party.name for party in parties)
    pages = ranges(entry["page"] for entry in paper.scan_pages or () if entry["page"])
    values = {"title": called(agreement), "parties": names, "pages": pages or "—"}
    if by_hand:
        return msg("Filed by hand: %(title)s, for %(parties)s (pages by their codes: %(pages)s)", **values)
    return msg("Filed: %(title)s, for %(parties)s, pages %(pages)s", **values)


def _kept_words(message: Message) -> list[str]:
    """The sentence in both languages, as it was true then."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(str(message))
    return said
