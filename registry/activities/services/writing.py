"""What an activity's form says, brought into its row: days, parties, the activity that it is part of. 活动录入."""

from sqlalchemy import inspect, select

from ...accounts.models import User
from ...agreements.models import SigningEvent
from ...agreements.queries.events import get_event
from ...core.access.scope import without_scope
from ...core.dates import last_day, today
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.i18n import Message, msg
from ...organisations.models import Region
from ...records.services import Changes, known_organisations, write
from .. import policy
from ..enums import HOLDERS, SIGNED_AT, Part
from ..inputs import MOST_PARTIES, ActivityDetails, HeldDays, PartyLine
from ..models import Activity, ActivityParty
from ..queries.beside import has_parts
from ..queries.listing import LISTING

DAYS = ("held_on", "held_until", "held_precision")
FIELDS = (
    "kind",
    "title_zh",
    "title_en",
    "place",
    "programme",
    "counting_note",
    "notes",
    "source",
    "source_url",
)


def write_details(activity: Activity, given: ActivityDetails, actor: User) -> Changes:
    """Everything but figures and outcomes; returns what changed. Raises Invalid by field."""
    changes = _write_parent(activity, given, actor)
    changes |= _write_event(activity, given, actor)
    changes |= _write_region(activity, given.region)
    changes |= write(activity, given, FIELDS)
    changes |= write_days(activity, given)
    changes |= _write_parties(activity, given.parties)
    return changes


def write_days(activity: Activity, given: ActivityDetails | HeldDays) -> Changes:
    """The days, judged by the activity's state; the list is sorted by the first of them. Raises Invalid by field."""
    problems = policy.day_problems(given, activity.state, activity.source, today())
    if problems:
        raise Invalid(problems)
    changes = write(activity, given, DAYS)
    last = given.held_until or given.held_on
    activity.ends_on = last_day(last, given.held_precision) if last else None
    activity.sort_on = given.held_on or (activity.sort_on if inspect(activity).persistent else today())
    return changes


def _write_parent(activity: Activity, given: ActivityDetails, actor: User) -> Changes:
    before = activity.parent
    holds = has_parts(activity)
    if holds and given.kind not in HOLDERS:
        raise Invalid({"kind": [msg("Only a series, a launch, a ceremony or a meeting has parts")]})
    after = before
    if given.parent != (before.public_id if before else ""):
        after = _parent(given.parent, actor) if given.parent else None
    if after is not None and (problem := policy.parent_problem(activity, given.kind, after, holds)):
        raise Invalid({"parent": [problem]})
    activity.parent = after
    return _changed("parent", _id_of(before), _id_of(after))


def _parent(public_id: str, actor: User) -> Activity:
    """Locked and read anew: it may become part of another one in the same moment."""
    try:
        found = LISTING.get(public_id, actor)
    except NotFound as missing:
        raise Invalid({"parent": [msg("There is no such activity, or your organisation does not see it")]}) from missing
    locked = select(Activity).where(Activity.id == found.id).with_for_update().execution_options(populate_existing=True)
    with without_scope():  # it was found within the scope just now
        return db.session.execute(locked).scalar_one()


def _write_event(activity: Activity, given: ActivityDetails, actor: User) -> Changes:
    before = activity.signing_event
    after = before
    if given.signing_event != (before.public_id if before else ""):
        after = None
        try:
            after = get_event(given.signing_event, actor) if given.signing_event else None
        except NotFound as missing:
            raise Invalid({"signing_event": [msg("Choose a signing event of the list")]}) from missing
    if after is not None and given.kind not in SIGNED_AT:
        raise Invalid({"signing_event": [msg("Only a signing ceremony or a launch takes place with a signing event")]})
    activity.signing_event = after
    return _changed("signing_event", _id_of(before), _id_of(after))


def _write_region(activity: Activity, code: str) -> Changes:
    before = activity.region
    after = db.session.get(Region, code) if code else None
    if code and after is None:
        raise Invalid({"region": [msg("Choose one of the listed values")]})
    activity.region = after
    return _changed("region_code", before.name_zh if before else None, after.name_zh if after else None)


def _write_parties(activity: Activity, lines: tuple[PartyLine, ...]) -> Changes:
    _check_parties(lines)
    there = {one.organisation.public_id: one.organisation for one in activity.parties if one.organisation}
    wanted = dict.fromkeys(line.organisation for line in lines if line.organisation)
    new = known_organisations([one for one in wanted if one not in there])  # who has merged since stays who took part
    organisations = there | {one.public_id: one for one in new}
    before, present = [_party_name(party) for party in activity.parties], list(activity.parties)
    last = present[-1].position if present else 0  # a merge may have left gaps
    for number, line in enumerate(lines):
        is_new = number >= len(present)
        party = ActivityParty(position=last + 1 + number - len(present)) if is_new else present[number]
        party.part, party.organisation = line.part, organisations.get(line.organisation)
        party.name_as_reported = "" if line.organisation else line.name_as_reported
        if is_new:
            activity.parties.append(party)
    del activity.parties[len(lines) :]
    return _changed("parties", before, [_party_name(party) for party in activity.parties])


def _check_parties(lines: tuple[PartyLine, ...]) -> None:
    """One organiser at least, one host at most, nobody twice in the same part."""
    problems: list[Message | str] = []
    if not any(line.part is Part.ORGANISER for line in lines):
        problems.append(msg("Say who organises the activity"))
    if sum(line.part is Part.HOST for line in lines) > 1:
        problems.append(msg("An activity has one host; further stops are parts of a series"))
    if len(lines) > MOST_PARTIES:
        problems.append(msg("At most %(most)s can take part by name", most=MOST_PARTIES))
    named = [(line.part, line.organisation or line.name_as_reported) for line in lines]
    if len(set(named)) != len(named):
        problems.append(msg("An organisation is named twice"))
    if problems:
        raise Invalid({"parties": problems})


def _id_of(one: Activity | SigningEvent | None) -> str | None:
    """By its public id: whoever reads the change log may not be one to read the title."""
    return one.public_id if one else None


def _party_name(party: ActivityParty) -> str:
    name = party.organisation.name_zh if party.organisation else party.name_as_reported
    return f"{name} ({party.part})"


def _changed(name: str, before: object, after: object) -> Changes:
    return {name: (before, after)} if before != after else {}
