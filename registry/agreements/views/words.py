"""How templates say the data of agreements in the reader's language."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import Precision, today
from ...core.i18n import Message
from ...core.web.guard import actor
from ...core.web.language import language
from ...organisations.models import Organisation
from .. import badges, queries
from ..labels import label
from ..models import AgreementParty
from ..scan_words import about_file

LATEST = 10
CHINESE = Markup('<span lang="zh-CN">{}</span>')
COARSE = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


def in_words(zh: str, en: str) -> Markup | str:
    """The reader's language where there is a text in it; Chinese on an English page says that it is Chinese."""
    if language() == "zh":
        return zh
    return en or CHINESE.format(zh)


def legal_date(day: date | None, precision: Precision = Precision.DAY) -> str:
    """As exactly as it is known: 2023-03-18, 2023-03, 2023, or a dash."""
    if day is None or precision is Precision.UNKNOWN:
        return "—"
    return day.strftime(COARSE[precision])


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


GLOBALS = {
    "agreements_of": agreements_of,
    "in_words": in_words,
    "legal_date": legal_date,
    "party_name": party_name,
    "full_name": full_name,
    "is_expiring": is_expiring,
    "archive_badge": archive_badge,
    "choices": choices,
    "party_choices": party_choices,
    "about_file": about_file,
}
