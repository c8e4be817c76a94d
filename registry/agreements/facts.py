"""What the paper says of its parties, from their organisations; from the snapshot once signing has begun."""

from dataclasses import replace

from ..organisations.models import Organisation
from .models import Agreement, AgreementParty
from .texts.derive import PartyFacts


def party_facts(agreement: Agreement) -> dict[int, PartyFacts]:
    """By position; parties known only as reported have just their name."""
    return {party.position: _facts(party) for party in agreement.parties}


def _facts(party: AgreementParty) -> PartyFacts:
    if party.organisation is None:
        return PartyFacts(party.name)
    known = organisation_facts(party.organisation)
    return replace(
        known,
        name=party.name,
        name_en=party.snapshot_name_en or known.name_en,
        address=party.snapshot_address or known.address,
    )


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
