"""How templates say the data of agreements in the reader's language."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import url_for
from markupsafe import Markup

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.i18n import Message
from ...core.web.guard import actor
from ...core.web.language import language
from ...core.web.words import in_words
from ...organisations.models import Organisation
from .. import badges, policy, queries
from ..consents import needs_consent, warnings
from ..labels import label
from ..models import Agreement, AgreementParty, SigningEvent, Supplement
from ..scan_words import about_file
from ..services import consents, supplement

LATEST = 10


def party_name(row: Any) -> Markup | str:
    """A party in a list: its short name, else the name on the paper, else as reported."""
    zh = row.short_zh or row.snapshot_name or row.name_zh or row.name_as_reported
    return in_words(zh, row.short_en or row.name_en or "")


def full_name(party: AgreementParty) -> Markup | str:
    """A party on its own page: the name on the paper."""
    organisation = party.organisation
    return in_words(party.name, party.snapshot_name_en or (organisation.name_en if organisation else ""))


def is_expiring(row: Any) -> bool:
    """Whether a row of the list nears its last day."""
    return badges.is_expiring(row.status, row.expires_on, today())


def archive_badge(row: Any) -> Message | None:
    """The mark of a row of the list that waits to be filed."""
    badge = badges.of_archive(row.archive_status, row.archive_due_on, today())
    return badge.label if badge else None


def choices(members: Iterable[StrEnum]) -> list[tuple[str, Message]]:
    """Options of a select from an enum."""
    return [(str(member), label(member)) for member in members]


def party_choices(parties: Iterable[AgreementParty]) -> list[tuple[str, Markup | str]]:
    """Parties to tick, by their public ids."""
    return [(party.public_id, full_name(party)) for party in parties]


def agreements_of(organisation: Organisation) -> list[Any]:
    """The reader's latest agreements in which the organisation is a party, for its page; none for administrators."""
    if not decide(actor(), Action.AGREEMENT_VIEW):
        return []
    wanted = queries.Filter(party=organisation.public_id)
    return list(queries.list_visible(actor(), wanted, 0, LATEST))


def may_see_numbers(organisation: Organisation) -> bool:
    """Whether the reader may look at the register of its numbers: their own organisation's and those below it."""
    own = organisation.id == actor().organisation_id or organisation.is_overseen_by(actor().organisation_id)
    return own and bool(decide(actor(), Action.AGREEMENT_VIEW_NUMBERS))


def may_set_numbering(organisation: Organisation) -> bool:
    """Whether the reader may say how it numbers."""
    return bool(policy.may_set_numbering(actor(), organisation))


def choices_of(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Agreements to choose from, by number and title."""
    english = language() == "en"
    return [(row.public_id, f"{row.number or ''} {(english and row.title_en) or row.title_zh}".strip()) for row in rows]


def event_title(event: SigningEvent) -> Markup | str:
    """What its page calls a signing event."""
    return in_words(event.title_zh, event.title_en)


def event_link(agreement: Agreement) -> Markup | None:
    """The signing event of an agreement, for its page; None for one without."""
    event = queries.event_of(agreement)
    if event is None:
        return None
    address = url_for("events.show", public_id=event.public_id)
    return Markup('<a href="{}">{}</a>').format(address, in_words(event.title_zh, event.title_en))


def found_facts(agreement: Agreement, found: Supplement) -> list[tuple[Message, str]]:
    """What was found out, field by field."""
    return supplement.in_words(agreement, found)


def consent_parties(agreement: Agreement) -> list[AgreementParty]:
    """Parties for which the reader may file, or take back, the consent of their department."""
    wanted = [party for party in agreement.parties if needs_consent(party)]
    return [party for party in wanted if consents.may_attach(actor(), agreement, party)]


def may_supplement(agreement: Agreement) -> bool:
    """Whether the reader may fill in what is missing."""
    return bool(supplement.may_propose(actor(), agreement))


def may_decide(agreement: Agreement, found: Supplement) -> bool:
    """Whether the reader is the second person for found details."""
    return bool(supplement.may_decide(actor(), agreement, found))


GLOBALS = {
    "may_see_numbers": may_see_numbers,
    "may_set_numbering": may_set_numbering,
    "choices_of": choices_of,
    "event_link": event_link,
    "found_facts": found_facts,
    "consent_parties": consent_parties,
    "may_supplement": may_supplement,
    "may_decide": may_decide,
    "pending_supplement": supplement.pending_of,
    "party_warnings": warnings,
    "agreements_of": agreements_of,
    "party_name": party_name,
    "full_name": full_name,
    "is_expiring": is_expiring,
    "archive_badge": archive_badge,
    "choices": choices,
    "party_choices": party_choices,
    "about_file": about_file,
}
