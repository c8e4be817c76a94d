"""Historic records by the batch of a signing event: looked at first, all or none, a second time nothing. 批量补录。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.access.scope import without_scope
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound, Stale, Unmet
from ...core.i18n import Message, msg
from ...organisations.models import Organisation, OrganisationAlias, OrganisationStatus
from .. import policy, queries
from ..inputs import HistoricRecord, PartyLine
from ..inputs_events import BatchRow
from ..models import Agreement, AgreementParty, AgreementStatus, PartyRole, SigningEvent
from . import entry, events

Key = tuple[str, str, tuple[str, ...]]
PENDING = AgreementStatus.RECORDED_PENDING


@dataclass(frozen=True)
class PlannedRow:
    """A line, how its parties would be recorded (None: the name as reported), and whether it is there already."""

    row: BatchRow
    organisations: tuple[Organisation | None, Organisation | None]
    is_known: bool

    @property
    def lines(self) -> tuple[PartyLine, PartyLine]:
        """The parties as historic records take them."""
        names = (self.row.party_a, self.row.party_b)
        roles = (PartyRole.LEAD, PartyRole.PARTY)
        given = zip(names, self.organisations, roles, strict=True)
        first, second = (
            PartyLine(found.public_id, role=role) if found else PartyLine(name_as_reported=name, role=role)
            for name, found, role in given
        )
        return first, second


def plan(event: SigningEvent, rows: Sequence[BatchRow], actor: User) -> list[PlannedRow]:
    """What recording the lines would do; writes nothing.

    Raises Forbidden, Conflict before the event was held, Invalid by line for what cannot be recorded.
    """
    decide(actor, Action.EVENT_RECORD_BATCH, event).enforce()
    _check_event(event)
    found = _by_names({name for row in rows for name in (row.party_a, row.party_b)})
    _check_rows(rows, found)
    seen = _keys_of(event)
    planned = []
    for row in rows:
        organisations = (found.get(row.party_a), found.get(row.party_b))
        key = _key(row.kind, row.title, (_named(row.party_a, organisations[0]), _named(row.party_b, organisations[1])))
        planned.append(PlannedRow(row, organisations, key in seen))
        seen.add(key)
    return planned


def record_batch(
    event: SigningEvent, rows: Sequence[BatchRow], actor: User, *, is_demo: bool = False
) -> list[Agreement]:
    """Enter the lines that are not there yet, with the date, place and source of the event; returns what was added.

    Raises as `plan`, and Conflict where the event is full.
    """
    planned = [one for one in plan(event, rows, actor) if not one.is_known]
    made = [_enter(event, one, actor, is_demo=is_demo) for one in planned]
    event.updated_at = now()
    db.session.flush()
    record(actor, Action.EVENT_RECORD_BATCH, event, {"records": (None, len(made)), "lines": (None, len(rows))})
    return made


def confirmable(agreements: Iterable[Agreement], actor: User) -> list[Agreement]:
    """Those that wait for a second person and that this person may confirm."""
    return [one for one in agreements if one.status is PENDING and policy.may_confirm(actor, one)]


def confirm_batch(event: SigningEvent, seen: Mapping[str, int], actor: User) -> int:
    """Confirm records of the event as they were seen (row version by public id), each an event of its own.

    Raises Forbidden, NotFound, Stale where one changed since, Unmet naming those that this person may not confirm.
    Returns how many.
    """
    decide(actor, Action.EVENT_CONFIRM_BATCH, event).enforce()
    members = {one.public_id: one for one in queries.programme_of(event, actor, lock=True).agreements}
    if not seen:
        raise Conflict(msg("No record waits for you to confirm it"))
    if seen.keys() - members.keys():
        raise NotFound
    chosen = [members[public_id] for public_id in members if public_id in seen]
    if any(one.row_version != seen[one.public_id] for one in chosen):
        raise Stale
    refused = {one: policy.may_confirm(actor, one) for one in chosen}
    unmet = [
        msg("%(title)s: %(reason)s", title=one.title_zh, reason=decision.reason or "")
        for one, decision in refused.items()
        if not decision
    ]
    if unmet:
        raise Unmet(unmet)
    for agreement in chosen:
        entry.confirm(agreement, actor)
    return len(chosen)


def _enter(event: SigningEvent, planned: PlannedRow, actor: User, *, is_demo: bool) -> Agreement:
    row = planned.row
    given = HistoricRecord(
        kind=row.kind,
        title_zh=row.title,
        title_en=row.title_en,
        parties=planned.lines,
        source=event.source,
        source_url=event.source_url,
        number=row.number,
        signed_on=event.held_on,
        signed_precision=event.held_precision,
        signing_place=event.place,
    )
    try:
        agreement = entry.record(given, actor, is_demo=is_demo)
    except Invalid as error:
        raise Invalid(
            {"rows": [_told(row, told) for messages in error.fields.values() for told in messages]}
        ) from error
    events.place(event, agreement)
    db.session.flush()
    return agreement


def _check_event(event: SigningEvent) -> None:
    if not event.source:
        raise Invalid({"rows": [msg("Write down the source of the event first: every record of it names that source")]})


def _check_rows(rows: Sequence[BatchRow], found: Mapping[str, Organisation]) -> None:
    problems = [_told(row, told) for row in rows for told in _row_problems(row, found)]
    if not rows:
        problems = [msg("Paste or type at least one line")]
    if problems:
        raise Invalid({"rows": problems})


def _row_problems(row: BatchRow, found: Mapping[str, Organisation]) -> list[Message]:
    one, other = (_named(name, found.get(name)) for name in (row.party_a, row.party_b))
    return [msg("The two parties are the same")] if one == other else []


def _told(row: BatchRow, told: Message | str) -> Message:
    return msg("Line %(line)s: %(told)s", line=row.line, told=told)


def _by_names(names: set[str]) -> dict[str, Organisation]:
    """Active organisations that these names mean without doubt: the full name, else one short form. Two queries."""
    active = select(Organisation).where(Organisation.status == OrganisationStatus.ACTIVE)
    exact = {row.name_zh: row for row in db.session.scalars(active.where(Organisation.name_zh.in_(names)))}
    rest = names - exact.keys()
    statement = (
        select(Organisation, OrganisationAlias.alias)
        .outerjoin(OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id)
        .where(Organisation.status == OrganisationStatus.ACTIVE)
        .where(or_(Organisation.short_zh.in_(rest), OrganisationAlias.alias.in_(rest)))
    )
    meant: dict[str, set[Organisation]] = {}
    for row, alias in db.session.execute(statement) if rest else ():
        for name in {row.short_zh, alias} & rest:
            meant.setdefault(name, set()).add(row)
    return exact | {name: rows.pop() for name, rows in meant.items() if len(rows) == 1}


def _named(name: str, organisation: Organisation | None) -> str:
    return f"#{organisation.id}" if organisation else name


def _key(kind: str, title: str, parties: tuple[str, ...]) -> Key:
    """What makes a record of an event the same one: kind, title, parties in their order."""
    return str(kind), title, parties


def _keys_of(event: SigningEvent) -> set[Key]:
    columns = (
        Agreement.id,
        Agreement.kind,
        Agreement.title_zh,
        AgreementParty.organisation_id,
        AgreementParty.name_as_reported,
    )
    statement = (
        select(*columns)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(Agreement.signing_event_id == event.id, AgreementParty.position > 0)
        .order_by(Agreement.id, AgreementParty.position)
    )
    parties: dict[int, list[str]] = {}
    named: dict[int, tuple[str, str]] = {}
    with without_scope():  # the rule is about the event's records, not about the reader's
        for key, kind, title, organisation_id, reported in db.session.execute(statement):
            named[key] = (kind, title)
            # A party that was found later is still the one that was reported.
            parties.setdefault(key, []).append(reported or f"#{organisation_id}")
    return {_key(*named[key], tuple(names)) for key, names in parties.items()}
