"""The sums of the ledger worked out from what happened, by other means than the registry's own."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import groupby

from sqlalchemy import select

from registry.commitments.enums import Part
from registry.commitments.models import Commitment, CommitmentPeriod, CommitmentTotal, PeriodEvent
from registry.core.access.scope import without_scope
from registry.core.db import db

MILLION = 1_000_000
REPORTING, FINAL = {"reported", "answered"}, {"met", "partially_met", "not_met", "waived", "cancelled"}
Sums = dict[tuple[int, str, date, str], tuple[int, ...]]


def from_events() -> Sums:
    """(organisation, part, month, category) → counted periods, verified, reported, met, waived."""
    found: dict[tuple[int, str, date, str], list[int]] = defaultdict(lambda: [0] * 5)
    histories = {number: list(events) for number, events in groupby(_events(), key=lambda one: one.period_id)}
    for period in db.session.scalars(select(CommitmentPeriod).order_by(CommitmentPeriod.id)):
        state, counts_on, verified, reported = _fold(period, histories.get(period.id, []))
        for organisation_id, part in _who(period.commitment):
            cell = found[organisation_id, part, counts_on.replace(day=1), str(period.commitment.category)]
            if state not in ("waived", "cancelled"):
                for place, more in enumerate((1, verified, reported, int(state == "met"))):
                    cell[place] += more
            cell[4] += int(state == "waived")
    return {cell: tuple(sums) for cell, sums in found.items() if any(sums)}


def kept() -> Sums:
    """The same as the registry keeps it."""
    return {
        (one.organisation_id, str(one.part), one.month, str(one.category)): sums
        for one in db.session.scalars(select(CommitmentTotal))
        if any(sums := (one.periods, one.verified, one.reported, one.met, one.waived))
    }


def is_kept() -> bool:
    """Whether both agree."""
    db.session.expire_all()
    with without_scope():
        assert kept() == from_events()
    return True


def _events() -> Iterable[PeriodEvent]:
    return db.session.scalars(select(PeriodEvent).order_by(PeriodEvent.period_id, PeriodEvent.id))


def _fold(period: CommitmentPeriod, events: list[PeriodEvent]) -> tuple[str, date, int, int]:
    """The state, from when it counts, the verified and the reported share, by what happened one after another."""
    state, closed_on, reported, verified = "scheduled", None, None, None
    for event in events:
        if event.kind in REPORTING:
            reported = event.reported
        if event.kind == "verified" and (event.state in FINAL or event.state == "scheduled"):
            verified = event.verified
        if event.kind in ("reopened", "reinstated"):
            verified, closed_on = None, None
        if event.state in FINAL and state not in FINAL:
            closed_on = event.happened_on
        state = str(event.state)
    counts_on = min(period.due_on, closed_on or period.due_on)
    shown = verified if reported is None else reported
    return state, counts_on, _share(verified, period.target), _share(shown, period.target)


def _share(figure: object, target: object) -> int:
    if figure is None:
        return 0
    share = min(Fraction(str(figure)) / Fraction(str(target)), Fraction(1))
    return int(share * MILLION)


def _who(commitment: Commitment) -> list[tuple[int, str]]:
    parts = (Part.OBLIGOR, Part.BENEFICIARY)
    return [(side.organisation_id, str(side.part)) for side in commitment.sides if side.part in parts]
