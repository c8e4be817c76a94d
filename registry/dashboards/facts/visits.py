"""What visits add: held ones by kind and month, first contacts, each employer once a year. 走访统计来源."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, case, extract, or_, select
from sqlalchemy.orm import aliased

from ...core.db import db
from ...organisations.queries.localities import counted_for
from ...visits.enums import VisitKind, VisitState
from ...visits.models import Visit, VisitVisibility
from ...visits.queries import predicates
from ..cut import month_of
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import places_of

HELD, EMPLOYERS = "visits.held", "visits.employers"
FIRST, TOLD = "visits.first", "visits.contact_told"


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Four queries for a batch."""
    viewers = viewers_of(VisitVisibility.record_id, VisitVisibility.organisation_id, numbers)
    columns: tuple[Any, ...] = (
        Visit.id, Visit.kind, Visit.held_on, Visit.visitor_id, Visit.visited_id, Visit.region_code,
        _flag(predicates.first_contact()).label("first"), _flag(predicates.contact_told()).label("told"),
        _flag(predicates.first_of_year()).label("first_of_year"),
    )  # fmt: skip
    wanted = (Visit.id.in_(numbers), Visit.state == VisitState.HELD)
    rows = db.session.execute(select(*columns).where(*wanted)).all()
    places, counts_for = places_of({one for row in rows for one in _sides(row)}), counted_for()
    found = {}
    for row in rows:
        here = counts_for.get(row.region_code or "")
        localities = places.localities_of(_sides(row)) | ({here} if here else set())
        found[row.id] = [Given(viewers[row.id], localities, places.universities_of(_sides(row)), tuple(_facts(row)))]
    return found


def _flag(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _sides(row: Row[Any]) -> tuple[int | None, int | None]:
    return row.visitor_id, row.visited_id


def _facts(row: Row[Any]) -> Iterator[Fact]:
    month = month_of(row.held_on)
    yield Fact(HELD, month, str(row.kind))
    if row.kind is not VisitKind.ENTERPRISE_EXPANSION:
        return
    for metric, is_so in ((EMPLOYERS, row.first_of_year), (TOLD, row.told), (FIRST, row.first)):
        if is_so:
            yield Fact(metric, month)


def of_the_year(numbers: Sequence[int]) -> Collection[int]:
    """Other visits of the same organisation to the same employer in the same year: which is the first may change."""
    other = aliased(Visit)
    same = (
        other.employer_key == Visit.employer_key,
        other.visitor_id == Visit.visitor_id,
        or_(Visit.held_on.is_(None), extract("year", other.held_on) == extract("year", Visit.held_on)),
    )
    statement = select(other.id).join(Visit, Visit.id.in_(numbers)).where(*same, other.held_on.is_not(None))
    return db.session.scalars(statement.distinct()).all()


def employers_of(numbers: Sequence[int]) -> Collection[object]:
    """Who visited whom."""
    return db.session.execute(select(Visit.visitor_id, Visit.employer_key).where(Visit.id.in_(numbers))).all()


SOURCE = Source(
    Visit.kind_code,
    read,
    numbers_of(Visit.id),
    seen_in(VisitVisibility.record_id, VisitVisibility.organisation_id),
    {Visit: "id", VisitVisibility: "record_id"},
    lambda organisation_id: select(Visit.id).where(
        or_(Visit.visitor_id == organisation_id, Visit.visited_id == organisation_id)
    ),
    {Visit.kind_code: of_the_year},
    {Visit.kind_code: employers_of},
)
