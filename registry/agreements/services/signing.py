"""Signing: who signed when, which seal, who declined; and taking effect. Digital signatures: `digital`."""

from secrets import token_hex

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Conflict, Forbidden, Invalid, Unmet
from ...core.i18n import Message, msg
from ...jobs.services import enqueue
from .. import consents, content, facts, guards, policy, queries
from ..inputs import SignatureDetails
from ..models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    RevisionStage,
    SealUse,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
)
from ..participants import consenting
from ..texts.checks import unprintable
from . import archive_due, bases, effect, files, projection, steps
from .revisions import open_revision

SIGNING_COPY_JOB = "agreements.signing_copy"
REGISTRY_COPY_JOB = "agreements.registry_copy"
SIGNED_AGREEMENT_JOB = "agreements.signed_agreement"
BY_HAND = (SignatureMethod.WET_INK, SignatureMethod.SCAN, SignatureMethod.E_SEAL)
CODE_BYTES = 16


def start_signing(agreement: Agreement, actor: User, *, in_order: bool = False) -> None:
    """negotiation → signing: parties' names are frozen, signatories laid out, the signing copy is ordered.

    With `in_order` each party waits until those before it have signed.

    Raises Forbidden, Conflict, Unmet.
    """
    decide(actor, Action.AGREEMENT_START_SIGNING, agreement).enforce()
    revision = open_revision(agreement)
    content.verify(revision)
    bases.check(agreement, revision)
    unmet = guards.unmet_for_signing(agreement, revision, queries.approvals_of(revision))
    unmet += consents.unmet_consents(agreement, queries.documents_of(agreement))
    if unmet:
        raise Unmet(unmet)
    agreement.advance(RevisionStage.SIGNING)
    agreement.signs_in_order = in_order
    agreement.verification_code = agreement.verification_code or token_hex(CODE_BYTES)
    known = facts.party_facts(agreement, revision)
    for party in agreement.all_parties:
        if party.position in known and not (revision.is_follow_up and party.is_bound):
            effect.freeze(party, known[party.position])
    for party in consenting(agreement, revision):
        _await(agreement, revision, party)
    enqueue(SIGNING_COPY_JOB, revision.public_id, {"revision": revision.public_id}, renew=True)
    changes = projection.advanced(RevisionStage.NEGOTIATION, agreement)
    projection.settle(agreement, actor, Action.AGREEMENT_START_SIGNING, changes)


def record_signature(agreement: Agreement, signatory: Signatory, details: SignatureDetails, actor: User) -> None:
    """Note a signature and the use of the seal from the paper.

    Raises Forbidden, Conflict for a row that is signed already, Invalid by field.
    """
    decide(actor, Action.AGREEMENT_RECORD_SIGNATURE, agreement).enforce()
    _may_act_on(actor, agreement, signatory, Action.AGREEMENT_RECORD_SIGNATURE)
    policy.in_turn(agreement, signatory, queries.awaited_of(signatory.revision)).enforce()
    _check(details)
    signatory.is_proxy, signatory.method = details.is_proxy, details.method
    signatory.sign(details.name, details.title, details.signed_on, actor.id, now())
    db.session.add(
        SealUse(
            agreement_id=agreement.id,
            revision_id=signatory.revision_id,
            party=signatory.party,
            signatory=signatory,
            seal=details.seal,
            sealed_on=details.sealed_on,
            copies=details.copies,
            sealed_by=actor,
            recorded_at=now(),
        )
    )
    changes = {"party": (None, signatory.party.name), "signed_on": (None, details.signed_on)}
    projection.settle(agreement, actor, Action.AGREEMENT_RECORD_SIGNATURE, changes)


def void_signature(agreement: Agreement, signatory: Signatory, reason: str, actor: User) -> None:
    """Void a recorded signature with a reason; a fresh row waits in its place, the old one stays.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_VOID_SIGNATURE, agreement).enforce()
    _may_act_on(actor, agreement, signatory, Action.AGREEMENT_VOID_SIGNATURE)
    if signatory.digital and signatory.party.organisation_id != actor.organisation_id:
        raise Forbidden(msg("Only people of %(party)s can do this", party=signatory.party.called))
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    signatory.void(reason)
    files.void_papers(agreement, reason, signatory.party, revision=signatory.revision)
    _await(agreement, open_revision(agreement), signatory.party)
    changes = {"party": (None, signatory.party.name), "signed_on": (signatory.signed_on, None)}
    projection.settle(agreement, actor, Action.AGREEMENT_VOID_SIGNATURE, changes, reason=reason)


def withdraw_signing(agreement: Agreement, reason: str, actor: User) -> None:
    """signing → negotiation: only without a signature, or after each was voided; the signing copy is void.

    Raises Forbidden, Conflict, Unmet, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_WITHDRAW_SIGNING, agreement).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    rows = queries.signatories_of(open_revision(agreement))
    if any(row.status is SignatoryStatus.SIGNED for row in rows):
        raise Unmet([msg("Every recorded signature has to be voided with a reason first")])
    for row in rows:
        if row.status is SignatoryStatus.PENDING:
            db.session.delete(row)
    files.void_papers(agreement, reason, revision=open_revision(agreement))
    agreement.advance(RevisionStage.NEGOTIATION)
    changes = projection.advanced(RevisionStage.SIGNING, agreement)
    projection.settle(agreement, actor, Action.AGREEMENT_WITHDRAW_SIGNING, changes, reason=reason)


