"""What agreements in force add to the follow-up rate: the day of the last visit about them. 回访统计来源.

Whether an agreement was visited is not a question of who reads it: a visit counts that the reader does not see.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, union

from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from ...core.access.scope import without_scope
from ...core.db import db
from ...visits.enums import VisitState
from ...visits.models import Visit
from ...visits.queries.due import SUBJECT
from ..cut import day_key
from ..models import OverviewShare
from .base import BATCH, Fact, Given, Source, viewers_of
from .places import places_of

KIND = "follow_up"  # not a kind of record: what agreements give because of visits
VISITED = "followup.visited"


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Four queries for a batch."""
    days = _last_visits(numbers)
    viewers = viewers_of(AgreementVisibility.agreement_id, AgreementVisibility.organisation_id, days)
    bound = _bound(days)
    places = places_of({one for found in bound.values() for one in found})
    return {
        number: [
            Given(
                viewers[number],
                places.localities_of(bound.get(number, ())),
                places.universities_of(bound.get(number, ())),
                (Fact(VISITED, day_key(day)),),
            )
        ]
        for number, day in days.items()
    }


def _last_visits(numbers: Sequence[int]) -> dict[int, date]:
    """Of those in force that were visited."""
    statement = (
        select(Agreement.id, func.max(Visit.held_on))
        .join(Visit, (Visit.subject_kind == SUBJECT) & (Visit.subject_public_id == Agreement.public_id))
        .where(Agreement.id.in_(numbers), Agreement.status == AgreementStatus.IN_FORCE)
        .where(Visit.state == VisitState.HELD)
        .group_by(Agreement.id)
    )
    return {number: day for number, day in db.session.execute(statement) if day}


def _bound(numbers: Collection[int]) -> dict[int, list[int | None]]:
    party = AgreementParty
    statement = select(party.agreement_id, party.organisation_id).where(
        party.agreement_id.in_(numbers), party.position > 0, party.is_bound.is_(True)
    )
    found: dict[int, list[int | None]] = {}
    for number, organisation_id in db.session.execute(statement):
        found.setdefault(number, []).append(organisation_id)
    return found


def about(visits: Sequence[int]) -> Collection[int]:
    """Agreements that visits are about."""
    return db.session.scalars(_visited(Visit.id.in_(visits))).all()


def visited_among(agreements: Sequence[int]) -> Collection[int]:
    """Agreements that were visited, or that gave something because they were: they may end, or bind others."""
    before = select(OverviewShare.record_id).where(OverviewShare.kind == KIND, OverviewShare.record_id.in_(agreements))
    return db.session.scalars(union(before, _visited(Agreement.id.in_(agreements)))).all()


def batches() -> Iterator[Sequence[int]]:
    """Numbers of all agreements that were ever visited."""
    last = 0
    while True:
        with without_scope():
            batch = db.session.scalars(_visited(Agreement.id > last).order_by(Agreement.id).limit(BATCH)).all()
        if not batch:
            return
        yield batch
        last = batch[-1]


def _visited(*wanted: ColumnElement[bool]) -> Select[int]:
    about_it = (Visit.subject_kind == SUBJECT) & (Visit.subject_public_id == Agreement.public_id)
    return select(Agreement.id).join(Visit, about_it).where(Visit.state == VisitState.HELD, *wanted).distinct()


SOURCE = Source(
    KIND,
    read,
    batches,
    lambda organisation_id: _visited(
        Agreement.id.in_(
            select(AgreementVisibility.agreement_id).where(AgreementVisibility.organisation_id == organisation_id)
        )
    ),
    taking_part=lambda organisation_id: _visited(
        Agreement.id.in_(select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == organisation_id))
    ),
    because_of={SUBJECT: visited_among, Visit.kind_code: about},
    meets_at={SUBJECT: lambda agreements: agreements, Visit.kind_code: about},
)
