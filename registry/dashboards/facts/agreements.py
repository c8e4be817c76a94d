"""What agreements add: in force now and in every month before, signed, ended, expiring, lacking details. 协议统计来源.

Stocks of the present are those of the list as it stands (`AgreementVisibility.status`, parties that are bound); of a
month that is over those of the list on its last day (periods, parties that were bound then). A flow of +1 where an
agreement comes into force and −1 where it leaves makes the latter: their sum up to a month is what was in force then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from ...agreements.models import (
    Agreement,
    AgreementParty,
    AgreementPeriod,
    AgreementStatus,
    AgreementVisibility,
    ClosureOutcome,
)
from ...agreements.queries.coverage import EXACT_ENOUGH, SIGNED
from ...core.dates import today
from ...core.db import db
from ..cut import day_key, month_of
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import Places, places_of

IN_FORCE, COMPLETE, LAPSED, LACKING = (
    "agreements.in_force", "agreements.complete", "agreements.lapsed", "agreements.lacking",
)  # fmt: skip
HELD, HELD_COMPLETE, ENDED = "agreements.held", "agreements.held_complete", "agreements.ended"
LONG = frozenset({HELD, HELD_COMPLETE, ENDED})  # asked from the beginning: kept by years, too, so that few rows tell it
NEWLY_SIGNED, EXPIRING = "agreements.signed", "agreements.expiring"
HORIZON = timedelta(days=120)  # how far ahead the days are known on which agreements expire
COLUMNS = (
    Agreement.id, Agreement.kind, Agreement.status, Agreement.outcome, Agreement.signed_on,
    Agreement.signed_precision, Agreement.expires_on, Agreement.open_ended, Agreement.needs_details,
)  # fmt: skip
Where = tuple[frozenset[str], frozenset[int]]


@dataclass(frozen=True)
class Stay:
    """An organisation that is or was bound: from a day (None: from the first) until the day before another."""

    organisation_id: int
    first: date | None
    until: date | None
    is_bound: bool

    def holds_on(self, day: date) -> bool:
        """Whether it was bound on the day, as the list of a past day says (`ledger._bound`)."""
        return (self.first is None or self.first <= day) and (self.until is None or self.until > day)


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Five queries for a batch."""
    seen = AgreementVisibility
    viewers = viewers_of(seen.agreement_id, seen.organisation_id, numbers)
    stays, periods = _stays(numbers), _periods(numbers)
    places = places_of({one.organisation_id for found in stays.values() for one in found})
    rows = db.session.execute(select(*COLUMNS).where(Agreement.id.in_(numbers)))
    return {
        row.id: list(_given(row, viewers[row.id], stays.get(row.id, []), periods.get(row.id, []), places))
        for row in rows
    }


def _stays(numbers: Sequence[int]) -> dict[int, list[Stay]]:
    party = AgreementParty
    columns: tuple[Any, ...] = (
        party.agreement_id, party.organisation_id, party.joined_on, party.left_on, party.is_bound
    )  # fmt: skip
    here = or_(party.is_bound.is_(True), party.left_on.is_not(None))
    statement = select(*columns).where(party.agreement_id.in_(numbers), party.position > 0, here)
    found: dict[int, list[Stay]] = {}
    for number, *stay in db.session.execute(statement.where(party.organisation_id.is_not(None))):
        found.setdefault(number, []).append(Stay(*stay))
    return found


def _periods(numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    period = AgreementPeriod
    columns: tuple[Any, ...] = (
        period.agreement_id, period.from_on, period.until_on, period.status, period.outcome
    )  # fmt: skip
    statement = select(*columns).where(period.agreement_id.in_(numbers)).order_by(period.from_on)
    found: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.agreement_id, []).append(row)
    return found


