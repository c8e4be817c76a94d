"""How an agreement reads as a row of its ledger, and the words of its kinds. 协议台账行."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from ...agreements.models import Agreement, AgreementParty, SigningEvent
from ...agreements.models.enums import AgreementKind
from ...core.db import db
from ...organisations.models import Organisation
from ...organisations.names import fold
from ..reading.cells import words_of, written_day

OPEN = "长期"
KIND_WORDS = {
    AgreementKind.FRAMEWORK: (
        "框架协议",
        "合作框架协议",
        "校地合作框架协议",
        "战略合作框架协议",
        "Framework agreement",
    ),
    AgreementKind.SCHOOL_LOCALITY: ("校地合作协议", "合作协议", "校地协议", "School–locality agreement"),
    AgreementKind.STRATEGIC: ("战略合作协议", "战略协议", "Strategic agreement"),
    AgreementKind.WORKSTATION: ("工作站共建协议", "工作站协议", "共建协议", "Workstation co-construction agreement"),
    AgreementKind.DOCKING_MEMORANDUM: ("对接备忘录", "合作备忘录", "备忘录", "Docking memorandum"),
    AgreementKind.LETTER_OF_INTENT: ("合作意向书", "意向书", "意向协议", "Letter of intent"),
    AgreementKind.SUPPLEMENT: ("补充协议", "Supplementary agreement"),
    AgreementKind.RENEWAL: ("续签协议", "续签", "Renewal"),
}
WORDS = {"kind": words_of(*((word, str(code)) for code, words in KIND_WORDS.items() for word in (*words, str(code))))}
SHOWN = {"kind": {str(code): words[0] for code, words in KIND_WORDS.items()}}
COLUMNS = (
    Agreement.id, Agreement.public_id, Agreement.number, Agreement.title_zh, Agreement.kind, Agreement.owner_id,
    Agreement.signed_on, Agreement.signed_precision, Agreement.signing_place, Agreement.effective_on,
    Agreement.term_months, Agreement.open_ended, Agreement.expires_on, SigningEvent.title_zh.label("event"),
)  # fmt: skip
PARTY_COLUMNS = (
    AgreementParty.agreement_id, AgreementParty.name_as_reported, AgreementParty.snapshot_name,
    AgreementParty.snapshot_representative, Organisation.public_id, Organisation.name_zh, Organisation.moe_code,
)  # fmt: skip


def with_parties(rows: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Rows of COLUMNS with their parties in order, in one more query."""
    statement = (
        select(*PARTY_COLUMNS)
        .outerjoin(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_([row.id for row in rows]), AgreementParty.position > 0)
        .where(AgreementParty.is_bound.is_(True))
        .order_by(AgreementParty.agreement_id, AgreementParty.position)
    )
    parties: dict[int, list[Any]] = {row.id: [] for row in rows}
    for party in db.session.execute(statement):
        parties[party.agreement_id].append(party)
    for row in rows:
        yield row, parties[row.id]


def party_key(party: Any) -> str:
    return f"org:{party.public_id}" if party.public_id else f"name:{fold(party.name_as_reported)}"


def facts(agreement: Any, parties: Sequence[Any]) -> dict[str, str]:
    """What an agreement says, field by field; codes as codes."""
    sides = [*parties[:2], None, None][:2]
    others = [_name(party) for party in parties[2:]]
    return {
        "doc_no": agreement.number or "",
        "title_zh": agreement.title_zh,
        "kind": str(agreement.kind),
        "party_a": _name(sides[0]),
        "party_a_signatory": sides[0].snapshot_representative if sides[0] else "",
        "party_b": _name(sides[1]),
        "party_b_signatory": sides[1].snapshot_representative if sides[1] else "",
        "other_parties": "；".join(others),
        "moe_code": next((party.moe_code for party in reversed(parties[:2]) if party.moe_code), ""),
        "signed_on": written_day(agreement.signed_on, agreement.signed_precision),
        "place": agreement.signing_place,
        "event": agreement.event or "",
        "effective_on": agreement.effective_on.isoformat() if agreement.effective_on else "",
        "term_years": OPEN if agreement.open_ended else _years(agreement.term_months),
        "expires_on": OPEN if agreement.open_ended else _iso(agreement.expires_on),
    }


def _name(party: Any) -> str:
    return (party.name_zh or party.name_as_reported) if party else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _years(months: int | None) -> str:
    if not months:
        return ""
    return str(months // 12) if months % 12 == 0 else f"{months}个月"
