"""Letting a promise of a period go: one side asks with a reason, the other agrees. And opening again. 豁免与重开。"""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import today
from ...records.services import require_reason
from .. import policy
from ..enums import About, EventKind
from ..models import CommitmentPeriod, PeriodVoice
from . import acts


def ask_waiver(period: CommitmentPeriod, reason: str, actor: User) -> None:
    """Ask the other side to let it go. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_ask_waiver(actor, period).enforce()
    require_reason(reason)
    before = acts.snapshot(period)
    period.ask_waiver(actor.organisation_id, actor.id, reason)
    acts.finish(period, EventKind.WAIVER_ASKED, Action.COMMITMENT_ASK_WAIVER, actor, before, reason)


def consent_waiver(period: CommitmentPeriod, note: str, actor: User) -> None:
    """Agree; it is waived once everybody who has to has agreed. Raises Forbidden for whoever asked, Conflict."""
    policy.may_consent(actor, period).enforce()
    before = acts.snapshot(period)
    period.voices.append(PeriodVoice(organisation_id=actor.organisation_id, about=About.WAIVER, user_id=actor.id))
    if not policy.still_needed(period, About.WAIVER):
        period.waive(today())
    acts.finish(period, EventKind.WAIVER_GRANTED, Action.COMMITMENT_CONSENT, actor, before, note)


def refuse_waiver(period: CommitmentPeriod, reason: str, actor: User) -> None:
    """Refuse it, or take back what one's own organisation asked for.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    policy.may_refuse_waiver(actor, period).enforce()
    require_reason(reason)
    before = acts.snapshot(period)
    period.drop_waiver()
    acts.finish(period, EventKind.WAIVER_REFUSED, Action.COMMITMENT_CONSENT, actor, before, reason)


def reopen(period: CommitmentPeriod, reason: str, actor: User) -> None:
    """What was settled is in hand again, counted. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_reopen(actor, period).enforce()
    require_reason(reason)
    before = acts.snapshot(period)
    period.reopen(reason)
    acts.finish(period, EventKind.REOPENED, Action.COMMITMENT_REOPEN, actor, before, reason)
