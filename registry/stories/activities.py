"""Activities of the stories with their figures, notes and programmes, and what came out of them. 活动录入。"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sqlalchemy import select

from ..activities.enums import ActivityKind, Part
from ..activities.inputs import ActivityDetails, OutcomeLine, PartyLine
from ..activities.models import KIND, Activity
from ..activities.services import entry, outcomes
from ..core.dates import Precision
from ..core.db import db
from ..records.reference import ReferenceEntry, enter, entered
from . import agreements, notes, reading
from .figures import figure_lines
from .keeping import Load, public_id
from .names import organisation_of, organisations_of, region_of
from .reading import AgreementLine, EventLine

ACTIVITIES, FIGURES, LINKS = "activities", "figures", agreements.LINKS
KINDS = {"ceremony": ActivityKind.LAUNCH}


def held(line: EventLine) -> ActivityDetails:
    """An activity that took place."""
    facts = reading.facts_of(line.key)
    beside = [one for one in reading.agreements() if one.event == line.key]
    return ActivityDetails(
        kind=KINDS.get(line.type) or ActivityKind(line.type),
        title_zh=line.title_zh,
        title_en=line.title_en,
        held_on=line.first,
        held_until=line.last if line.last != line.first else None,
        held_precision=Precision.DAY if line.first else Precision.UNKNOWN,
        place=line.place,
        region=region_of(line.place),
        programme=notes.programmes_of(facts),
        notes=notes.notes_of(line, facts, [one for one in beside if not is_planned_activity(one)]),
        source=line.source,
        parties=tuple(_parties(line)),
        parent=public_id(line.parent) if line.parent else "",
        signing_event=public_id(agreements.signing_key(line)),
        is_held=True,
        figures=figure_lines(facts),
    )


def planned(line: AgreementLine) -> ActivityDetails:
    """A plan that names whom it is to be held with; no day is told."""
    first, *others = organisations_of(line.parties)
    return ActivityDetails(
        kind=ActivityKind.MATCHMAKING,
        title_zh=line.title_zh,
        title_en=line.title_en,
        notes=line.remark,
        source=line.source,
        parties=(PartyLine(Part.ORGANISER, *first), *(PartyLine(Part.PARTICIPANT, *one) for one in others)),
    )


def is_planned_activity(line: AgreementLine) -> bool:
    """A plan whose other side is named; one with 高校 in general is an objective, which is told in words."""
    return line.record_kind == "planned" and bool(organisation_of(line.parties[-1]))


def load(run: Load) -> None:
    """Enter what is missing, those that hold others first, then the links. Raises Forbidden, Invalid."""
    before = {one.key for one in reading.agreements() if entered(_link_key(one))}
    for line in reading.events():
        load_one(run, line)
    for plan in reading.agreements():
        if is_planned_activity(plan):
            run.once(ACTIVITIES, plan.key, KIND, partial(_plan, run, plan))
    _link_later(run)
    run.tally(LINKS).present += len(before)


def load_one(run: Load, line: EventLine) -> None:
    """One activity with its figures. Raises Forbidden, Invalid."""
    count = len(figure_lines(reading.facts_of(line.key)))
    is_there = entered(line.key) is not None
    run.once(ACTIVITIES, line.key, KIND, partial(_enter, run, line))
    tally = run.tally(FIGURES)
    tally.added, tally.present = tally.added + (0 if is_there else count), tally.present + (count if is_there else 0)


def recorded(key: str) -> Activity:
    """The activity that a line was entered as. Raises NoResultFound."""
    return db.session.scalars(select(Activity).where(Activity.public_id == public_id(key))).one()


def _enter(run: Load, line: EventLine) -> Activity:
    """With links to what is entered already, each noted as a line of its own."""
    linked = [(one, found) for one in reading.agreements() if one.event == line.key and (found := _linkable(one))]
    lines = tuple(OutcomeLine(found.subject_kind, found.subject_public_id) for _one, found in linked)
    activity = entry.enter(replace(held(line), outcomes=lines), run.by, is_demo=run.is_demo)
    for one, _found in linked:
        enter(_link_key(one), KIND, activity)
    run.tally(LINKS).added += len(linked)
    return activity


def _plan(run: Load, line: AgreementLine) -> Activity:
    return entry.enter(planned(line), run.by, is_demo=run.is_demo)


def _linkable(line: AgreementLine) -> ReferenceEntry | None:
    """The agreement, mechanism or workstation that a line was entered as."""
    found = entered(line.key)
    return found if found and found.subject_kind != KIND else None


def _link_key(line: AgreementLine) -> str:
    return f"{line.event}/{line.key}"


def _link_later(run: Load) -> None:
    """What was entered after its activity: by an interrupted run, or by the demonstration."""
    for one in reading.agreements():
        found = _linkable(one)
        if found and entered(one.event) and not entered(_link_key(one)):
            run.once(LINKS, _link_key(one), KIND, partial(_linked, run, one, found))


def _linked(run: Load, line: AgreementLine, found: ReferenceEntry) -> Activity:
    activity = recorded(line.event)
    outcomes.link(activity, OutcomeLine(found.subject_kind, found.subject_public_id), run.by)
    return activity


def _parties(line: EventLine) -> Iterator[PartyLine]:
    """Organisers, the host, and who came."""
    for part, names in (
        (Part.ORGANISER, line.organisers),
        (Part.HOST, (line.host,) if line.host else ()),
        (Part.PARTICIPANT, line.participants),
    ):
        for organisation, name in organisations_of(names):
            yield PartyLine(part, organisation, name)
