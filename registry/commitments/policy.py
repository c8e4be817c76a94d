"""Rules beyond the policy table: who may do what with a promise. Pure. 承诺规则.

Nobody verifies their own promise: the verifier's organisation is never the one whose figure stands, nor, unless all
promised each other the same, one that answers for the promise. A person who has moved to the other side does not say
yes there to what they said before.
"""

from datetime import date

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.dates import today
from ..core.i18n import Message, msg
from .enums import RESULTS, About, CommitmentState, Part, PeriodState, VerifyRule
from .models import Commitment, CommitmentPeriod

REPORTABLE = (PeriodState.SCHEDULED, PeriodState.SUBMITTED, PeriodState.RETURNED)
OWN = msg("Nobody verifies their own promise: this is for the other side")
OWN_WORD = msg("You said this yourself for the other side: it is for somebody else of your organisation")


def verifiers(period: CommitmentPeriod) -> frozenset[int]:
    """The organisations any of which may say that the figure is right."""
    commitment = period.commitment
    beneficiaries = commitment.having(Part.BENEFICIARY) - {period.reporter_id}
    if commitment.is_joint:
        others = beneficiaries if period.reporter_id is not None else frozenset[int]()
    else:
        others = beneficiaries - commitment.having(Part.OBLIGOR)
    if commitment.verify_rule is VerifyRule.LEAD and commitment.lead_id in others:
        return others & {commitment.lead_id}
    return others


def consenters(period: CommitmentPeriod) -> tuple[frozenset[int], bool]:
    """Who may agree to the waiver that was asked for, and whether all of them have to."""
    commitment, asker = period.commitment, period.waiver_by_id
    obligors, beneficiaries = commitment.having(Part.OBLIGOR), commitment.having(Part.BENEFICIARY)
    need_all, of_lead = commitment.verify_rule is VerifyRule.ALL, commitment.verify_rule is VerifyRule.LEAD
    if not commitment.is_joint and asker not in obligors:
        others = beneficiaries - {asker}
        asked = others if need_all else others & {commitment.lead_id} if of_lead else frozenset[int]()
        return (obligors | asked, True) if asked else (obligors, False)
    others = beneficiaries - obligors if not commitment.is_joint else beneficiaries - {asker}
    if of_lead and commitment.lead_id in others:
        return others & {commitment.lead_id}, False
    return others, need_all


def still_needed(period: CommitmentPeriod, about: About) -> frozenset[int]:
    """Whose yes is waited for now: of those who have not said it."""
    if about is About.FIGURE:
        who, need_all = verifiers(period), period.commitment.verify_rule is VerifyRule.ALL
    else:
        who, need_all = consenters(period)
    said = period.voiced(about) & who
    return who - said if need_all or not said else frozenset()


def waits_for(period: CommitmentPeriod) -> set[tuple[int, Part]]:
    """Who has to act now, and as what."""
    if not period.is_open or period.commitment.state is CommitmentState.PROPOSED:
        return set()
    commitment = period.commitment
    obligors = commitment.having(Part.OBLIGOR)
    found: set[tuple[int, Part]] = set()
    if period.state is PeriodState.SUBMITTED:
        found |= {(one, Part.BENEFICIARY) for one in still_needed(period, About.FIGURE)}
    if period.state in (PeriodState.RETURNED, PeriodState.DISPUTED):
        found |= {(one, Part.OBLIGOR) for one in answering(period)}
    if period.waiver_by_id is not None:
        for one in still_needed(period, About.WAIVER):
            part = Part.OBLIGOR if one in obligors and not commitment.is_joint else Part.BENEFICIARY
            found.add((one, part))
    return found


def answering(period: CommitmentPeriod) -> frozenset[int]:
    """Who answers for the figure that was sent back or disputed: of a joint promise whoever reported it.

    Where the reporter has left the agreement since, any that promised may.
    """
    obligors = period.commitment.having(Part.OBLIGOR)
    return obligors & {period.reporter_id} or obligors if period.commitment.is_joint else obligors


