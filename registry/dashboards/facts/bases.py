"""What traineeship and internship bases add: whether they are kept up. 见习与实习基地统计来源."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from ...bases.enums import BaseState
from ...bases.models import BaseVisibility, InternshipBase
from ...core.db import db
from ...organisations.models import Organisation
from ...organisations.queries.localities import counted_for
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import Places, places_of

STATE = "bases.state"


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Four queries for a batch."""
    seen, one = BaseVisibility, InternshipBase
    viewers = viewers_of(seen.record_id, seen.organisation_id, numbers)
    columns: tuple[Any, ...] = (one.id, one.state, one.owner_id, one.university_id, Organisation.region_code)
    statement = select(*columns).outerjoin(Organisation, Organisation.id == one.employer_id)
    rows = db.session.execute(statement.where(one.id.in_(numbers))).all()
    places = places_of({number for row in rows for number in (row.owner_id, row.university_id)})
    lies_in = counted_for()
    return {
        row.id: [
            Given(
                viewers[row.id],
                _localities(row, places, lies_in),
                places.universities_of([row.owner_id, row.university_id]),
                (Fact(STATE, part=str(row.state)),) if row.state is BaseState.ACTIVE else (),
            )
        ]
        for row in rows
    }


def _localities(row: Any, places: Places, lies_in: Mapping[str, str]) -> frozenset[str]:
    """Of the bureau that keeps it, and where the employer lies."""
    there = lies_in.get(row.region_code)
    return places.localities_of([row.owner_id]) | ({there} if there else frozenset())


SOURCE = Source(
    InternshipBase.kind_code,
    read,
    numbers_of(InternshipBase.id),
    seen_in(BaseVisibility.record_id, BaseVisibility.organisation_id),
    {InternshipBase: "id", BaseVisibility: "record_id"},
    lambda organisation_id: select(InternshipBase.id).where(
        or_(
            InternshipBase.owner_id == organisation_id,
            InternshipBase.employer_id == organisation_id,
            InternshipBase.university_id == organisation_id,
        )
    ),
)