def _given(
    row: Any, viewers: frozenset[int], stays: Sequence[Stay], periods: Sequence[Any], places: Places
) -> Iterator[Given]:
    by_place: dict[Where, list[Fact]] = {}
    now = [one.organisation_id for one in stays if one.is_bound]
    by_place.setdefault(_where(now, places), []).extend(_present(row))
    for metric, first, until in _stretches(row, periods):
        for begins, ends, bound in _pieces(first, until, stays):
            facts = by_place.setdefault(_where(bound, places), [])
            facts.extend(_turn(metric, begins, row, 1))
            if ends:
                facts.extend(_turn(metric, ends, row, -1))
    again_on = _again_on(row)
    for (localities, universities), facts in by_place.items():
        yield Given(viewers, localities, universities, tuple(facts), again_on)


def _turn(metric: str, day: date, row: Any, by: int) -> Iterator[Fact]:
    """One more or less from a month on; by kind only where a figure is asked by kind."""
    kind = str(row.kind) if metric == HELD else ""
    yield Fact(metric, month_of(day), kind, by, by)
    yield Fact(by_year(metric), day.year, kind, by, by)


def by_year(metric: str) -> str:
    """The name of a long amount by years; its `Fact.month` is YYYY."""
    return f"{metric}.years"


def _where(organisation_ids: Sequence[int], places: Places) -> Where:
    return places.localities_of(organisation_ids), places.universities_of(organisation_ids)


def _present(row: Any) -> Iterator[Fact]:
    kind = str(row.kind)
    if row.status is AgreementStatus.IN_FORCE:
        yield Fact(IN_FORCE, part=kind)
        if not row.needs_details:
            yield Fact(COMPLETE)
        if _expires(row) and row.expires_on <= today() + HORIZON:
            yield Fact(EXPIRING, day_key(row.expires_on), kind)
    if row.outcome is ClosureOutcome.EXPIRED:
        yield Fact(LAPSED)
    if row.needs_details:
        yield Fact(LACKING)
    if row.status in SIGNED and row.signed_on and row.signed_precision in EXACT_ENOUGH:
        yield Fact(NEWLY_SIGNED, month_of(row.signed_on), kind)


def _expires(row: Any) -> bool:
    return row.status is AgreementStatus.IN_FORCE and row.expires_on is not None and not row.open_ended


def _again_on(row: Any) -> date | None:
    """The day from which the day of its end lies near enough to be told."""
    if not _expires(row) or row.expires_on <= today() + HORIZON:
        return None
    found: date = row.expires_on - HORIZON
    return found


def _stretches(row: Any, periods: Sequence[Any]) -> Iterator[tuple[str, date, date | None]]:
    """In force, and run out without being renewed, from one day until another; neighbours of one kind stay apart."""
    for period in periods:
        if period.status is AgreementStatus.IN_FORCE:
            yield HELD, period.from_on, period.until_on
            if not row.needs_details:
                yield HELD_COMPLETE, period.from_on, period.until_on
        if period.outcome is ClosureOutcome.EXPIRED:
            yield ENDED, period.from_on, period.until_on


def _pieces(first: date, until: date | None, stays: Sequence[Stay]) -> Iterator[tuple[date, date | None, list[int]]]:
    """The stretch, cut where somebody joins or leaves, with who is bound meanwhile."""
    turns = {day for one in stays for day in (one.first, one.until) if day and day > first}
    days = [first, *sorted(day for day in turns if until is None or day < until)]
    for begins, ends in zip(days, [*days[1:], until], strict=True):
        yield begins, ends, [one.organisation_id for one in stays if one.holds_on(begins)]


SOURCE = Source(
    "agreement",
    read,
    numbers_of(Agreement.id),
    seen_in(AgreementVisibility.agreement_id, AgreementVisibility.organisation_id),
    {Agreement: "id", AgreementParty: "agreement_id", AgreementVisibility: "agreement_id"},
    lambda organisation_id: select(AgreementParty.agreement_id).where(
        AgreementParty.organisation_id == organisation_id
    ),
)
