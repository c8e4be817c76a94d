"""Conditions of the lifecycle's steps. Each function returns everything that is unmet, in words, so that people are
told once; an empty list means go."""

from collections.abc import Iterable, Sequence

from ..core.dates import today
from ..core.i18n import Message, msg
from . import changes, content
from .models import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementRevision,
    Clearance,
    ClearanceResult,
    DocumentKind,
    PartyApproval,
    PartyRole,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
    Verdict,
)
from .participants import consenting, parties_of

NEEDS_MINUTES = frozenset({AgreementKind.FRAMEWORK, AgreementKind.STRATEGIC})


def unmet_for_review(agreement: Agreement, revision: AgreementRevision, *, duplicates_known: bool) -> list[Message]:
    """draft → review: two parties, one lead, the owner among them, dates, variables, duplicates acknowledged."""
    found = _unmet_parties(agreement, revision)
    found += _unmet_dates(agreement, revision)
    found += changes.unmet(revision)
    if revision.kind not in changes.SHORT:
        found += content.unmet(revision.content)
    if not duplicates_known:
        found.append(
            msg("The same parties have another agreement of this kind; tick that you know of it, or stop here")
        )
    return found


def _unmet_parties(agreement: Agreement, revision: AgreementRevision) -> list[Message]:
    found = []
    parties = parties_of(agreement, revision)
    roles = [line["role"] for line in revision.content["parties"]]
    if len(parties) < 2:
        found.append(msg("An agreement has at least two parties"))
    if roles.count(PartyRole.LEAD) != 1:
        found.append(msg("Exactly one party has to be the lead"))
    if all(party.organisation_id != agreement.owner_id for party in parties):
        found.append(msg("Your organisation has to be one of the parties"))
    if any(party.organisation_id is None for party in parties):
        found.append(msg("Every party has to be an organisation of the registry"))
    return found


def _unmet_dates(agreement: Agreement, revision: AgreementRevision) -> list[Message]:
    term = content.term_of(revision.content)
    if term.months is None and term.expires_on is None and not term.open_ended:
        return [msg("Give a term, a last day, or say that it is open-ended")]
    first = agreement.effective_on if revision.is_follow_up else term.planned_effective_on
    if first and term.expires_on and term.expires_on < first:
        return [msg("The last day lies before the first")]
    return []


def unmet_for_negotiation(revision: AgreementRevision, steps: Sequence[Clearance]) -> list[Message]:
    """review → negotiation: all steps passed; framework, strategic and funded ones carry the minutes' number."""
    found = [
        msg("Not yet passed: %(step)s", step=step.step.role.label)
        for step in steps
        if step.result not in (ClearanceResult.PASSED, ClearanceResult.EXEMPT)
    ]
    needs_minutes = revision.content["kind"] in NEEDS_MINUTES or revision.content["has_funding"]
    if needs_minutes and not revision.minutes_number:
        found.append(msg("The number of the minutes of the collective decision is missing"))
    if revision.minutes_on and revision.minutes_on > today():
        found.append(msg("The collective decision lies in the future"))
    return found


def unmet_for_signing(
    agreement: Agreement, revision: AgreementRevision, approvals: Iterable[PartyApproval]
) -> list[Message]:
    """negotiation → signing: every party's last word is an approval of the present hash."""
    last = {approval.party_id: approval for approval in approvals}
    found = []
    for party in consenting(agreement, revision):
        if not _counts(last.get(party.id), revision):
            found.append(msg("%(party)s has not approved the present text", party=party.called))
    pending = agreement.pending_revision
    if pending:
        found.append(
            msg("Revision %(no)s is signed and takes effect on %(day)s; what comes after it is drafted on it then",
                no=pending.no, day=pending.effective_on)
        )  # fmt: skip
    return found


def _counts(approval: PartyApproval | None, revision: AgreementRevision) -> bool:
    return (
        approval is not None
        and approval.verdict is Verdict.APPROVED
        and approval.content_sha256 == revision.content_sha256
    )


def unmet_for_effect(
    revision: AgreementRevision, signatories: Sequence[Signatory], documents: Iterable[AgreementDocument]
) -> list[Message]:
    """signing → signed or in force: everybody signed, no future date, proxies' letters, and what proves each signature.

    `signatories` are the rows that count, one for each party (`queries.awaited`).
    """
    present = {(row.party_id, row.kind) for row in documents if row.counts_for(revision)}
    found = []
    for row in signatories:
        if row.status is SignatoryStatus.DECLINED:
            found.append(msg("%(party)s declined to sign: %(reason)s", party=row.party.called, reason=row.reason))
        elif row.status is not SignatoryStatus.SIGNED:
            found.append(msg("%(party)s has not signed", party=row.party.called))
        else:
            found += _unmet_signature(row, present)
    return found


def _unmet_signature(row: Signatory, present: set[tuple[int | None, DocumentKind]]) -> list[Message]:
    found = []
    sealed_on = row.seal_use.sealed_on if row.seal_use else None
    if any(day and day > today() for day in (row.signed_on, sealed_on)):
        found.append(msg("%(party)s: a date lies in the future", party=row.party.called))
    if row.is_proxy and (row.party_id, DocumentKind.PROXY_LETTER) not in present:
        found.append(msg("%(party)s: the proxy letter is missing", party=row.party.called))
    return found + _unmet_proof(row, present)


def _unmet_proof(row: Signatory, present: set[tuple[int | None, DocumentKind]]) -> list[Message]:
    """A digital signature stands in the signed file; other ways leave a line of the seal register and a file."""
    if row.method is SignatureMethod.DIGITAL:
        return _unmet_digital(row)
    found = []
    if row.seal_use is None:
        found.append(msg("%(party)s: the use of the seal is not registered", party=row.party.called))
    kind, words = PROOFS.get(row.method, PROOFS[SignatureMethod.WET_INK])
    if (row.party_id, kind) not in present:
        found.append(msg(words.key, party=row.party.called))
    return found


def _unmet_digital(row: Signatory) -> list[Message]:
    """What was signed with a certificate that was revoked since could not be verified by anybody."""
    if row.digital is None or row.digital.document.void_reason:
        return [msg("%(party)s: the digital signature is missing", party=row.party.called)]
    if row.digital.certificate.revoked_at is not None:
        return [
            msg("%(party)s: its certificate was revoked; void the signature and sign again", party=row.party.called)
        ]
    return []


PROOFS = {
    SignatureMethod.WET_INK: (
        DocumentKind.PARTY_SCAN,
        msg("%(party)s: the scan of the signed and sealed paper is missing", party=""),
    ),
    SignatureMethod.E_SEAL: (
        DocumentKind.EXTERNAL_FILE,
        msg("%(party)s: the file that was sealed elsewhere is missing", party=""),
    ),
}
