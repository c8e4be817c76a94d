"""What promises add: periods due, closed, open; how far they are kept; when their lights turn. 承诺统计来源.

`CommitmentTotal` answers what one organisation promised or was promised. Here a period counts once for everybody who
sees its promise, however many of its parties they stand above, and for the localities and universities in it. How it
stands is read from `PeriodStanding`, which is kept in step with the periods. What is open counts by its day, what is
settled by its month, so that nothing has to be counted anew at midnight. Shares are sums of millionths.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ...commitments.enums import UNCOUNTED, Bucket, PeriodState
from ...commitments.models import (
    Commitment,
    CommitmentPeriod,
    CommitmentSide,
    CommitmentVisibility,
    PeriodStanding,
)
from ...core.dates import today
from ...core.db import db
from ...organisations.workdays import Calendar, calendar
from ...tasks.lights import URGENT_DAYS
from ..cut import day_key, month_of
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import places_of

CLOSED, CLOSED_VERIFIED, CLOSED_REPORTED = "promises.closed", "promises.closed_verified", "promises.closed_reported"
OPEN, OPEN_VERIFIED, OPEN_REPORTED = "promises.open", "promises.open_verified", "promises.open_reported"
RED, YELLOW = "promises.red", "promises.yellow"
HORIZON = timedelta(days=120)  # how far ahead days are known
ONE_DAY = timedelta(days=1)
S = PeriodStanding
COLUMNS = (
    CommitmentPeriod.commitment_id, S.period_id, S.state, S.bucket, S.starts_on, S.due_on, S.counts_on, S.behind_on,
    S.far_behind_on, S.verified, S.reported,
)  # fmt: skip


@dataclass(frozen=True)
class Sky:
    """Today and the working days: what lights are judged by."""

    today: date
    workdays: Calendar

    @property
    def beyond(self) -> date:
        """The last day that is near enough to be told."""
        return self.today + HORIZON

    def urgent_from(self, due_on: date) -> date:
        """The first day with no more than URGENT_DAYS working days left after it."""
        day, left = due_on, 0
        while left <= URGENT_DAYS:
            left += self.workdays.works_on(day)
            day -= ONE_DAY
        return day + ONE_DAY


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Five queries for a batch, one of them for the calendar."""
    seen = CommitmentVisibility
    viewers = viewers_of(seen.record_id, seen.organisation_id, numbers)
    sides: dict[int, set[int]] = {}
    columns = (CommitmentSide.commitment_id, CommitmentSide.organisation_id)
    for number, organisation_id in db.session.execute(select(*columns).where(columns[0].in_(numbers))):
        sides.setdefault(number, set()).add(organisation_id)
    places = places_of(set().union(*sides.values()))
    sky = Sky(today(), calendar())
    return {
        number: [
            _given(
                viewers[number],
                places.localities_of(sides.get(number, ())),
                places.universities_of(sides.get(number, ())),
                [one for row in rows for one in _facts(row, sky)],
                sky.beyond,
            )
        ]
        for number, rows in _standing(numbers).items()
    }


def _standing(numbers: Sequence[int]) -> dict[int, list[Any]]:
    """Every period once: it stands alike to all, but for whom it waits."""
    statement = select(*COLUMNS).join(CommitmentPeriod, CommitmentPeriod.id == S.period_id).distinct()
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement.where(CommitmentPeriod.commitment_id.in_(numbers))):
        found.setdefault(row.commitment_id, []).append(row)
    return found


def _given(
    viewers: frozenset[int],
    localities: frozenset[str],
    universities: frozenset[int],
    facts: Sequence[tuple[Fact, date | None]],
    last: date,
) -> Given:
    near = tuple(fact for fact, day in facts if day is None or day <= last)
    later = [day for _fact, day in facts if day and day > last]
    return Given(viewers, localities, universities, near, min(later) - HORIZON if later else None)


def _facts(row: Any, sky: Sky) -> Iterator[tuple[Fact, date | None]]:
    """Each with the day that it belongs to, None for a month."""
    if row.state in UNCOUNTED:
        return
    if row.bucket is Bucket.SETTLED:
        month = month_of(row.counts_on)
        yield Fact(CLOSED, month), None
        yield from ((fact, None) for fact in _shares(CLOSED_VERIFIED, CLOSED_REPORTED, month, "", row))
        return
    key, part = day_key(row.due_on), str(row.bucket)
    yield Fact(OPEN, key, part), row.due_on
    yield from ((fact, row.due_on) for fact in _shares(OPEN_VERIFIED, OPEN_REPORTED, key, part, row))
    if row.bucket is Bucket.OPEN:
        yield from _lights(row, sky)


def _shares(verified: str, reported: str, month: int, part: str, row: Any) -> Iterator[Fact]:
    if row.verified:
        yield Fact(verified, month, part, row.verified)
    if row.reported:
        yield Fact(reported, month, part, row.reported)


def _lights(row: Any, sky: Sky) -> Iterator[tuple[Fact, date | None]]:
    """The days from which it is red, and red or yellow; as `ledger.shows` and `lights.light_of` judge."""
    late = row.due_on + ONE_DAY if row.state is not PeriodState.SUBMITTED else date.max
    red = max(row.starts_on, min(late, row.far_behind_on or date.max))
    yellow = max(row.starts_on, min(red, row.behind_on or date.max, sky.urgent_from(row.due_on)))
    for metric, day in ((RED, red), (YELLOW, yellow)):
        if day != date.max:
            yield Fact(metric, day_key(day)), day


SOURCE = Source(
    "commitment",
    read,
    numbers_of(Commitment.id),
    seen_in(CommitmentVisibility.record_id, CommitmentVisibility.organisation_id),
    {Commitment: "id", CommitmentSide: "commitment_id", CommitmentVisibility: "record_id"},
    lambda organisation_id: select(CommitmentSide.commitment_id).where(
        CommitmentSide.organisation_id == organisation_id
    ),
)
