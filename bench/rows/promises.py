"""Promises of agreements in force, their periods in every state, and the ledger that lists read.

The ledger is not invented: `commitments.services.standing` works it out of the periods, as at every change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from registry.commitments.enums import (
    RESULTS,
    Category,
    CommitmentState,
    Comparator,
    Curve,
    Measure,
    Part,
    PeriodState,
    Recurrence,
    VerifyRule,
)
from registry.commitments.models import (
    Commitment,
    CommitmentPeriod,
    CommitmentSide,
    CommitmentVisibility,
    PeriodEvent,
    PeriodStanding,
)
from registry.commitments.recurrence import Frame, Span, spans
from registry.commitments.services import standing
from registry.commitments.services.spreading import AHEAD
from registry.core.dates import add_months

from .agreements import Made
from .cast import Cast
from .writing import Row, Rows, repeated, seen

S = PeriodState
KINDS = (
    (Category.FAIRS, "举办专场招聘会", 4, "场"),
    (Category.POSITIONS, "推送就业岗位", 500, "个"),
    (Category.INTERNSHIPS, "接收实习学生", 60, "人"),
    (Category.VISITS, "走访调研", 2, "次"),
)
OVER = repeated({"met": 14, "partially_met": 2, "not_met": 1, "waived": 1, "submitted": 1, "scheduled": 1})
RUNNING = repeated({"scheduled": 12, "submitted": 3, "returned": 1, "disputed": 1, "met": 3})
SHARES = {S.MET: 1.0, S.PARTIALLY_MET: 0.5, S.NOT_MET: 0.0, S.SUBMITTED: 0.75, S.RETURNED: 0.25, S.DISPUTED: 0.5}
EVENTS = {S.SUBMITTED: "reported", S.RETURNED: "sent_back", S.DISPUTED: "disputed", S.WAIVED: "waiver_granted"}
PERIOD = (
    "id", "commitment_id", "no", "starts_on", "due_on", "target", "reported", "verified", "disputed", "state",
    "reporter_id", "reported_on", "disputer_id", "close_requested_on", "reason", "waiver_reason", "closed_on",
)  # fmt: skip
COMMITMENT = (
    "id", "agreement_id", "revision_id", "origin", "article", "code", "state", "category", "measure", "comparator",
    "target", "unit", "recurrence", "curve", "verify_rule", "made_until", "title_zh", "owner_id", "sort_on", "is_demo",
)  # fmt: skip


@dataclass
class Promises:
    """Gives the numbers of promises and periods, and adds up what will be `CommitmentTotal`."""

    cast: Cast

    def __post_init__(self) -> None:
        self.numbers, self.periods = count(1), count(1)
        self.sums: dict[standing.Cell, tuple[int, ...]] = {}

    def rows(self, one: Made) -> Rows:
        """One promise or two of an agreement in force, as somebody marked them in it."""
        if not one.is_in_force:
            return
        for position in range(1, self.cast.dice.choice((1, 2, 2)) + 1):
            yield from self._promise(one, position)

    def finish(self) -> None:
        """Write the sums, inside a transaction."""
        standing.overwrite(self.sums)

    def _promise(self, one: Made, position: int) -> Rows:
        made = self._made(one, position)
        periods = self._spans(made, one.row)
        yield Commitment, values_of(made, COMMITMENT)
        for number, side in enumerate(made.sides, start=1):
            told = {"commitment_id": made.id, "position": number, "organisation_id": side.organisation_id}
            yield CommitmentSide, told | {"part": side.part, "accepted_on": made.sort_on}
        yield from seen(CommitmentVisibility, vars(made), "active", {made.owner_id, *made.party_ids}, self.cast.above)
        for span in periods:
            yield from self._period(made, span)

    def _made(self, one: Made, position: int) -> Commitment:
        row, (category, title, target, unit) = one.row, self.cast.dice.choice(KINDS)
        obligor, beneficiary = self.cast.dice.sample(one.parties, 2)
        sides = [CommitmentSide(organisation_id=obligor, part=Part.OBLIGOR)]
        sides.append(CommitmentSide(organisation_id=beneficiary, part=Part.BENEFICIARY))
        return Commitment(
            id=next(self.numbers),
            agreement_id=row["id"],
            revision_id=row["id"] * 2 - 1,
            origin="marked",
            article=str(position),
            code=f"K{position}",
            state=CommitmentState.ACTIVE,
            category=category,
            measure=Measure.COUNT,
            comparator=Comparator.AT_LEAST,
            target=target,
            unit=unit,
            recurrence=Recurrence.YEARLY,
            curve=Curve.LINEAR,
            weights=[],
            verify_rule=VerifyRule.ANY,
            is_joint=False,
            title_zh=title,
            owner_id=row["owner_id"],
            sort_on=row["effective_on"],
            is_demo=True,
            sides=sides,
        )

    def _spans(self, made: Commitment, row: Row) -> Sequence[Span]:
        """As `spreading` makes them: as far ahead as one looks."""
        until = add_months(max(self.cast.now, row["effective_on"]), AHEAD)
        made.made_until = None if row["expires_on"] <= until else until
        return spans(made.recurrence, Frame(row["effective_on"], row["expires_on"], until, None, None))

    def _period(self, made: Commitment, span: Span) -> Rows:
        period = CommitmentPeriod(
            id=next(self.periods), commitment=made, commitment_id=made.id, no=span.no,
            starts_on=span.starts_on, due_on=span.due_on, target=made.target, reason="", waiver_reason="",
        )  # fmt: skip
        self._live(period)
        ledger = list(standing.rows_of(period))
        standing.add_up(self.sums, ledger)
        yield CommitmentPeriod, values_of(period, PERIOD)
        yield from ((PeriodStanding, _standing(row)) for row in ledger)
        if period.reported_on:
            yield PeriodEvent, _event(period, period.reported_on)

    def _live(self, period: CommitmentPeriod) -> None:
        """What became of it by now."""
        now = self.cast.now
        period.state = S.SCHEDULED
        if period.starts_on >= now:
            return
        is_over = period.due_on < now
        period.state = S(self.cast.dice.choice(OVER if is_over else RUNNING))
        day = min(period.due_on, now - timedelta(days=1)) if is_over else _between(period.starts_on, now)
        if period.state is S.WAIVED:
            period.closed_on, period.waiver_reason = day, "双方同意"
        elif period.state is not S.SCHEDULED:
            _report(period, day)


def _between(first: date, last: date) -> date:
    return first + (last - first) / 2


def _report(period: CommitmentPeriod, day: date) -> None:
    """A figure was told by who promised, and verified, sent back or disputed by the other side."""
    obligor, beneficiary = (side.organisation_id for side in period.commitment.sides)
    figure = int(float(period.target) * SHARES[period.state])
    period.reported, period.reporter_id, period.reported_on = figure, obligor, day
    if period.state in RESULTS:
        period.verified, period.closed_on = figure, day
    elif period.state is S.RETURNED:
        period.reason = "请补充证明"
    elif period.state is S.DISPUTED:
        period.disputed, period.disputer_id, period.reason = 0, beneficiary, "数字不符"


def _event(period: CommitmentPeriod, day: date) -> Row:
    return {
        "period_id": period.id,
        "kind": EVENTS.get(period.state, "verified"),
        "state": period.state,
        "organisation_id": period.reporter_id,
        "happened_on": day,
        "target": period.target,
        "reported": period.reported,
        "verified": period.verified,
        "disputed": period.disputed,
    }


def _standing(row: standing.Row) -> Row:
    key = {"organisation_id": row.organisation_id, "part": row.part, "period_id": row.period_id}
    return key | dict(zip(standing.COLUMNS, row.values, strict=True))


def values_of(record: Any, names: tuple[str, ...]) -> Row:
    """The columns of a record that never was in a session."""
    return {name: getattr(record, name) for name in names}
