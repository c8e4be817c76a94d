"""What the other side does: verify, send back, dispute, strike off; and how a dispute ends. 核验、退回与争议。"""

from collections.abc import Sequence

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import Invalid
from ...core.figures.kinds import Number
from ...core.i18n import msg
from ...records.services import require_reason
from .. import policy
from ..enums import About, Comparator, EventKind, PeriodState, VerifyRule
from ..models import MILLION, CommitmentPeriod
from . import acts, standing

MOST_AT_ONCE = 100


def verify(period: CommitmentPeriod, figure: Number | None, note: str, actor: User) -> None:
    """Say that the figure is right; once everybody who has to has said so, it counts.

    It is struck off when the close-out was asked for, the target is reached or its last day is past; else it goes on
    with the figure verified so far. Where nobody reported by the last day, the other side says with a note what it
    knows; where several have to, it counts once all have said the same. Raises Forbidden for whoever promised or
    reported it, Conflict, Invalid for another figure than the reported one, which would be a dispute.
    """
    policy.may_verify(actor, period).enforce()
    figure = _agreed(period, acts.check_figure(figure, period.commitment), note)
    before = acts.snapshot(period)
    _voice(period, figure, actor.organisation_id, actor.id)
    if not policy.still_needed(period, About.FIGURE):
        _count(period, figure)
    acts.finish(period, EventKind.VERIFIED, Action.COMMITMENT_VERIFY, actor, before, note)


def close(period: CommitmentPeriod, note: str, actor: User) -> None:
    """Verify the reported figure and strike off, as was asked for (核验销号). Raises Forbidden, Conflict."""
    policy.may_close(actor, period).enforce()
    verify(period, period.reported, note, actor)


def verify_all(periods: Sequence[CommitmentPeriod], note: str, actor: User) -> int:
    """Verify the reported figures of many with one note; returns how many.

    Raises what `verify` raises for the first that cannot be, and nothing counts then.
    """
    if len(periods) > MOST_AT_ONCE:
        raise Invalid({"": [msg("At most %(most)s at once", most=MOST_AT_ONCE)]})
    for period in periods:
        verify(period, period.reported, note, actor)
    return len(periods)


def send_back(period: CommitmentPeriod, reason: str, actor: User) -> None:
    """The report or its evidence does not do. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_send_back(actor, period).enforce()
    require_reason(reason)
    before = acts.snapshot(period)
    period.send_back(reason)
    acts.finish(period, EventKind.SENT_BACK, Action.COMMITMENT_SEND_BACK, actor, before, reason)


def dispute(period: CommitmentPeriod, figure: Number | None, reason: str, actor: User) -> None:
    """Say another figure, with the reason; both are shown until one side gives way.

    Raises Forbidden, Conflict, Invalid by field.
    """
    policy.may_dispute(actor, period).enforce()
    require_reason(reason)
    figure = acts.check_figure(figure, period.commitment)
    if figure == period.reported:
        raise Invalid({"figure": [msg("This is the reported figure: verify it")]})
    before = acts.snapshot(period)
    period.dispute(figure, actor.organisation_id, actor.id, reason)
    acts.finish(period, EventKind.DISPUTED, Action.COMMITMENT_DISPUTE, actor, before, reason)


def answer(period: CommitmentPeriod, figure: Number | None, note: str, actor: User) -> None:
    """Answer a dispute: with the other side's figure it is agreed upon and verified, with another it waits again.

    Raises Forbidden, Conflict, Invalid by field.
    """
    policy.may_answer(actor, period).enforce()
    figure = acts.check_figure(figure, period.commitment)
    if not note.strip():
        raise Invalid({"note": [msg("Say what you answer")]})
    before = acts.snapshot(period)
    agreed = (period.disputer_id, period.disputed_by_id) if figure == period.disputed else None
    period.submit(figure, actor.organisation_id, actor.id, today())
    acts.finish(period, EventKind.ANSWERED, Action.COMMITMENT_ANSWER, actor, before, note)
    if agreed and agreed[0] in policy.verifiers(period):
        _agree(period, figure, agreed[0], agreed[1], actor)


def _agree(period: CommitmentPeriod, figure: Number, organisation_id: int, user_id: int | None, actor: User) -> None:
    """What the disputing side said is now what the reporting side says: it has verified it."""
    before = acts.snapshot(period)
    _voice(period, figure, organisation_id, user_id)
    if not policy.still_needed(period, About.FIGURE):
        _count(period, figure)
    event = acts.note(period, EventKind.VERIFIED, None, by_organisation=organisation_id)
    event.user_id = user_id
    acts.keep(period, Action.COMMITMENT_ANSWER, actor, before)


def settle_dispute(period: CommitmentPeriod, note: str, actor: User) -> None:
    """Take the reported figure after all. Raises Forbidden, Conflict, Invalid without a note."""
    policy.may_settle_dispute(actor, period).enforce()
    if not note.strip():
        raise Invalid({"note": [msg("Say what you answer")]})
    verify(period, period.reported, note, actor)


def say(period: CommitmentPeriod, note: str, actor: User) -> None:
    """Add a remark to what is open. Raises Forbidden, Conflict, Invalid without words."""
    policy.may_say(actor, period).enforce()
    if not note.strip():
        raise Invalid({"note": [msg("Write something")]})
    acts.finish(period, EventKind.SAID, Action.COMMITMENT_SAY, actor, acts.snapshot(period), note)


def _agreed(period: CommitmentPeriod, figure: Number, note: str) -> Number:
    if period.reported is None and not note.strip():
        raise Invalid({"note": [msg("Nobody reported: say how you know the figure")]})
    if period.reported is not None and figure != period.reported:
        raise Invalid({"figure": [msg("Another figure than the reported one is a dispute")]})
    return figure


def _voice(period: CommitmentPeriod, figure: Number, organisation_id: int, user_id: int | None) -> None:
    if period.state is PeriodState.DISPUTED and period.commitment.verify_rule is VerifyRule.ALL:
        period.resume_report()
    period.say_figure(figure, organisation_id, user_id)


def _count(period: CommitmentPeriod, figure: Number) -> None:
    period.verify(figure, _result(period, figure), today())


def _result(period: CommitmentPeriod, figure: Number) -> PeriodState | None:
    kept = standing.millionths(period, figure)
    reached = kept == MILLION and period.commitment.comparator is Comparator.AT_LEAST
    if not (reached or period.close_requested_on or period.due_on < today()):
        return None
    if kept == MILLION:
        return PeriodState.MET
    return PeriodState.PARTIALLY_MET if kept else PeriodState.NOT_MET
