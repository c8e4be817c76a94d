"""Promises between the two: lines of the timeline when a period was settled, and when one in hand is due.

No rung and no sign of life by themselves: the agreement is the one, what was done to keep them the other.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from ...commitments.enums import OPEN, PeriodState
from ...commitments.models import Commitment, CommitmentPeriod, CommitmentSide, CommitmentVisibility
from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.i18n import Message, msg
from ..pairs import Pair, both_take_part
from .base import Entry

PARTIES = (CommitmentSide.commitment_id, CommitmentSide.organisation_id)
SOON = timedelta(days=90)
SETTLED: dict[PeriodState, tuple[Message, str]] = {
    PeriodState.MET: (msg("Promise kept"), "ok"),
    PeriodState.PARTIALLY_MET: (msg("Promise kept in part"), "warn"),
    PeriodState.NOT_MET: (msg("Promise not kept"), "bad"),
    PeriodState.WAIVED: (msg("Promise waived"), ""),
}


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """What was settled, and what falls due within 90 days, as far as the actor sees it."""
    seen = CommitmentVisibility
    columns: tuple[Any, ...] = (
        Commitment.public_id,
        Commitment.title_zh,
        Commitment.title_en,
        CommitmentPeriod.state,
        CommitmentPeriod.due_on,
        CommitmentPeriod.closed_on,
    )
    statement = (
        select(*columns)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(seen, seen.record_id == Commitment.id)
        .where(Commitment.id.in_(both_take_part(PARTIES, pair)), seen.organisation_id == actor.organisation_id, _told())
    )
    return [_entry(row) for row in db.session.execute(statement)]


def _told() -> ColumnElement[bool]:
    is_due = CommitmentPeriod.state.in_(OPEN) & (CommitmentPeriod.due_on <= today() + SOON)
    return or_(CommitmentPeriod.state.in_(SETTLED), is_due & Commitment.paused_on.is_(None))


def _entry(row: Row[Any]) -> Entry:
    same = (row.title_zh, row.title_en, "commitments.show", row.public_id, "clipboard-check")
    if row.state in SETTLED:
        words, tone = SETTLED[row.state]
        return Entry(row.closed_on, words, *same, tone)
    return Entry(row.due_on, msg("Promise due"), *same, is_due=True)
