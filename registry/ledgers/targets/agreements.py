"""The ledger of agreements: rows become historic records that a second person confirms. 校地合作协议台账."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from ...accounts.models import User
from ...agreements.inputs import HistoricRecord, PartyLine, Term
from ...agreements.models import Agreement, AgreementVisibility, PartyRole, SigningEvent
from ...agreements.models.enums import AgreementKind, AgreementStatus
from ...agreements.services import bulk, parties, taking_back
from ...agreements.services.bulk import Made
from ...core.access.actions import Action
from ...core.dates import Precision, read_partial
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from ...organisations.names import fold
from ..definitions import ledger
from ..reading.cells import Grade, Note, figure_of, parts_of
from ..reading.promises import promises_in
from .agreement_facts import COLUMNS, OPEN, SHOWN, WORDS, facts, party_key, with_parties
from .base import Existing, Key, Row, Target
from .plain import by_column

CODE, KIND = "agreement", "agreement"
LONGEST_TITLE, LONGEST_SIGNATORY, LONGEST_YEARS = 200, 120, 100
SOURCE, OTHERS = "台账导入", "other_parties"
KEPT = frozenset(
    {
        "doc_no", "title_zh", "kind", "party_a", "party_a_signatory", "party_b", "party_b_signatory", "other_parties",
        "moe_code", "signed_on", "place", "event", "effective_on", "term_years", "expires_on",
    }
)  # fmt: skip
ON_PAPER = tuple(AgreementStatus(name) for name in ("signed", "in_force", "suspended", "closed", "recorded_pending"))
DERIVED = ("moe_code", "event")  # told by another record: nothing to compare where there is none


def prepare(rows: Sequence[Row], _actor: User) -> dict[str, Organisation]:
    """The organisations that the rows name, in two queries: who was merged or closed meanwhile is told on the row."""
    return parties.standing({named.public_id for row in rows for named in row.organisations.values()} - {""})


def read(row: Row, known: dict[str, Organisation], actor: User) -> Made:
    """The historic record that a row describes, as it will be inserted. Raises Invalid by field."""
    problems: dict[str, list[Message | str]] = {}
    signed_on, precision = _day(row.text("signed_on"))
    effective_on = _exact(row.text("effective_on"), "effective_on", problems)
    if effective_on is None and precision is Precision.DAY:
        effective_on = signed_on
    term = _term(row, problems)
    record = HistoricRecord(
        kind=AgreementKind(row.text("kind")),
        title_zh=_short(row.text("title_zh"), LONGEST_TITLE, "title_zh", problems),
        parties=tuple(_parties(row, problems)),
        source=SOURCE,
        number=_short(row.text("doc_no"), 60, "doc_no", problems),
        signed_on=signed_on,
        signed_precision=precision,
        effective_on=effective_on,
        term=term,
        signing_place=_short(row.text("place"), 200, "place", problems),
    )
    _check_parties(record, problems)
    if problems:
        raise Invalid(problems)
    names = dict(enumerate(("party_a", "party_b")))
    columns = {f"parties-{number}-organisation": names.get(number, OTHERS) for number in range(len(record.parties))}
    return by_column(columns, lambda: bulk.make(record, known, actor))


def _day(text: str) -> tuple[date | None, Precision]:
    return read_partial(text) if text else (None, Precision.UNKNOWN)


def _exact(text: str, field: str, problems: dict[str, list[Message | str]]) -> date | None:
    """A day that terms are counted from: a month is not enough."""
    if text in ("", OPEN):
        return None
    day, precision = read_partial(text)
    if precision is not Precision.DAY:
        problems[field] = [msg("Give the day, not only month or year")]
        return None
    return day


def _short(text: str, limit: int, field: str, problems: dict[str, list[Message | str]]) -> str:
    if len(text) > limit:
        problems[field] = [msg("At most %(limit)s characters; these are %(length)s", limit=limit, length=len(text))]
    return text[:limit]


def _term(row: Row, problems: dict[str, list[Message | str]]) -> Term:
    """Years as months; an explicit last day wins."""
    last = _exact(row.text("expires_on"), "expires_on", problems)
    if OPEN in (row.text("expires_on"), row.text("term_years")):
        return Term(open_ended=True)
    read = figure_of(ledger(CODE).column("term_years"), row.text("term_years"))
    if read is None or read.value is None:
        return Term(expires_on=last)
    months = Decimal(read.value) * (12 if read.unit is not None else 1)
    if months != int(months) or not 0 < months <= LONGEST_YEARS * 12:
        problems["term_years"] = [msg("A term has at most %(years)s years", years=LONGEST_YEARS)]
        return Term(expires_on=last)
    return Term(int(months), last)


def _parties(row: Row, problems: dict[str, list[Message | str]]) -> Iterator[PartyLine]:
    for field, role in (("party_a", PartyRole.LEAD), ("party_b", PartyRole.PARTY)):
        named = row.named(field)
        signatory = _short(row.text(f"{field}_signatory"), LONGEST_SIGNATORY, f"{field}_signatory", problems)
        name = "" if named.public_id else _short(named.name, LONGEST_TITLE, field, problems)
        yield PartyLine(named.public_id, name, role, representative=signatory)
    for name in parts_of(row.text("other_parties")):
        found = row.organisations.get(f"other_parties:{name}")
        yield PartyLine(found.public_id) if found and found.public_id else PartyLine(name_as_reported=name)


def _check_parties(record: HistoricRecord, problems: dict[str, list[Message | str]]) -> None:
    names = [line.organisation or fold(line.name_as_reported) for line in record.parties]
    if len(set(names)) < len(names):
        problems.setdefault("party_b", []).append(msg("One organisation is a party twice"))


def warn(row: Row) -> list[Note]:
    """Goals become no promises by themselves: what was read of them is told, and they stay with the row."""
    text = row.text("commitments")
    if not text:
        return []
    read_as = "；".join(f"{one.what} {one.figure.as_reported}".strip() for one in promises_in(text))
    if not read_as:
        return [
            Note("commitments", Grade.WARNING, msg("No number was found: it stays with the row, as no promise yet"))
        ]
    told = msg(
        "Read as: %(promises)s. It stays with the row, as no promise yet: mark it as one on the agreement's page once "
        "the agreement is in force",
        promises=read_as,
    )
    return [Note("commitments", Grade.WARNING, told)]


def keys(row: Row, _actor: User) -> list[Key]:
    """Its number; else title and parties."""
    sides = sorted({row.named("party_a").key, row.named("party_b").key})
    described: Key = ("title", fold(row.text("title_zh")), *sides)
    number = row.text("doc_no")
    return [("number", number), described] if number else [described]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Agreements that the actor sees, by number and by title and parties."""
    numbers = {row.text("doc_no") for row in rows} - {""}
    titles = {row.text("title_zh") for row in rows}
    statement = _agreements(actor).where(or_(Agreement.number.in_(numbers), Agreement.title_zh.in_(titles)))
    found: dict[Key, Existing] = {}
    for agreement, sides in with_parties(db.session.execute(statement).all()):
        one = Existing(agreement.public_id, facts(agreement, sides))
        if agreement.number and agreement.owner_id == actor.organisation_id:
            found.setdefault(("number", agreement.number), one)
        names = sorted({party_key(party) for party in sides[:2]})
        found.setdefault(("title", fold(agreement.title_zh), *names), one)
    return found


