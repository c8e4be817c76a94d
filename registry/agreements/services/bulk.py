"""Many historic records at once, each as `entry.record` would enter it: a few statements instead of many for each.

What is derived comes out the same: visibility, the mark 待补, numbers taken over, one event of the audit for each.
批量补录。
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert, select

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.access.scope import without_scope
from ...core.dates import now, today
from ...core.db import batched, db
from ...core.errors import Conflict
from ...core.i18n import msg
from ...core.ids import new_public_id
from ...organisations.models import Organisation, OrganisationStatus, Oversight
from ...records.happenings import Happening, Told, gathered, tell
from ..inputs import HistoricRecord, PartyLine
from ..models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from . import entry, numbering, parties, projection
from .prefixes import Parts

PENDING = AgreementStatus.RECORDED_PENDING
# Tables, not classes: what the ORM does for each row takes longer than the database.
AGREEMENT, PARTY, READER = (cast("Table", kind.__table__) for kind in (Agreement, AgreementParty, AgreementVisibility))
TOLD = ("public_id", "number", "title_zh")
Known = dict[str, Organisation]


@dataclass(frozen=True)
class _Side:
    """A party, for what is derived of the record."""

    position: int
    organisation_id: int | None


@dataclass(frozen=True)
class _Standing:
    """What `projection.missing_details` asks of a record."""

    status: AgreementStatus
    parties: Sequence[_Side]
    signed_on: date | None
    effective_on: date | None
    expires_on: date | None
    open_ended: bool
    signing_place: str
    number: str | None


@dataclass(frozen=True)
class Made:
    """A record that is checked and still to be inserted; `parties` are the organisations that it relies on."""

    given: HistoricRecord
    row: dict[str, Any]
    parties: Mapping[str, int]


def make(given: HistoricRecord, known: Known, actor: User) -> Made:
    """What will be inserted, worked out before anybody waits; `known` are its organisations (see `parties.standing`).

    Raises Invalid as `entry.record` does, but for its number.
    """
    entry.check_dates(given)
    parties.check(given.parties, known)
    relied = {line.organisation: known[line.organisation].id for line in given.parties if line.organisation}
    return Made(given, _row(given, known, actor), relied)


def record_many(made: Sequence[Made], actor: User) -> list[str]:
    """Enter them for the actor's organisation; returns their public ids in the order given.

    Raises Forbidden, Invalid as `entry.record` does, Conflict where an organisation was merged or closed since they
    were made; then nothing is entered.
    """
    decide(actor, Action.AGREEMENT_RECORD).enforce()
    known = _still_standing(made)
    numbers = numbering.take_over_many(actor.organisation, [one.given.number for one in made if one.given.number])
    for one in made:
        if one.given.number in numbers:
            one.row.update(_numbered(numbers[one.given.number], actor))
    with gathered():
        for some in batched(made):
            _enter(some, known, actor)
    return [one.row["public_id"] for one in made]


def _still_standing(made: Sequence[Made]) -> Known:
    relied = {public_id: number for one in made for public_id, number in one.parties.items()}
    known = parties.standing(relied.keys())
    now_active = {public_id: one.id for public_id, one in known.items() if one.status is OrganisationStatus.ACTIVE}
    if now_active != relied:
        raise Conflict(msg("An organisation was merged or closed meanwhile; nothing was entered"))
    return known


def _numbered(own: Parts, actor: User) -> dict[str, Any]:
    return {
        "issuer_id": actor.organisation_id, "number_prefix": own.prefix, "number_year": own.year,
        "number_sequence": own.sequence,
    }  # fmt: skip


def _row(one: HistoricRecord, known: Known, actor: User) -> dict[str, Any]:
    expires_on, moment = one.term.expires_on or entry.computed_end(one), now()
    row = {
        "public_id": new_public_id(), "kind": one.kind, "status": PENDING, "title_zh": one.title_zh,
        "title_en": one.title_en, "owner_id": actor.organisation_id, "handler_id": actor.id,
        "number": one.number or None, "issuer_id": None, "number_prefix": None, "number_year": None,
        "number_sequence": None, "signed_on": one.signed_on, "signed_precision": one.signed_precision,
        "effective_on": one.effective_on, "term_months": one.term.months, "open_ended": one.term.open_ended,
        "expires_on": expires_on, "signing_place": one.signing_place, "source": one.source,
        "source_url": one.source_url, "is_historic": True, "created_at": moment, "updated_at": moment,
        "sort_on": one.signed_on or today(),
    }  # fmt: skip
    told: dict[str, Any] = {name: row[name] for name in _Standing.__annotations__ if name != "parties"}
    sides = [_Side(position, _id(line, known)) for position, line in enumerate(one.parties, start=1)]
    standing = cast("Agreement", _Standing(parties=sides, **told))
    return row | {"needs_details": bool(projection.missing_details(standing))}


def _id(line: PartyLine, known: Known) -> int | None:
    found = known.get(line.organisation)
    return found.id if found else None


def _enter(some: Sequence[Made], known: Known, actor: User) -> None:
    rows = [one.row for one in some]
    db.session.execute(insert(AGREEMENT), rows)
    found = select(Agreement.public_id, Agreement.id).where(Agreement.public_id.in_([row["public_id"] for row in rows]))
    with without_scope():  # nobody sees them yet
        ids = dict(db.session.execute(found).all())
    sides = [side for one in some for side in _sides(one.given, ids[one.row["public_id"]], known)]
    db.session.execute(insert(PARTY), sides)
    db.session.execute(insert(READER), list(_visible(rows, ids, actor.organisation_id)))
    for one in some:
        named = {name: one.row[name] for name in TOLD}
        _tell(one, Agreement(id=ids[one.row["public_id"]], **named), actor)


def _sides(one: HistoricRecord, agreement_id: int, known: Known) -> Iterator[dict[str, Any]]:
    for position, line in enumerate(one.parties, start=1):
        yield {
            "agreement_id": agreement_id, "position": position, "role": line.role,
            "organisation_id": _id(line, known), "name_as_reported": line.name_as_reported,
            "department": line.department, "snapshot_representative": line.representative,
        }  # fmt: skip


def _visible(rows: Sequence[Mapping[str, Any]], ids: Mapping[str, int], owner_id: int) -> Iterator[dict[str, Any]]:
    """The owner and who oversees it: until somebody confirms it, a record is shared with nobody else."""
    over = db.session.scalars(select(Oversight.overseer_id).where(Oversight.organisation_id == owner_id))
    readers = sorted({owner_id, *over})
    for row in rows:
        for reader in readers:
            yield {
                "organisation_id": reader, "agreement_id": ids[row["public_id"]], "sort_on": row["sort_on"],
                "status": PENDING,
            }  # fmt: skip


def _tell(one: Made, agreement: Agreement, actor: User) -> None:
    """The event of the audit, and whoever counts; `agreement` is what names it, not of the session."""
    record(actor, Action.AGREEMENT_RECORD, agreement, {"title": (None, one.given.title_zh)})
    sides = frozenset(one.parties.values())
    tell(Happening.RECORD_SETTLED, Told(agreement, today(), "agreement", agreement.public_id, sides))
