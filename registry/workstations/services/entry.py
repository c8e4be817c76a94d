"""Entering and changing a station, and naming its head and liaisons."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.i18n import Message, msg
from ...organisations.models import Contact, Organisation, OrganisationKind
from ...records.many import Made, keep_many
from ...records.services import Changes, known_organisations, load_hidden, settle, write
from .. import policy, queries
from ..inputs import ContactChoice, StationDetails
from ..models import Workstation, WorkstationFounder
from ..models.station import YUAN_PER_WAN
from . import reminders

FIELDS = (
    "title_zh",
    "title_en",
    "kind",
    "number",
    "host_department",
    "place",
    "opening_hours",
    "unveiled_on",
    "unveiled_precision",
    "term_from",
    "term_until",
    "remark",
    "source",
    "source_url",
)
HEAD = "head"


def enter(given: StationDetails, actor: User, *, is_demo: bool = False) -> Workstation:
    """Enter a station that the actor's organisation sets up, alone or with others. Raises Forbidden, Invalid."""
    made = make(given, actor, is_demo=is_demo)
    db.session.add(made.record)
    settle(made.record, actor, Action.WORKSTATION_ADD, made.changes)
    return made.record


def make(given: StationDetails, actor: User, *, is_demo: bool = False) -> Made[Workstation]:
    """A station as it is entered, not in the session yet. Raises Forbidden, Invalid by field."""
    decide(actor, Action.WORKSTATION_ADD).enforce()
    station = Workstation(
        owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo, state_since=today(), sort_on=today()
    )
    _write(station, given, actor)
    return Made(station, {"title": (None, station.title_zh)})


def enter_many(made: Sequence[Made[Workstation]], actor: User) -> list[str]:
    """Enter many in a few statements; returns their public ids. Raises Forbidden."""
    decide(actor, Action.WORKSTATION_ADD).enforce()
    return keep_many(made, actor, Action.WORKSTATION_ADD)


def edit(station: Workstation, given: StationDetails, actor: User) -> None:
    """Change what is known of it. Raises Forbidden, Conflict when it is withdrawn, Invalid by field."""
    decide(actor, Action.WORKSTATION_EDIT, station).enforce()
    changes = _write(station, given, actor)
    reminders.refresh(station)
    settle(station, actor, Action.WORKSTATION_EDIT, changes)


def name_contact(station: Workstation, given: ContactChoice, actor: User) -> None:
    """Name the station's head or a side's liaison; nobody with an empty contact.

    Raises Forbidden, NotFound for a side that is none, Invalid for a contact that is not of a fitting side.
    """
    side = _slot(station, given.slot)
    policy.may_name(actor, station, side.id if side else 0).enforce()
    _load_hidden(station)
    found = _contact(given.contact, {side.id} if side else station.party_ids)
    if side is None:
        before, station.head = station.head, found
    elif side.id == station.host_id:
        before, station.host_liaison = station.host_liaison, found
    else:
        founder = next(one for one in station.founders if one.organisation_id == side.id)
        before, founder.liaison = founder.liaison, found
    field = "head" if side is None else "liaison"
    labels = (before.audit_label if before else None, found.audit_label if found else None)
    settle(station, actor, Action.WORKSTATION_NAME_CONTACT, {field: labels})


def _slot(station: Workstation, slot: str) -> Organisation | None:
    """The side of a slot; None for the head."""
    if slot == HEAD:
        return None
    sides = {one.organisation.public_id: one.organisation for one in station.founders}
    sides[station.host.public_id] = station.host
    if slot not in sides:
        raise NotFound
    return sides[slot]


def _contact(public_id: str, organisation_ids: set[int]) -> Contact | None:
    """As far as the writer sees it. Raises Invalid."""
    if not public_id:
        return None
    wanted = (Contact.public_id == public_id, Contact.organisation_id.in_(organisation_ids), Contact.erased.is_(False))
    found = db.session.scalar(select(Contact).where(*wanted))
    if found is None:
        raise Invalid({"contact": [msg("Choose a contact of that organisation")]})
    return found


