"""What is done with mechanisms: entering, meeting, advancing, upgrading to an agreement, ending. 对接机制办理。"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..agreements.inputs import Draft, PartyLine
from ..agreements.models import Agreement, AgreementKind, PartyRole
from ..agreements.services import entry
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.access.scope import without_scope
from ..core.dates import SHANGHAI, add_months, today
from ..core.db import db
from ..core.errors import Invalid
from ..core.i18n import Message, msg
from ..organisations.models import Contact, Organisation, OrganisationKind
from ..organisations.workdays import calendar
from ..records.happenings import Happening, Told, hears, tell
from ..records.many import Made, keep_many
from ..records.services import Changes, known_organisations, load_hidden, moved, require_reason, settle, write
from . import policy
from .enums import Rhythm
from .inputs import MechanismDetails, MeetingDetails, SideLine
from .models import DockingMechanism, MechanismMeeting, MechanismParty

FIELDS = (
    "title_zh",
    "title_en",
    "established_on",
    "established_precision",
    "written_form",
    "rhythm",
    "plan",
    "source",
    "source_url",
)
KIND = DockingMechanism.kind_code
CONCLUDED = "mechanism:upgraded"
SET_FREE = "mechanism:set_free"


def enter(given: MechanismDetails, actor: User, *, is_demo: bool = False) -> DockingMechanism:
    """Enter a mechanism that the actor's organisation keeps. Raises Forbidden, Invalid by field."""
    made = make(given, actor, is_demo=is_demo)
    db.session.add(made.record)
    settle(made.record, actor, Action.MECHANISM_ADD, made.changes)
    return made.record


def make(given: MechanismDetails, actor: User, *, is_demo: bool = False) -> Made[DockingMechanism]:
    """A mechanism as it is entered, not in the session yet. Raises Forbidden, Invalid by field."""
    decide(actor, Action.MECHANISM_ADD).enforce()
    mechanism = DockingMechanism(owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo)
    _write(mechanism, given)
    return Made(mechanism, {"title": (None, mechanism.title_zh)})


def enter_many(made: Sequence[Made[DockingMechanism]], actor: User) -> list[str]:
    """Enter many in a few statements; returns their public ids. Raises Forbidden."""
    decide(actor, Action.MECHANISM_ADD).enforce()
    return keep_many(made, actor, Action.MECHANISM_ADD)


def edit(mechanism: DockingMechanism, given: MechanismDetails, actor: User) -> None:
    """Change what is known of it. Raises Forbidden, Conflict when it has ended, Invalid by field."""
    decide(actor, Action.MECHANISM_EDIT, mechanism).enforce()
    settle(mechanism, actor, Action.MECHANISM_EDIT, _write(mechanism, given))


def record_meeting(mechanism: DockingMechanism, given: MeetingDetails, actor: User) -> MechanismMeeting:
    """Record a meeting that took place; the next one follows by the rhythm, on a working day.

    Raises Forbidden, Conflict when the mechanism has ended, Invalid for a day in the future or without minutes.
    """
    policy.may_meet(actor, mechanism).enforce()
    _check_meeting(given)
    meeting = MechanismMeeting(
        held_on=given.held_on,
        place=given.place,
        attendees=given.attendees,
        minutes=given.minutes,
        decisions=list(given.decisions),
        recorded_by_id=actor.id,
        organisation_id=actor.organisation_id,
    )
    mechanism.meetings.append(meeting)
    before = mechanism.last_met_on, mechanism.next_meeting_on
    if mechanism.last_met_on is None or given.held_on >= mechanism.last_met_on:
        mechanism.last_met_on = given.held_on
        mechanism.next_meeting_on = given.next_on or next_meeting(given.held_on, mechanism.rhythm)
    mechanism.sort_on = _sort_day(mechanism)
    changes: Changes = {
        "held_on": (None, given.held_on),
        "last_met_on": (before[0], mechanism.last_met_on),
        "next_meeting_on": (before[1], mechanism.next_meeting_on),
    }
    settle(mechanism, actor, Action.MECHANISM_MEET, changes)
    tell(Happening.MEETING_HELD, Told(meeting, given.held_on, KIND, mechanism.public_id))
    return meeting


def advance(mechanism: DockingMechanism, actor: User) -> None:
    """preliminary → established → regular. Raises Forbidden, Conflict when something is missing for it."""
    policy.may_advance(actor, mechanism).enforce()
    before = mechanism.stage
    mechanism.advance()
    settle(mechanism, actor, Action.MECHANISM_ADVANCE, moved(before, mechanism.stage))


def upgrade(mechanism: DockingMechanism, actor: User) -> Agreement:
    """Open a framework draft with the sides as parties; the mechanism is upgraded once it is signed.

    Raises Forbidden, Conflict when it has been drafted before or something is missing for it.
    """
    policy.may_upgrade(actor, mechanism).enforce()
    agreement = entry.register(_draft(mechanism, actor.organisation), actor, is_demo=mechanism.is_demo)
    mechanism.agreement = agreement
    settle(mechanism, actor, Action.MECHANISM_UPGRADE, {"agreement": (None, agreement.public_id)})
    return agreement


def end(mechanism: DockingMechanism, reason: str, actor: User) -> None:
    """Running → ended. Raises Forbidden, Conflict, Invalid without a reason."""
    decide(actor, Action.MECHANISM_END, mechanism).enforce()
    require_reason(reason)
    before = mechanism.stage
    mechanism.end(reason, today())
    settle(mechanism, actor, Action.MECHANISM_END, moved(before, mechanism.stage), reason)


def next_meeting(last: date | None, rhythm: Rhythm) -> date | None:
    """The first working day from the corresponding day of the rhythm; None where the sides meet as needed."""
    if last is None or rhythm.months is None:
        return None
    return calendar().first_from(add_months(last, rhythm.months))


