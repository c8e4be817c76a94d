"""Which employer a visit was to, and who else saw it lately. 走访单位查重."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, extract, func, select

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import batched, db
from ...organisations import uscc
from ...organisations.models import Organisation
from ...organisations.names import fold
from ...organisations.queries.lookup import certainly_named
from ..enums import VisitState
from ..models import Visit, VisitVisibility

LOOK_BACK = timedelta(days=90)
MOST_NAMED = 5


@dataclass(frozen=True)
class Company:
    """Held visits to one employer in the last 90 days: by month, of whatever organisation, and those one may read.

    `known_before` is whether the asking organisation held a visit there before: what first contact or repeat suggests.
    """

    months: Sequence[tuple[str, int]]
    named: Sequence[Row[*tuple[Any, ...]]]
    known_before: bool

    @property
    def count(self) -> int:
        """How many visits."""
        return sum(number for _month, number in self.months)


def employer_key(visited: Organisation | None, name: str, code: str) -> str:
    """The same for every spelling that surely means the same employer; different ones are counted as different.

    A reported one is looked up by its valid credit code, then by its name; a wrong code says nothing.
    """
    if visited is None and code and uscc.is_valid(code):
        visited = db.session.scalar(select(Organisation).where(Organisation.uscc == code))
        if visited is None:
            return f"uscc:{code}"
    if visited is not None:
        return key_of(visited.public_id)
    meant = certainly_named(name)
    return key_of(meant.public_id) if meant else f"name:{fold(name)}"


def key_of(public_id: str) -> str:
    """The key of an organisation of the directory."""
    return f"org:{public_id}"


def company_of(key: str, actor: Actor, today: date, *, but: int = 0) -> Company:
    """Who saw an employer lately; `but` is the id of the visit that is being written."""
    since = (Visit.employer_key == key, Visit.state == VisitState.HELD, Visit.id != but)
    known = was_visited_by(key, actor.organisation_id, today, but)
    return Company(_months(since, today), _named(since, actor, today), known)


def was_visited_by(key: str, organisation_id: int, day: date, but: int = 0) -> bool:
    """Whether an organisation held a visit to the employer before, up to a day."""
    until = (Visit.held_on <= day, Visit.id != but)
    wanted = (Visit.employer_key == key, Visit.state == VisitState.HELD, Visit.visitor_id == organisation_id)
    with without_scope():  # one's own visits, whoever keeps them
        return db.session.scalar(select(Visit.id).where(*wanted, *until).limit(1)) is not None


def first_visits(keys: Collection[str], organisation_id: int) -> dict[str, date]:
    """On which day an organisation first held a visit to each of these employers, as far as it did."""
    held = (Visit.state == VisitState.HELD, Visit.visitor_id == organisation_id)
    found: dict[str, date] = {}
    with without_scope():  # one's own visits, whoever keeps them
        for some in batched(sorted(keys)):
            grouped = select(Visit.employer_key, func.min(Visit.held_on)).where(Visit.employer_key.in_(some), *held)
            rows = db.session.execute(grouped.group_by(Visit.employer_key))
            found |= {key: day for key, day in rows if day is not None}
    return found


def _months(since: Sequence[Any], today: date) -> Sequence[tuple[str, int]]:
    """Counts by month, the newest first: no names, so that everybody may know."""
    year, month = extract("year", Visit.held_on), extract("month", Visit.held_on)
    counted = (
        select(year.label("year"), month.label("month"), func.count().label("number"))
        .where(*since, Visit.held_on >= today - LOOK_BACK)
        .group_by(year, month)
        .order_by(year.desc(), month.desc())
    )
    with without_scope():  # other organisations' visits count too; nothing but their number is told
        rows = db.session.execute(counted).all()
    return [(f"{int(row.year)}-{int(row.month):02}", row.number) for row in rows]


def _named(since: Sequence[Any], actor: Actor, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    seen = VisitVisibility
    statement = (
        select(Visit.public_id, Visit.held_on, Visit.kind, Organisation.name_zh, Organisation.name_en)
        .join(seen, seen.record_id == Visit.id)
        .join(Organisation, Organisation.id == Visit.visitor_id)
        .where(*since, Visit.held_on >= today - LOOK_BACK, seen.organisation_id == actor.organisation_id)
        .order_by(Visit.held_on.desc(), Visit.id.desc())
        .limit(MOST_NAMED)
    )
    return db.session.execute(statement).all()
