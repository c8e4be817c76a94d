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
from ...core.ids import new_public_id
from ...organisations.models import Organisation, Oversight
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


def record_many(given: Sequence[HistoricRecord], actor: User) -> list[str]:
    """Enter them for the actor's organisation; returns their public ids in the order given.

    Raises Forbidden, or Invalid as `entry.record` does; then nothing is entered.
    """
    decide(actor, Action.AGREEMENT_RECORD).enforce()
    known = parties.standing({line.organisation for one in given for line in one.parties if line.organisation})
    for one in given:
        entry.check_dates(one)
        parties.check(one.parties, known)
    numbers = numbering.take_over_many(actor.organisation, [one.number for one in given if one.number])
    rows = [_row(one, known, numbers, actor) for one in given]
    with gathered():
        for some in batched(zip(given, rows, strict=True)):
            _enter(some, known, actor)
    return [row["public_id"] for row in rows]


def _row(one: HistoricRecord, known: Known, numbers: Mapping[str, Parts], actor: User) -> dict[str, Any]:
    expires_on = one.term.expires_on or entry.computed_end(one)
    own, moment = numbers.get(one.number), now()
    row = {
        "public_id": new_public_id(), "kind": one.kind, "status": PENDING, "title_zh": one.title_zh,
        "title_en": one.title_en, "owner_id": actor.organisation_id, "handler_id": actor.id,
        "number": one.number or None, "issuer_id": actor.organisation_id if own else None,
        "number_prefix": own.prefix if own else None, "number_year": own.year if own else None,
        "number_sequence": own.sequence if own else None, "signed_on": one.signed_on,
        "signed_precision": one.signed_precision, "effective_on": one.effective_on, "term_months": one.term.months,
        "open_ended": one.term.open_ended, "expires_on": expires_on, "signing_place": one.signing_place,
        "source": one.source, "source_url": one.source_url, "is_historic": True, "created_at": moment,
        "updated_at": moment, "sort_on": one.signed_on or today(),
    }  # fmt: skip
    names = (*_Standing.__annotations__,)
    told: dict[str, Any] = {name: row[name] for name in names if name != "parties"}
    sides = [_Side(position, _id(line, known)) for position, line in enumerate(one.parties, start=1)]
    standing = cast("Agreement", _Standing(parties=sides, **told))
    return row | {"needs_details": bool(projection.missing_details(standing))}


def _id(line: PartyLine, known: Known) -> int | None:
    found = known.get(line.organisation)
    return found.id if found else None


def _enter(some: Sequence[tuple[HistoricRecord, dict[str, Any]]], known: Known, actor: User) -> None:
    rows = [row for _one, row in some]
    db.session.execute(insert(AGREEMENT), rows)
    found = select(Agreement.public_id, Agreement.id).where(Agreement.public_id.in_([row["public_id"] for row in rows]))
    with without_scope():  # nobody sees them yet
        ids = dict(db.session.execute(found).all())
    sides = [side for one, row in some for side in _sides(one, ids[row["public_id"]], known)]
    db.session.execute(insert(PARTY), sides)
    db.session.execute(insert(READER), list(_visible(rows, ids, actor.organisation_id)))
    for one, row in some:
        _tell(one, Agreement(id=ids[row["public_id"]], **{name: row[name] for name in TOLD}), known, actor)


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


def _tell(one: HistoricRecord, agreement: Agreement, known: Known, actor: User) -> None:
    """The event of the audit, and whoever counts; `agreement` is what names it, not of the session."""
    record(actor, Action.AGREEMENT_RECORD, agreement, {"title": (None, one.title_zh)})
    sides = frozenset(number for line in one.parties if (number := _id(line, known)) is not None)
    tell(Happening.RECORD_SETTLED, Told(agreement, today(), "agreement", agreement.public_id, sides))
