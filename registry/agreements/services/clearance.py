"""The owner's internal review, and the internal steps of every other party: who, when, opinion, result."""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import StandIn, decide
from ...core.dates import now
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import Message, msg
from .. import content, guards, policy, queries
from ..inputs import Opinion
from ..models import (
    Agreement,
    Clearance,
    ClearanceResult,
    ClearanceStep,
    LegalResult,
    RevisionStage,
)
from . import bases, negotiation, projection
from .revisions import begin_again, open_revision
from .steps import OWNER_STEPS, decided_steps, lay_out, next_step, wait_for_next


def submit(agreement: Agreement, actor: User, *, duplicates_known: bool = False) -> None:
    """draft → review. All unmet conditions are told together.

    Raises Forbidden, Conflict (BaseMoved where the terms are others by now), Unmet.
    """
    decide(actor, Action.AGREEMENT_SUBMIT, agreement).enforce()
    revision = open_revision(agreement)
    known = duplicates_known or agreement.has_begun or not queries.duplicates_of(agreement)
    bases.check(agreement, revision)
    unmet = guards.unmet_for_review(agreement, revision, duplicates_known=known)
    if unmet:
        raise Unmet(unmet)
    agreement.advance(RevisionStage.REVIEW)
    revision.submitted_at, revision.submitted_by_id = now(), actor.id
    revision.template_unmodified = content.unmodified(revision.content)
    lay_out(agreement, revision, agreement.owner_id, OWNER_STEPS)
    projection.settle(agreement, actor, Action.AGREEMENT_SUBMIT, projection.advanced(RevisionStage.DRAFT, agreement))


def clear(agreement: Agreement, opinion: Opinion, actor: User) -> None:
    """Pass the next step of the actor's organisation; the leader's step speaks for the party.

    Raises Forbidden (also for whoever handles it or judged before), Conflict, Unmet, or Invalid by field.
    """
    step = next_step(agreement, actor.organisation_id)
    if step is None:
        raise Conflict(msg("No internal step of your organisation is waiting"))
    earlier = decided_steps(agreement, actor.organisation_id)
    policy.may_clear(actor, agreement, step, earlier).enforce()
    stand_in = policy.acts_for(actor, agreement, step, earlier)
    _check(step, opinion)
    _decide(step, ClearanceResult.PASSED, opinion.text, actor, stand_in)
    step.legal_result = opinion.legal_result if step.step is ClearanceStep.LEGAL else None
    if step.step is ClearanceStep.SECTION and opinion.skip_legality_review:
        _skip_legality_review(agreement, actor)
    wait_for_next(agreement, actor.organisation_id)
    before = open_revision(agreement).stage
    if step.step is ClearanceStep.LEADER:
        _speak_for_the_party(agreement, opinion, actor)
    changes = {"step": (None, str(step.step)), **_in_the_name_of(stand_in), **projection.advanced(before, agreement)}
    projection.settle(agreement, actor, Action.AGREEMENT_CLEAR, changes, reason=opinion.text)


def send_back(agreement: Agreement, reason: str, actor: User) -> None:
    """review → draft with a reason: opinions stay, the next revision begins.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_RETURN, agreement).enforce()
    step = next_step(agreement, actor.organisation_id)
    earlier = decided_steps(agreement, actor.organisation_id)
    policy.may_return(actor, agreement, step, earlier).enforce()
    stand_in = policy.acts_for(actor, agreement, step, earlier) if step else None
    if step is not None:
        _decide(step, ClearanceResult.RETURNED, reason, actor, stand_in)
    begin_again(agreement, reason)
    changes = {**_in_the_name_of(stand_in), **projection.advanced(RevisionStage.REVIEW, agreement)}
    projection.settle(agreement, actor, Action.AGREEMENT_RETURN, changes, reason=reason)


def _check(step: Clearance, opinion: Opinion) -> None:
    problems: dict[str, list[Message]] = {}
    if step.step is ClearanceStep.LEGAL:
        if opinion.legal_result is None:
            problems["legal_result"] = [msg("Say what the legality review found")]
        elif opinion.legal_result is LegalResult.ILLEGAL:
            problems["legal_result"] = [msg("A text that is not legal has to be returned with a reason")]
        elif opinion.legal_result is LegalResult.TEMPLATE_EXEMPT and not step.revision.template_unmodified:
            problems["legal_result"] = [msg("Only an unmodified model text is exempt")]
    if problems:
        raise Invalid(problems)


def _decide(step: Clearance, result: ClearanceResult, text: str, actor: User, stand_in: StandIn | None = None) -> None:
    step.result, step.opinion, step.decided_by, step.decided_at = result, text, actor, now()
    step.on_behalf_of_id = stand_in.for_id if stand_in else None


def _in_the_name_of(stand_in: StandIn | None) -> dict[str, tuple[None, str]]:
    """For the audit: whose step the actor took."""
    return {"on_behalf_of": (None, stand_in.for_name)} if stand_in else {}


def _skip_legality_review(agreement: Agreement, actor: User) -> None:
    """An unmodified model text without funding may skip the legality review; the exemption is a step of its own."""
    step = next_step(agreement, actor.organisation_id)
    if step is None or step.step is not ClearanceStep.LEGAL:
        raise Conflict(msg("There is no legality review to skip"))
    if not step.revision.template_unmodified or agreement.has_funding:
        raise Unmet([msg("Only an unmodified model text without funding may skip the legality review")])
    _decide(step, ClearanceResult.EXEMPT, "", actor)
    step.decided_by, step.legal_result = None, LegalResult.TEMPLATE_EXEMPT


def _speak_for_the_party(agreement: Agreement, opinion: Opinion, actor: User) -> None:
    if open_revision(agreement).stage is RevisionStage.REVIEW:
        negotiation.put_before_the_parties(agreement, opinion)
    party = negotiation.own_party(agreement, actor.organisation_id)
    negotiation.approve(agreement, party, "", actor)  # the opinion itself is nobody else's business
