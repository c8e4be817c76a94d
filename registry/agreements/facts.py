"""What the paper says of its parties: from their organisations while it is a draft, then from the approved content."""

from dataclasses import asdict

from ..organisations.models import Organisation
from .models import Agreement, AgreementParty, AgreementRevision
from .participants import consenting, parties_of
from .texts.derive import PartyFacts

KEPT = "facts"


def party_facts(agreement: Agreement, revision: AgreementRevision) -> dict[int, PartyFacts]:
    """By position. What was put before the parties is told as it was then; before, as it is today."""
    kept = revision.content.get(KEPT)
    if kept:
        return {int(position): PartyFacts(**facts) for position, facts in kept.items()}
    return present_facts(agreement, revision)


def present_facts(agreement: Agreement, revision: AgreementRevision) -> dict[int, PartyFacts]:
    """By position, as it is today; parties known only as reported have just their name."""
    named = {party.position: party for party in (*parties_of(agreement, revision), *consenting(agreement, revision))}
    return {position: _facts(party) for position, party in named.items()}


def keep(agreement: Agreement, revision: AgreementRevision) -> dict[str, dict[str, str]]:
    """The present facts as a part of the content that the parties approve by its digest."""
    return {str(position): asdict(facts) for position, facts in present_facts(agreement, revision).items()}


def _facts(party: AgreementParty) -> PartyFacts:
    return organisation_facts(party.organisation) if party.organisation else PartyFacts(party.name)


def organisation_facts(organisation: Organisation) -> PartyFacts:
    """What a paper would say of an organisation today."""
    return PartyFacts(
        name=organisation.name_zh,
        short=organisation.short_zh,
        name_en=organisation.name_en,
        short_en=organisation.short_en,
        uscc=organisation.uscc or "",
        moe_code=organisation.moe_code or "",
        address=organisation.address,
        superior=organisation.superior.name_zh if organisation.superior else "",
    )
