"""What docking cases add: the stages that they reached, who was signed, by month; the funnel. 企业对接统计来源.

A case that was lost keeps what it had reached. A rate is made of the cases that tell both numbers (`counting.Share`),
in the month in which the later stage was reached.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from ...core.db import db
from ...docking.enums import EntryStatus, Stage
from ...docking.models import DockingCase, DockingStageEntry, DockingVisibility
from ...docking.queries.counting import Share
from ...docking.queries.figures import PEOPLE as PEOPLE_OF
from ...organisations.queries.localities import counted_for
from ..cut import month_of
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import places_of

REACHED, PEOPLE = "docking.reached", "docking.people"
PART, WHOLE = "docking.share.part", "docking.share.whole"
FUNNEL, STAY = "docking.funnel", "docking.stay"  # of all time, as `docking.queries.figures` tells them
# Where a case is lost or won: what lies between is skipped by many (dossier, section 7).
SHOWN = (
    Stage.REGISTERED,
    Stage.VERIFIED,
    Stage.FIELD_DOCKING,
    Stage.POSTED,
    Stage.INTERVIEW,
    Stage.OFFER,
    Stage.SIGNED,
    Stage.ONBOARDED,
)
COUNTED = {Stage.SIGNED: "signed"}  # people of a period, as metrics ask for them
SHARES = (Share.ONBOARDED, Share.RETAINED_12M)
Entries = Mapping[Stage, Any]


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Five queries for a batch."""
    viewers = viewers_of(DockingVisibility.record_id, DockingVisibility.organisation_id, numbers)
    columns: tuple[Any, ...] = (DockingCase.id, DockingCase.region_code, DockingCase.university_id)
    rows = db.session.execute(select(*columns).where(DockingCase.id.in_(numbers))).all()
    entries, counts_for = _reached(numbers), counted_for()
    places = places_of({row.university_id for row in rows})
    return {
        row.id: [
            Given(
                viewers[row.id],
                frozenset({counts_for[row.region_code]} if row.region_code in counts_for else ()),
                places.universities_of([row.university_id]),
                tuple(_facts(entries.get(row.id, {}))),
            )
        ]
        for row in rows
    }


def _reached(numbers: Sequence[int]) -> dict[int, dict[Stage, Any]]:
    entry = DockingStageEntry
    names = sorted({*COUNTED.values(), *PEOPLE_OF})
    columns: tuple[Any, ...] = (entry.case_id, entry.stage, entry.actual_on, *(getattr(entry, name) for name in names))
    wanted = (entry.case_id.in_(numbers), entry.status == EntryStatus.REACHED)
    found: dict[int, dict[Stage, Any]] = {}
    for row in db.session.execute(select(*columns).where(*wanted)):
        found.setdefault(row.case_id, {})[row.stage] = row
    return found


def _facts(entries: Entries) -> Iterator[Fact]:
    for stage, entry in entries.items():
        month = month_of(entry.actual_on)
        if stage in SHOWN:
            yield Fact(REACHED, month, str(stage))
        if stage in COUNTED:
            count = getattr(entry, COUNTED[stage])
            yield Fact(PEOPLE, month, str(stage), count or 0, int(count is not None), int(count is None))
        people = next((one for name in PEOPLE_OF if (one := getattr(entry, name)) is not None), None)
        yield Fact(FUNNEL, 0, str(stage), people or 0, int(people is not None), int(people is None))
    yield from _stays(entries)
    for share in SHARES:
        yield from _share(share, entries)


def _stays(entries: Entries) -> Iterator[Fact]:
    """Days from each stage to the next that was reached."""
    reached = sorted(entries, key=lambda stage: stage.position)
    for stage, following in pairwise(reached):
        yield Fact(STAY, 0, str(stage), (entries[following].actual_on - entries[stage].actual_on).days)


def _share(share: Share, entries: Entries) -> Iterator[Fact]:
    sides = share.sides
    part = getattr(entries.get(sides.stage), sides.part, None)
    whole = getattr(entries.get(sides.base), sides.whole, None)
    if part is not None and whole is not None:
        month = month_of(entries[sides.stage].actual_on)
        yield Fact(PART, month, str(share), part)
        yield Fact(WHOLE, month, str(share), whole)


SOURCE = Source(
    DockingCase.kind_code,
    read,
    numbers_of(DockingCase.id),
    seen_in(DockingVisibility.record_id, DockingVisibility.organisation_id),
    {DockingCase: "id", DockingStageEntry: "case_id", DockingVisibility: "record_id"},
    lambda organisation_id: select(DockingCase.id).where(DockingCase.university_id == organisation_id),
)
