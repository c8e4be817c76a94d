"""What each party says of the content, bound to its hash."""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import msg
from .. import content, facts, guards, policy, queries
from ..inputs import Opinion
from ..models import Agreement, AgreementParty, PartyApproval, RevisionStage, Verdict
from ..participants import consenting
from . import bases, numbering, projection, steps
from .revisions import begin_again, open_revision


def put_before_the_parties(agreement: Agreement, opinion: Opinion) -> None:
    """review → negotiation: number, hash, and the other parties' steps."""
    revision = open_revision(agreement)
    bases.check(agreement, revision)
    revision.minutes_number = opinion.minutes_number or revision.minutes_number
    revision.minutes_on = opinion.minutes_on or revision.minutes_on
    unmet = guards.unmet_for_negotiation(revision, steps.steps_of(agreement, agreement.owner_id))
    if unmet:
        raise Unmet(unmet)
    if not revision.is_follow_up:
        numbering.allocate(agreement)
    revision.content = {**revision.content, "number": agreement.number, facts.KEPT: facts.keep(agreement, revision)}
    revision.content_sha256, revision.hash_version = content.digest(revision.content), content.HASH_VERSION
    agreement.advance(RevisionStage.NEGOTIATION)
    agreement.shared = True
    for party in consenting(agreement, revision):
        if party.organisation_id != agreement.owner_id and steps.has_reviewers(party):
            steps.lay_out(agreement, revision, party.organisation_id or 0, steps.COUNTERPART_STEPS)


def own_party(agreement: Agreement, organisation_id: int) -> AgreementParty:
    """The organisation's party row among those whose word the open revision needs.

    Raises Conflict where it is none of them.
    """
    for party in consenting(agreement, open_revision(agreement)):
        if party.organisation_id == organisation_id:
            return party
    raise Conflict(msg("Your organisation is not a party to this agreement"))


def approve(agreement: Agreement, party: AgreementParty, comment: str, actor: User) -> None:
    """The party's word for the present content hash."""
    say(agreement, party, Verdict.APPROVED, comment, actor)


def say(agreement: Agreement, party: AgreementParty, verdict: Verdict, comment: str, actor: User) -> None:
    """Keep a party's verdict on the open revision's hash."""
    revision = open_revision(agreement)
    db.session.add(
        PartyApproval(
            agreement=agreement,
            revision_id=revision.id,
            party=party,
            content_sha256=revision.content_sha256,
            verdict=verdict,
            comment=comment,
            said_by=actor,
            said_at=now(),
        )
    )
    db.session.flush()


def request_changes(agreement: Agreement, verdict: Verdict | None, comment: str, actor: User) -> None:
    """negotiation → draft: a counterpart asks for changes or rejects; both sides begin again.

    Raises Forbidden, Conflict, Invalid without a comment or for an approving verdict.
    """
    decide(actor, Action.AGREEMENT_REQUEST_CHANGES, agreement).enforce()
    if verdict not in (Verdict.CHANGES_REQUESTED, Verdict.REJECTED):
        raise Invalid({"verdict": [msg("Choose one of the listed values")]})
    if not comment:
        raise Invalid({"comment": [msg("Say what has to change")]})
    say(agreement, own_party(agreement, actor.organisation_id), verdict, comment, actor)
    begin_again(agreement, comment)
    changes = {"verdict": (None, str(verdict)), **projection.advanced(RevisionStage.NEGOTIATION, agreement)}
    projection.settle(agreement, actor, Action.AGREEMENT_REQUEST_CHANGES, changes, reason=comment)


def approve_from_paper(agreement: Agreement, party: AgreementParty, comment: str, actor: User) -> None:
    """The owner's leader notes the written approval of a party that has no users here.

    Raises Forbidden, Conflict, Invalid without saying which letter it is.
    """
    decide(actor, Action.AGREEMENT_APPROVE, agreement).enforce()
    revision = open_revision(agreement)
    if party not in consenting(agreement, revision):
        raise Conflict(msg("The text does not need the word of %(party)s", party=party.called))
    own_steps = party.organisation_id in queries.with_steps(revision)
    policy.may_act_for(actor, agreement, party, has_users=own_steps).enforce()
    if party.organisation_id == actor.organisation_id:
        raise Conflict(msg("Your own approval is given by the internal steps"))
    if not comment:
        raise Invalid({"comment": [msg("Name the letter in which the party approved")]})
    approve(agreement, party, comment, actor)
    changes = {"party": (None, party.name), "verdict": (None, str(Verdict.APPROVED))}
    projection.settle(agreement, actor, Action.AGREEMENT_APPROVE, changes, reason=comment)
