"""The parties of an agreement: which organisations the lines name, and the rows that stand for them. 协议各方."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select

from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.models import Organisation, OrganisationStatus
from ..inputs import PartyLine
from ..models import Agreement, AgreementParty, PartyRole


def known_organisations(lines: Iterable[PartyLine]) -> dict[str, Organisation]:
    """The organisations that the lines name, by public id; a merged one is the one that it was merged into.

    Raises Invalid at the line for one that is unknown, gone, or named twice.
    """
    lines = tuple(lines)
    known = standing({line.organisation for line in lines if line.organisation})
    check(lines, known)
    return known


def check(lines: Sequence[PartyLine], known: dict[str, Organisation]) -> None:
    """Raises Invalid as `known_organisations`, for one record whose organisations are read already."""
    problems: dict[str, list[Message]] = {}
    seen: set[str] = set()
    for index, line in enumerate(lines):
        problem = _party_problem(line, known, seen)
        if problem:
            problems[f"parties-{index}-organisation"] = [problem]
        seen.add(_who(line, known))
    if sum(line.role is PartyRole.LEAD for line in lines) > 1:
        problems["parties"] = [msg("Only one party can be the lead")]
    if problems:
        raise Invalid(problems)


def standing(public_ids: Collection[str]) -> dict[str, Organisation]:
    """Organisations by the public id that names them: of a merged one, the survivor."""
    rows = db.session.scalars(select(Organisation).where(Organisation.public_id.in_(public_ids))).all()
    heirs = [row.merged_into_id for row in rows if row.merged_into_id]
    survivors = {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(heirs)))}
    return {row.public_id: survivors[row.merged_into_id] if row.merged_into_id else row for row in rows}


def _who(line: PartyLine, known: Mapping[str, Organisation]) -> str:
    found = known.get(line.organisation)
    return found.public_id if found else line.organisation or line.name_as_reported


def _party_problem(line: PartyLine, known: dict[str, Organisation], seen: set[str]) -> Message | None:
    if not line.organisation:
        if line.name_as_reported in seen:
            return msg("This organisation is already a party")
        return None if line.name_as_reported else msg("Choose an organisation")
    if line.organisation not in known:
        return msg("This organisation is not known")
    if _who(line, known) in seen:
        return msg("This organisation is already a party")
    if known[line.organisation].status is not OrganisationStatus.ACTIVE:
        return msg("This organisation has been merged or closed")
    return None


def write(agreement: Agreement, lines: Sequence[PartyLine], organisations: dict[str, Organisation]) -> None:
    """Bring the party rows in step with the lines, whose order is the paper's.

    A party keeps its row, since opinions and signatures of earlier revisions name it; one that was dropped keeps it
    too, under a negative position that nobody reads.
    """
    db.session.flush()
    rows = db.session.scalars(select(AgreementParty).where(AgreementParty.agreement_id == agreement.id)).all()
    for row in rows:
        row.position = -row.id
    db.session.flush()
    known = {(row.organisation_id, row.name_as_reported): row for row in rows}
    for position, line in enumerate(lines, start=1):
        organisation = organisations.get(line.organisation)
        key = (organisation.id if organisation else None, line.name_as_reported)
        row = known.get(key) or AgreementParty(agreement_id=agreement.id, organisation=organisation)
        row.position, row.role, row.department = position, line.role, line.department
        row.name_as_reported, row.snapshot_representative = line.name_as_reported, line.representative
        row.snapshot_name = row.snapshot_name_en = row.snapshot_code = row.snapshot_address = ""
        db.session.add(row)
    db.session.flush()
    db.session.expire(agreement, ["all_parties"])
