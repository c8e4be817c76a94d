"""Many reported figures verified at once with one note: all of them, or none. 批量核验."""

from collections.abc import Mapping

from ...accounts.models import User
from ...core.errors import Conflict, Forbidden, Invalid, NotFound, RegistryError, Stale, Unmet
from ...core.i18n import Message, msg
from .. import policy
from ..enums import PeriodState
from ..models import CommitmentPeriod
from ..queries import get_period, period_for_change
from . import verifying


def verify_chosen(chosen: Mapping[str, int], note: str, actor: User) -> int:
    """Verify the reported figures of these periods, each as the reader saw it (its version); how many there were.

    Raises Invalid where none or too many are chosen, Unmet with a sentence for each that changed meanwhile or cannot be
    verified; nothing counts then.
    """
    if not chosen:
        raise Invalid({"chosen": [msg("Choose at least one promise")]})
    if len(chosen) > verifying.MOST_AT_ONCE:
        raise Invalid({"chosen": [msg("At most %(most)s at once", most=verifying.MOST_AT_ONCE)]})
    problems: list[Message] = []
    for public_id in sorted(chosen):
        try:
            period = period_for_change(public_id, actor, chosen[public_id])
            _verify(period, note, actor)
        except (Stale, NotFound, Forbidden, Conflict, Invalid) as error:
            problems.append(_problem(public_id, error, actor))
    if problems:
        raise Unmet(problems)
    return len(chosen)


def _verify(period: CommitmentPeriod, note: str, actor: User) -> None:
    """A reported figure; a dispute is settled on its own page, in words. Raises what `verify` raises."""
    policy.may_verify(actor, period).enforce()
    if period.state is not PeriodState.SUBMITTED:
        raise Conflict(msg("This is not possible in the present state"))
    verifying.verify(period, period.reported, note, actor)


def _problem(public_id: str, error: RegistryError, actor: User) -> Message:
    """Which one, and why; of a changed one who changed it."""
    try:
        period = get_period(public_id, actor)
    except NotFound:
        return error.message
    return msg("%(promise)s: %(reason)s", promise=name_of(period), reason=_reason(error))


def name_of(period: CommitmentPeriod) -> str:
    """Its code, title and days in one line."""
    commitment = period.commitment
    return f"{commitment.audit_label}（{period.starts_on} — {period.due_on}）"


def _reason(error: RegistryError) -> Message:
    if isinstance(error, Stale) and error.changes:
        who = getattr(error.changes[0], "actor_name", "") or "—"
        return msg("changed meanwhile by %(who)s; look at it again", who=who)
    told = [message for messages in error.fields.values() for message in messages] if isinstance(error, Invalid) else []
    return next((one for one in told if isinstance(one, Message)), error.message)