def decline(agreement: Agreement, signatory: Signatory, reason: str, actor: User) -> None:
    """A party refuses to sign, with the reason; its row stays, and signing waits for the owner.

    Raises Forbidden, Conflict for a row that is signed already, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_DECLINE, agreement).enforce()
    _may_act_on(actor, agreement, signatory, Action.AGREEMENT_DECLINE)
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    signatory.decline(reason, actor.id, now())
    changes = {"party": (None, signatory.party.name)}
    projection.settle(agreement, actor, Action.AGREEMENT_DECLINE, changes, reason=reason)


def send_again(agreement: Agreement, actor: User) -> None:
    """Ask all parties again that have not signed; one that declined gets a fresh row. No signature is touched.

    Raises Forbidden, Conflict when nobody is left to ask.
    """
    decide(actor, Action.AGREEMENT_SEND_AGAIN, agreement).enforce()
    revision = open_revision(agreement)
    asked = [row for row in queries.awaited_of(revision) if row.status is not SignatoryStatus.SIGNED]
    if not asked:
        raise Conflict(msg("Everybody has signed"))
    for row in asked:
        if row.status is SignatoryStatus.DECLINED:
            _await(agreement, revision, row.party)
    changes = {"parties": (None, [row.party.name for row in asked])}
    projection.settle(agreement, actor, Action.AGREEMENT_SEND_AGAIN, changes)


def complete_signing(agreement: Agreement, actor: User) -> None:
    """signing → signed or in force: effective on the latest of signing, sealing and planned date.

    A change of an agreement in force takes effect, or waits for its day. Raises Forbidden, Conflict (BaseMoved where
    other terms came into force meanwhile), Unmet with everything that is missing.
    """
    decide(actor, Action.AGREEMENT_COMPLETE_SIGNING, agreement).enforce()
    revision = open_revision(agreement)
    content.verify(revision)
    signatories = queries.awaited_of(revision)
    unmet = guards.unmet_for_effect(revision, signatories, queries.documents_of(agreement))
    if unmet:
        raise Unmet(unmet)
    bases.check(agreement, revision)
    before = agreement.status
    sealed = [row.seal_use.sealed_on for row in signatories if row.seal_use]
    effect.conclude(agreement, revision, [row.signed_on for row in signatories if row.signed_on], sealed)
    archive_due.expect(agreement, revision)
    enqueue(REGISTRY_COPY_JOB, revision.public_id, {"revision": revision.public_id})
    if any(row.digital for row in signatories):
        enqueue(SIGNED_AGREEMENT_JOB, revision.public_id, {"revision": revision.public_id})
    changes = {
        **projection.moved(before, agreement),
        "revision": (None, revision.no),
        "effective_on": (None, revision.effective_on),
        "expires_on": (None, agreement.expires_on),
    }
    since = agreement.signed_on if agreement.status is AgreementStatus.SIGNED else revision.effective_on
    projection.settle(agreement, actor, Action.AGREEMENT_COMPLETE_SIGNING, changes, since=since)


def _await(agreement: Agreement, revision: AgreementRevision, party: AgreementParty) -> None:
    db.session.add(
        Signatory(
            agreement=agreement,
            revision_id=revision.id,
            party=party,
            position=party.position,
            name=party.snapshot_representative,
        )
    )


def _may_act_on(actor: User, agreement: Agreement, signatory: Signatory, action: Action) -> None:
    """Signatures of another text than the one that is being signed now are nobody's to touch."""
    if signatory.revision_id != open_revision(agreement).id:
        raise Conflict
    party = signatory.party
    policy.may_act_for(actor, agreement, party, has_users=steps.acts_itself(party, action)).enforce()


def _check(details: SignatureDetails) -> None:
    problems: dict[str, list[Message]] = {}
    for name in ("signed_on", "sealed_on"):
        if getattr(details, name) > today():
            problems[name] = [msg("This date lies in the future")]
    for name in ("name", "title"):
        told = unprintable(getattr(details, name))  # the registry copy prints it
        if told:
            problems[name] = [told]
    if details.method not in BY_HAND:
        problems["method"] = [msg("This way of signing is not available here")]
    if details.copies < 1:
        problems["copies"] = [msg("At least one copy is sealed")]
    if problems:
        raise Invalid(problems)
