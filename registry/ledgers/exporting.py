"""Everything of a ledger that the reader sees, batch by batch, as rows by field. 台账导出.

Phones are masked; what the record has no place for comes from the row that it was entered from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from sqlalchemy import and_, or_, select

from ..accounts.models import User
from ..activities.enums import ActivityState
from ..activities.models import Activity
from ..activities.queries.listing import LISTING as ACTIVITIES
from ..agreements.models import Agreement, AgreementVisibility, SigningEvent
from ..agreements.queries import Filter, narrowed
from ..agreements.queries.seals import register_of_seals
from ..bases.queries import LISTING as BASES
from ..core.db import db
from ..core.rows import named
from ..docking.queries import LISTING as CASES
from ..mechanisms.queries import LISTING as MECHANISMS
from ..records.queries import Listing
from ..tasks.queries import LISTING as TASKS
from ..visits.enums import VisitKind, VisitState
from ..visits.models import Visit, VisitVisibility
from ..visits.queries.listing import LISTING as VISITS
from ..workstations.queries import LISTING as STATIONS
from . import queries
from .definitions import Column, Sort
from .targets import activities, bases, docking, mechanisms, seals, tasks, workstations
from .targets import agreement_facts as agreements
from .targets import visit_facts as visits
from .targets.agreements import ON_PAPER
from .targets.base import Target
from .targets.catalogue import TARGETS

BATCH = 500
Facts = tuple[str, Mapping[str, str]]
Source = Callable[[User, Any], Iterator[list[Facts]]]
Narrowing = Sequence[Any]
Printer = Callable[[str], object]
REMEMBERED = 500  # words of a column


def rows_of(target: Target, actor: User, wanted: Any = None) -> Iterator[dict[str, object]]:
    """Rows as the ledger prints them, by field what is said; `wanted` is the filter of the list, where it has one."""
    for batch in SOURCES[target.code](actor, wanted):
        kept = queries.kept_beside([public_id for public_id, _facts in batch], target.code, actor)
        for public_id, facts in batch:
            yield printed(target, facts, kept.get(public_id, {}))


def printed(target: Target, facts: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, object]:
    """What one row says: the record's own words first, then what only the imported row knows."""
    printers = _printers(target.code)
    said = {name: text for name, text in facts.items() if text and name in printers}
    for name, text in kept.items():
        is_own = text and name in printers and name not in target.kept
        if is_own and (name in target.own_words or name not in said):
            said[name] = text
    return {name: printer(text) if (printer := printers[name]) else text for name, text in said.items()}


@cache
def _printers(code: str) -> Mapping[str, Printer | None]:
    """How each column of a ledger is printed; None where text stays as it is."""
    return {column.field: _printer(TARGETS[code], column) for column in TARGETS[code].ledger.columns}


def _printer(target: Target, column: Column) -> Printer | None:
    if column.sort in (Sort.INT, Sort.DECIMAL):
        return _number
    if column.sort is Sort.BOOL or target.shown.get(column.field):
        return lru_cache(REMEMBERED)(partial(target.words_for, column.field))
    return None


def _number(text: str) -> object:
    return int(text) if text.isdecimal() and len(text) < 12 else text


def _agreements(actor: User, wanted: Any) -> Iterator[list[Facts]]:
    seen = AgreementVisibility
    statement = (
        narrowed(select(*agreements.COLUMNS, seen.sort_on.label("sorted_on")), actor, wanted or Filter())
        .outerjoin(SigningEvent, SigningEvent.id == Agreement.signing_event_id)
        .where(Agreement.status.in_(ON_PAPER))
        .order_by(seen.sort_on.desc(), seen.agreement_id.desc())
    )
    for rows in _batches(statement, _earlier):
        yield [(row.public_id, agreements.facts(row, parties)) for row, parties in agreements.with_parties(rows)]


def _earlier(last: Any) -> Any:
    seen = AgreementVisibility
    same_day = and_(seen.sort_on == last.sorted_on, seen.agreement_id < last.id)
    return or_(seen.sort_on < last.sorted_on, same_day)


def _batches(statement: Any, after: Callable[[Any], Any]) -> Iterator[Sequence[Any]]:
    rows = named(db.session.execute(statement.limit(BATCH)).all())
    while rows:
        yield rows
        rows = named(db.session.execute(statement.where(after(rows[-1])).limit(BATCH)).all())


def _listed(
    listing: Listing[Any], conditions: Narrowing, beside: Callable[..., Any], facts: Callable[[Any, Any], Any]
) -> Source:
    """A ledger of shared records, in the order of their list."""

    def batches(actor: User, _wanted: Any) -> Iterator[list[Facts]]:
        for rows in listing.batches(actor, conditions):
            yield [(row.public_id, facts(row, found)) for row, found in beside(rows)]

    return batches


def _visits(kind: VisitKind) -> Source:
    wanted = (Visit.kind == kind, VisitVisibility.state == VisitState.HELD)
    return _listed(VISITS, wanted, visits.with_beside, visits.facts)


def _docking(actor: User, _wanted: Any) -> Iterator[list[Facts]]:
    for rows in CASES.batches(actor, ()):
        yield [(row.public_id, docking.facts(row, beside)) for row, beside in docking.with_stages(rows, actor)]


def _seals(actor: User, _wanted: Any) -> Iterator[list[Facts]]:
    for uses in register_of_seals(actor):
        beside = seals.read_beside(uses, actor)
        yield [(use.public_id, seals.facts(use, beside)) for use in uses]


def _alone(rows: Sequence[Any]) -> list[tuple[Any, None]]:
    return [(row, None) for row in rows]


SOURCES: Mapping[str, Source] = {
    "agreement": _agreements,
    "workstation": _listed(STATIONS, (), workstations.with_sides, workstations.facts),
    "docking": _listed(MECHANISMS, (), mechanisms.with_sides, mechanisms.facts),
    "visit_enterprise": _visits(VisitKind.ENTERPRISE_EXPANSION),
    "follow_up": _visits(VisitKind.FOLLOW_UP),
    "enterprise_docking": _docking,
    "task": _listed(TASKS, (), tasks.with_beside, tasks.facts),
    "seal": _seals,
    "base": _listed(BASES, (), _alone, lambda row, _beside: bases.facts(row)),
    "recruitment": _listed(
        ACTIVITIES, (Activity.state == ActivityState.HELD,), activities.with_beside, activities.facts
    ),
}