def _write(station: Workstation, given: StationDetails, actor: User) -> Changes:
    _load_hidden(station)
    founders, host = _sides(station, given)
    _check_days(given)
    unveiled = station.unveiled_on
    changes = write(station, given, FIELDS)
    changes |= _write_sides(station, founders, host) | _write_agreement(station, given.agreement, actor)
    changes |= _write_fund(station, given.fund_wan)
    if unveiled and station.started_on == unveiled and given.unveiled_on:
        station.started_on = given.unveiled_on  # it began with the unveiling, whose day is corrected
        station.running_since = given.unveiled_on if station.running_since == unveiled else station.running_since
        station.heard_of(station.last_active_on)
    days = (given.unveiled_on, station.started_on, given.term_from, station.sort_on)
    station.sort_on = next(day for day in days if day)
    return changes


def _sides(station: Workstation, given: StationDetails) -> tuple[list[Organisation], Organisation]:
    """Founders and host. Raises Invalid."""
    founders = known_organisations(given.founders, "founders")
    owner = station.owner
    if owner not in founders and not any(one.is_overseen_by(owner.id) for one in founders):
        raise Invalid({"founders": [msg("The organisation that keeps the record is a founder or oversees one")]})
    (host,) = known_organisations([given.host], "host") if given.host else (None,)
    if host is None or host.kind is not OrganisationKind.UNIVERSITY:
        raise Invalid({"host": [msg("A station has exactly one university as its host")]})
    return founders, host


def _check_days(given: StationDetails) -> None:
    problems: dict[str, list[Message]] = {}
    if given.unveiled_on and given.unveiled_on > today():
        problems["unveiled_on"] = [msg("This date lies in the future")]
    if given.term_from and given.term_until and given.term_until < given.term_from:
        problems["term_until"] = [msg("The last day comes before the first one")]
    if problems:
        raise Invalid(problems)


def _write_sides(station: Workstation, founders: list[Organisation], host: Organisation) -> Changes:
    before = [one.organisation.name_zh for one in station.founders]
    present = {one.organisation_id: one for one in station.founders}
    gone = [one.organisation for one in station.founders if one.organisation not in founders]
    if station.host_id and station.host is not host:
        gone.append(station.host)
        station.host_liaison = None
    reminders.forget_sides(station, gone)
    kept = [present.get(one.id) or WorkstationFounder(organisation=one, organisation_id=one.id) for one in founders]
    if kept != station.founders:
        _reorder(station, kept)
    changes: Changes = {}
    if before != [one.name_zh for one in founders]:
        changes["founders"] = (before, [one.name_zh for one in founders])
    if station.host is not host:
        changes["host"] = (station.host.name_zh if station.host_id else None, host.name_zh)
        station.host, station.host_id = host, host.id
    if station.head and station.head.organisation_id not in {host.id, *(one.id for one in founders)}:
        changes["head"] = (station.head.audit_label, None)
        station.head = None
    return changes


def _reorder(station: Workstation, kept: list[WorkstationFounder]) -> None:
    """Positions are unique: rows that stay step aside before they take their new place."""
    for number, one in enumerate(station.founders, start=1):
        one.position = -number
    if station.id:
        db.session.flush()
    for number, one in enumerate(kept, start=1):
        one.position = number
    station.founders = kept


def _write_agreement(station: Workstation, named: str, actor: User) -> Changes:
    """The agreement that the writer sees under a registry id or number; one that they do not see stays.

    The change log tells its registry id: whoever reads the log may not be one to read a draft's title.
    """
    if not named and not (station.agreement_id and queries.sees_agreement(actor, station)):
        return {}
    found = queries.named_agreement(named, actor) if named else None
    if named and found is None:
        raise Invalid({"agreement": [msg("You see no agreement under this number")]})
    if found is station.agreement:
        return {}
    before, station.agreement = station.agreement, found
    return {"agreement": (before.public_id if before else None, found.public_id if found else None)}


def _load_hidden(station: Workstation) -> None:
    """Contacts and an agreement that the writer does not see are changed as well, where the sides change."""
    load_hidden(station, "host_liaison", "head", "agreement")
    for founder in station.founders:
        load_hidden(founder, "liaison")


def _write_fund(station: Workstation, wan: Decimal | None) -> Changes:
    before, station.fund_yuan = station.fund_wan, None if wan is None else int(wan * YUAN_PER_WAN)
    return {"fund_wan": (before, station.fund_wan)} if before != station.fund_wan else {}