def may_report(actor: Actor, period: CommitmentPeriod, day: date | None = None) -> Decision:
    """Those who promised it, once it has begun and until it is settled."""
    decision = _as_obligor(actor, Action.COMMITMENT_REPORT, period)
    if not decision:
        return decision
    if period.state not in REPORTABLE:
        return _not_now()
    if period.starts_on > (day or today()):
        return _not_now(msg("This period has not begun yet"))
    return decision


def may_request_close(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Those who promised it, when a figure stands; of a joint promise whoever reported it, not whoever verifies it."""
    decision = _as_obligor(actor, Action.COMMITMENT_REQUEST_CLOSE, period)
    if not decision:
        return decision
    if period.reported is not None and actor.organisation_id not in answering(period):
        return no(msg("This is for those who reported the figure"))
    if period.state not in (PeriodState.SCHEDULED, PeriodState.SUBMITTED):
        return _not_now()
    if period.close_requested_on is not None:
        return _not_now(msg("The close-out was asked for already"))
    return decision if period.reported is not None else _not_now(msg("Report a figure first"))


def may_verify(actor: Actor, period: CommitmentPeriod, day: date | None = None) -> Decision:
    """The other side, while a figure waits or is disputed; or where nothing was reported and the day is past."""
    decision = _as_verifier(actor, Action.COMMITMENT_VERIFY, period)
    if not decision:
        return decision
    if period.state is PeriodState.SUBMITTED and actor.organisation_id in period.voiced(About.FIGURE):
        return _not_now(msg("Your organisation has verified it already"))
    if period.state in (PeriodState.SUBMITTED, PeriodState.DISPUTED):
        return decision
    return decision if is_unreported(period, day or today()) else _not_now()


def is_unreported(period: CommitmentPeriod, day: date) -> bool:
    """Whether its last day has passed and nobody said a figure; while its agreement is suspended nothing is due."""
    is_silent = period.state is PeriodState.SCHEDULED and period.reported is None
    return is_silent and period.due_on < day and period.commitment.paused_on is None


def may_close(actor: Actor, period: CommitmentPeriod) -> Decision:
    """The other side strikes off what somebody asked to close out."""
    decision = may_verify(actor, period)
    return decision if not decision or period.close_requested_on is not None else _not_now()


def may_send_back(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Whoever may verify may find the evidence wanting."""
    return _while_submitted(_as_verifier(actor, Action.COMMITMENT_SEND_BACK, period), period)


def may_dispute(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Whoever may verify may say another figure."""
    return _while_submitted(_as_verifier(actor, Action.COMMITMENT_DISPUTE, period), period)


def may_answer(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Those whose figure is disputed."""
    decision = decide(actor, Action.COMMITMENT_ANSWER, period.commitment)
    if decision and actor.organisation_id not in answering(period):
        return no(msg("This is for those who reported the figure"))
    if decision and period.disputed_by_id == actor.id:
        return no(OWN_WORD)
    return decision if not decision or period.state is PeriodState.DISPUTED else _not_now()


def may_settle_dispute(actor: Actor, period: CommitmentPeriod) -> Decision:
    """The other side takes the reported figure after all."""
    decision = may_verify(actor, period)
    return decision if not decision or period.state is PeriodState.DISPUTED else _not_now()


def may_say(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Whoever takes part adds to the discussion of what is open."""
    decision = _as_party(actor, Action.COMMITMENT_SAY, period)
    return decision if not decision or period.is_open else _not_now()


def may_ask_waiver(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Either side, where there is another one to agree."""
    decision = _as_party(actor, Action.COMMITMENT_ASK_WAIVER, period)
    if not decision:
        return decision
    if not period.is_open:
        return _not_now()
    return decision if period.waiver_by_id is None else _not_now(msg("A waiver was asked for already"))


def may_consent(actor: Actor, period: CommitmentPeriod) -> Decision:
    """The other side of whoever asked."""
    decision = decide(actor, Action.COMMITMENT_CONSENT, period.commitment)
    if not decision:
        return decision
    if not period.is_open or period.waiver_by_id is None:
        return _not_now()
    if actor.organisation_id not in consenters(period)[0]:
        return no(msg("The other side agrees to a waiver, not the one that asks for it"))
    if period.waiver_asked_by_id == actor.id:
        return no(OWN_WORD)
    if actor.organisation_id not in still_needed(period, About.WAIVER):
        return _not_now(msg("Your organisation has agreed already"))
    return decision


def may_refuse_waiver(actor: Actor, period: CommitmentPeriod) -> Decision:
    """The other side refuses; whoever asked takes it back."""
    decision = decide(actor, Action.COMMITMENT_CONSENT, period.commitment)
    if not decision:
        return decision
    if not period.is_open or period.waiver_by_id is None:
        return _not_now()
    concerned = consenters(period)[0] | {period.waiver_by_id}
    return decision if actor.organisation_id in concerned else no(OWN)


def may_reopen(actor: Actor, period: CommitmentPeriod) -> Decision:
    """Either side, what was settled; nothing of an agreement that was completed."""
    decision = _as_party(actor, Action.COMMITMENT_REOPEN, period)
    if not decision:
        return decision
    if period.state not in (*RESULTS, PeriodState.WAIVED):
        return _not_now()
    if period.commitment.agreement.outcome == "completed":
        return _not_now(msg("The agreement was completed"))
    return decision


def may_accept(actor: Actor, commitment: Commitment) -> Decision:
    """Each organisation that a mark names, the owner's apart, before it counts."""
    decision = decide(actor, Action.COMMITMENT_ACCEPT, commitment)
    if decision and actor.organisation_id not in waiting_to_accept(commitment):
        return no(msg("This waits for the other organisations that it names"))
    return decision


def waiting_to_accept(commitment: Commitment) -> frozenset[int]:
    """Who has still to accept what was marked."""
    if commitment.state is not CommitmentState.PROPOSED:
        return frozenset()
    return frozenset(
        side.organisation_id
        for side in commitment.sides
        if side.accepted_on is None and side.organisation_id != commitment.owner_id
    )


def may_describe(actor: Actor, commitment: Commitment) -> Decision:
    """The organisation that keeps the agreement."""
    return decide(actor, Action.COMMITMENT_DESCRIBE, commitment)


def may_attach(actor: Actor, commitment: Commitment) -> Decision:
    """Whoever promised it puts evidence beside it, whoever is promised may add what they have."""
    decision = decide(actor, Action.COMMITMENT_REPORT, commitment)
    if decision and actor.organisation_id not in commitment.party_ids:
        return no(msg("This is for the organisations that take part"))
    return decision


def _as_obligor(actor: Actor, action: Action, period: CommitmentPeriod) -> Decision:
    decision = decide(actor, action, period.commitment)
    if decision and actor.organisation_id not in period.commitment.having(Part.OBLIGOR):
        return no(msg("This is for those who promised it"))
    return decision


def _as_verifier(actor: Actor, action: Action, period: CommitmentPeriod) -> Decision:
    decision = decide(actor, action, period.commitment)
    if decision and actor.organisation_id not in verifiers(period):
        return no(OWN)
    return no(OWN_WORD) if decision and period.reported_by_id == actor.id else decision


def _as_party(actor: Actor, action: Action, period: CommitmentPeriod) -> Decision:
    commitment = period.commitment
    decision = decide(actor, action, commitment)
    taking_part = commitment.having(Part.OBLIGOR) | commitment.having(Part.BENEFICIARY)
    if decision and actor.organisation_id not in taking_part:
        return no(msg("This is for the organisations that take part"))
    return decision


def _while_submitted(decision: Decision, period: CommitmentPeriod) -> Decision:
    return decision if not decision or period.state is PeriodState.SUBMITTED else _not_now()


def _not_now(reason: Message | None = None) -> Decision:
    return Decision(False, reason or msg("This is not possible in the present state"), wrong_state=True)