@hears(Happening.AGREEMENT_CONCLUDED)
def _upgraded(told: Told) -> None:
    """Everybody signed what a mechanism grew into; one that ended meanwhile stays ended."""
    for mechanism in _grown_into(told.subject):
        if policy.is_running(mechanism):
            before = mechanism.stage
            mechanism.upgrade()
            settle(mechanism, None, CONCLUDED, moved(before, mechanism.stage))


@hears(Happening.AGREEMENT_VOIDED)
def _set_free(told: Told) -> None:
    """Its draft is void: the mechanism may be upgraded anew."""
    for mechanism in _grown_into(told.subject):
        mechanism.agreement = None
        settle(mechanism, None, SET_FREE, {"agreement": (told.subject.public_id, None)})


def _grown_into(agreement: Agreement) -> list[DockingMechanism]:
    """Whoever signs or voids: they need not see the mechanism any more."""
    with without_scope():
        found = select(DockingMechanism).where(DockingMechanism.agreement_id == agreement.id)
        return list(db.session.scalars(found.options(selectinload(DockingMechanism.parties))))


def _draft(mechanism: DockingMechanism, owner: Organisation) -> Draft:
    sides = [party.organisation for party in mechanism.parties if party.organisation]
    lines = tuple(
        PartyLine(one.public_id, role=PartyRole.LEAD if one.id == owner.id else PartyRole.PARTY) for one in sides
    )
    names = [(_called(one), one.name_en) for one in sides]
    return Draft(
        kind=AgreementKind.FRAMEWORK,
        title_zh="、".join(zh for zh, _en in names[:-1]) + f"与{names[-1][0]}校地合作框架协议",
        title_en=" – ".join(en for _zh, en in names) + " School–Locality Cooperation Framework Agreement"
        if all(en for _zh, en in names)
        else "",
        parties=lines,
        template="framework",
        signing_place=owner.region.name_zh,
    )


def _called(organisation: Organisation) -> str:
    """A locality's office stands for its locality in a title: 沈阳市, not 沈阳市人力资源和社会保障局."""
    stands_for = (OrganisationKind.HR_BUREAU, OrganisationKind.HR_DEPARTMENT)
    return organisation.region.name_zh if organisation.kind in stands_for else organisation.name_zh


def _write(mechanism: DockingMechanism, given: MechanismDetails) -> Changes:
    if given.established_on and given.established_on > today():
        raise Invalid({"established_on": [msg("This date lies in the future")]})
    if given.next_meeting_on and mechanism.last_met_on and given.next_meeting_on <= mechanism.last_met_on:
        raise Invalid({"next_meeting_on": [msg("The next meeting comes after the last one")]})
    changes = write(mechanism, given, FIELDS)
    changes |= _write_sides(mechanism, given.sides)
    wanted = given.next_meeting_on or next_meeting(mechanism.last_met_on, given.rhythm)
    if wanted != mechanism.next_meeting_on:
        changes["next_meeting_on"] = (mechanism.next_meeting_on, wanted)
        mechanism.next_meeting_on = wanted
    mechanism.sort_on = _sort_day(mechanism)
    return changes


def _sort_day(mechanism: DockingMechanism) -> date:
    """The last meeting, else the day of establishment, else the day of entry."""
    days = [day for day in (mechanism.last_met_on, mechanism.established_on) if day]
    entered = mechanism.created_at.astimezone(SHANGHAI).date() if mechanism.id else today()
    return max(days, default=entered)


def _write_sides(mechanism: DockingMechanism, sides: tuple[SideLine, ...]) -> Changes:
    named = known_organisations([side.organisation for side in sides if side.organisation], "sides")
    if len(sides) < 2:
        raise Invalid({"sides": [msg("A mechanism has at least two sides")]})
    organisations = {one.public_id: one for one in named}
    present = list(mechanism.parties)
    unseen = {one.organisation_id: one.liaison for one in present if load_hidden(one, "liaison")}
    before = [_side_name(party) for party in present]
    for position, side in enumerate(sides, start=1):
        party = present[position - 1] if position <= len(present) else MechanismParty(position=position)
        party.organisation = organisations.get(side.organisation)
        party.name_as_reported = "" if side.organisation else side.name_as_reported
        party.liaison = _liaison(side, party.organisation, unseen)
        if position > len(present):
            mechanism.parties.append(party)
    del mechanism.parties[len(sides) :]
    after = [_side_name(party) for party in mechanism.parties]
    return {"sides": (before, after)} if before != after else {}


def _side_name(party: MechanismParty) -> str:
    name = party.organisation.name_zh if party.organisation else party.name_as_reported
    return f"{name} ({party.liaison.audit_label})" if party.liaison else name


def _liaison(
    side: SideLine, organisation: Organisation | None, unseen: Mapping[int | None, Contact | None]
) -> Contact | None:
    """A contact of that side that the writer sees; one that they do not see stays with its side. Raises Invalid."""
    if organisation is None:
        return None
    if not side.liaison:
        return unseen.get(organisation.id)
    wanted = select(Contact).where(Contact.public_id == side.liaison, Contact.organisation_id == organisation.id)
    found = db.session.scalar(wanted)
    if found is None or found.erased:
        raise Invalid({"sides": [msg("Choose a contact of that organisation")]})
    return found


def _check_meeting(given: MeetingDetails) -> None:
    problems: dict[str, list[Message]] = {}
    if given.held_on > today():
        problems["held_on"] = [msg("A meeting is recorded once it took place")]
    if given.next_on and given.next_on <= given.held_on:
        problems["next_on"] = [msg("The next meeting comes after this one")]
    if problems:
        raise Invalid(problems)
