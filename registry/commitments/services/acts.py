"""What every act on a period ends with: the event, the ledger in step, the audit event, the message. 办理留痕."""

from collections.abc import Mapping
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.figures.columns import FigureValue
from ...core.figures.kinds import TOO_LARGE, Number
from ...core.i18n import Message, msg
from ...records.services import settle
from ..enums import EventKind, Measure
from ..models import Commitment, CommitmentPeriod, PeriodEvent
from . import standing, telling

FIGURES = ("target", "reported", "verified", "disputed")
ADDED, ENDED, CHANGED = "commitment:added", "commitment:ended", "commitment:changed"
PLACES = FigureValue.impl.scale


def note(
    period: CommitmentPeriod, kind: EventKind, actor: User | None, text: str = "", *, by_organisation: int | None = None
) -> PeriodEvent:
    """Add to the period's history how it stands now; never changed afterwards."""
    event = PeriodEvent(
        period_id=period.id,
        kind=kind,
        state=period.state,
        organisation_id=by_organisation or (actor.organisation_id if actor else None),
        user_id=actor.id if actor else None,
        happened_on=today(),
        target=period.target,
        reported=period.reported,
        verified=period.verified,
        disputed=period.disputed,
        note=text,
    )
    db.session.add(event)
    return event


def finish(
    period: CommitmentPeriod,
    kind: EventKind,
    action: Action,
    actor: User,
    before: Mapping[str, Any],
    text: str = "",
) -> None:
    """End an act of a person: event, rows that lists read, newer version, audit.

    Whoever looked before looks again, even where the figure is the same: the evidence may be another. A remark
    changes nothing that anybody decides on.
    """
    event = note(period, kind, actor, text)
    if kind is not EventKind.SAID:
        period.updated_at = now()
    keep(period, action, actor, before, text)
    telling.tell_of(event, period, actor)


def keep(period: CommitmentPeriod, action: Action, actor: User, before: Mapping[str, Any], text: str = "") -> None:
    """The same without an event of its own."""
    db.session.flush()
    standing.refresh([period])
    after = snapshot(period)
    changes = {name: (old, after[name]) for name, old in before.items() if old != after[name]}
    settle(period.commitment, actor, action, {"period": (None, period.no), **changes}, text)


def snapshot(period: CommitmentPeriod) -> dict[str, Any]:
    """How a period stands, for the audit."""
    found = {name: getattr(period, name) for name in FIGURES}
    return {
        "state": str(period.state),
        **{name: None if value is None else str(value) for name, value in found.items()},
        "reopened": period.reopened,
    }


def check_figure(figure: Number | None, commitment: Commitment, field: str = "figure") -> Number:
    """A figure that fits the measure. Raises Invalid: below zero, too large, halves of what is counted."""
    problem = _problem(figure, commitment)
    if problem or figure is None:
        raise Invalid({field: [problem or msg("Give a figure")]})
    return figure


def _problem(figure: Number | None, commitment: Commitment) -> Message | None:
    if figure is None:
        return msg("Give a figure")
    if figure < 0 or figure >= TOO_LARGE:
        return msg("The figure is out of range")
    if commitment.measure is Measure.BOOLEAN and figure not in (0, 1):
        return msg("Done is 1, not done is 0")
    if commitment.measure is Measure.COUNT and figure != int(figure):
        return msg("What is counted comes in whole numbers")
    if commitment.measure is Measure.PERCENT and figure > 100:
        return msg("At most 100 per cent")
    return msg("At most four decimals") if round(figure, PLACES) != figure else None
