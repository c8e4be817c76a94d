"""Who may be a party: institutions below a department need its consent, internal departments a letter. 签约主体资格。

Organs and legal persons are proper parties; internal departments are not, though in practice some sign. So a missing
consent stops the signing, and an internal department is warned of and not stopped: its signature as a proxy needs the
power of attorney as any other.
"""

from collections.abc import Iterable

from ..core.i18n import Message, msg
from ..organisations.models import OrganisationKind
from .models import Agreement, AgreementDocument, AgreementParty, DocumentKind, PartyRole


def needs_consent(party: AgreementParty) -> bool:
    """Whether the party is an institution below a department."""
    organisation = party.organisation
    return bool(
        organisation
        and party.role is not PartyRole.WITNESS
        and organisation.kind is OrganisationKind.TALENT_CENTRE
        and organisation.superior_id
    )


def missing_consents(agreement: Agreement, documents: Iterable[AgreementDocument]) -> list[AgreementParty]:
    """Parties whose department's consent is not filed."""
    there = {row.party_id for row in documents if row.kind is DocumentKind.CONSENT and not row.void_reason}
    return [party for party in agreement.parties if needs_consent(party) and party.id not in there]


def unmet_consents(agreement: Agreement, documents: Iterable[AgreementDocument]) -> list[Message]:
    """The same in words, for the guards of signing."""
    return [
        msg("%(party)s: the consent document of its superior department is missing", party=party.called)
        for party in missing_consents(agreement, documents)
    ]


def warnings(agreement: Agreement) -> list[Message]:
    """Parties for which an internal department signs."""
    return [
        msg(
            "%(party)s: %(department)s is an internal department; it needs an authority letter (授权委托书), or the "
            "legal person signs in its own name",
            party=party.called,
            department=party.department,
        )
        for party in agreement.parties
        if party.department
    ]