def _agreements(actor: User) -> Any:
    seen = AgreementVisibility
    return (
        select(*COLUMNS)
        .join(seen, seen.agreement_id == Agreement.id)
        .outerjoin(SigningEvent, SigningEvent.id == Agreement.signing_event_id)
        .where(seen.organisation_id == actor.organisation_id, Agreement.status != "void")
        .order_by(Agreement.id)
    )


def _enter(made: Sequence[Made], actor: User) -> list[str]:
    return bulk.record_many(made, actor)


def _take_back(public_ids: Collection[str]) -> None:
    taking_back.take_back(public_ids)


def _told_elsewhere(text: str, before: str) -> bool:
    return not before or fold(text) == fold(before)


SAME: Mapping[str, Any] = dict.fromkeys(DERIVED, _told_elsewhere)
TARGET = Target(
    CODE, KIND, "agreement", Action.AGREEMENT_RECORD, "agreements.show",
    needs=frozenset({"title_zh", "kind", "party_a", "party_b"}),
    kept=KEPT, read=read, keys=keys, existing=existing, enter=_enter, warn=warn, prepare=prepare, take_back=_take_back,
    words=WORDS, shown=SHOWN, codes={"party_b": "moe_code"}, strangers=frozenset({"party_a", "party_b"}), same=SAME,
)  # fmt: skip
