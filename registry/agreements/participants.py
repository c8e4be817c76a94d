"""Whom a revision names, and whose approval and signature it needs. 各方与签署方."""

from .models import Agreement, AgreementParty, AgreementRevision, PartyRole, RevisionKind

CHANGE = "change"
"""Where a content that changes an agreement in force says what it does (see `changes`)."""


def parties_of(agreement: Agreement, revision: AgreementRevision) -> list[AgreementParty]:
    """The parties that the revision's text names, in their order."""
    named = {line["position"] for line in revision.content.get("parties", ())}
    return [party for party in agreement.all_parties if party.position in named]


def consenting(agreement: Agreement, revision: AgreementRevision) -> list[AgreementParty]:
    """Who approves and signs: every party but witnesses.

    A withdrawal is the leaving party's own act, which the owner takes note of; the others stay bound as they are.
    """
    if revision.kind is RevisionKind.WITHDRAWAL:
        leaving = {line["position"] for line in revision.content[CHANGE]["leaving"]}
        return [
            party
            for party in agreement.all_parties
            if party.position in leaving or party.organisation_id == agreement.owner_id
        ]
    return [party for party in parties_of(agreement, revision) if party.role is not PartyRole.WITNESS]
