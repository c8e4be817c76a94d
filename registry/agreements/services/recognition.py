"""Reading a scan that was handed in for an event: whose pages it holds, and for which parties they count. 扫描件识别。

Slow, so it runs before the transaction that files what was recognised (see `intake`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.access.roles import Role
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...documents import scans, store, uploads
from ...documents.inspection.kinds import PDF
from .. import policy, queries
from ..models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    DocumentKind,
    SignatoryStatus,
    SigningEvent,
)
from ..papers import field_of
from ..scan_words import about_pages, ranges
from . import incoming
from .incoming import Paper
from .scans import Found, ScanPage, find, match

RECORD = Action.AGREEMENT_RECORD_SIGNATURE
NOBODY_ELSE = msg("The codes name no agreement of this event")
SIGNS = (SignatoryStatus.PENDING, SignatoryStatus.SIGNED)


@dataclass(frozen=True)
class Part:
    """Pages of a file that belong to one agreement, ready to be filed for its parties."""

    agreement_id: int
    revision_id: int
    party_ids: tuple[int, ...]
    paper: Paper


@dataclass(frozen=True)
class Looked:
    """A file that was read and stored: its parts, or why it has none."""

    kept: store.Kept
    filename: str
    parts: tuple[Part, ...] = ()
    problems: tuple[Message, ...] = ()


def acting_parties(agreements: Sequence[Agreement], actor: User) -> dict[int, list[AgreementParty]]:
    """Signing parties for which the actor may file papers, by agreement, in their order; two queries for all.

    An agreement where there is none is left out.
    """
    concerned = [one for one in agreements if decide(actor, RECORD, one)]
    rows = queries.signatories_by_agreement(concerned)
    here = queries.roles_here([party for one in concerned for party in one.parties])
    found = {}
    for agreement in concerned:
        parties = [row.party for row in rows[agreement.id] if row.status in SIGNS]
        acting = [party for party in parties if _acts_for(agreement, party, here, actor)]
        if acting:
            found[agreement.id] = acting
    return found


def _acts_for(agreement: Agreement, party: AgreementParty, here: Mapping[int, frozenset[Role]], actor: User) -> bool:
    roles = here.get(party.organisation_id or 0, frozenset())
    return bool(policy.may_act_for(actor, agreement, party, has_users=bool(roles & policy.OWN_PEOPLE[RECORD])))


def look(event: SigningEvent, data: bytes, filename: str, actor: User) -> Looked:
    """Read one file's codes, take it apart where it holds several papers, and keep the bytes.

    Raises Forbidden, Invalid for a file that no upload could bring in (the file is not kept then), Unavailable.
    """
    decide(actor, Action.EVENT_INTAKE).enforce()
    checked = uploads.inspect(data, filename)
    looked = Looked(store.put(data, checked.media_type), checked.filename)
    found = find(scans.page_codes(data))
    members = {one.id: one for one in queries.programme_of(event, actor).agreements}
    try:
        parts = _parts(found, members, data, looked, actor)
    except Invalid as error:
        return replace(looked, problems=_all(error))
    return replace(looked, parts=tuple(parts))


def _parts(found: Found, members: dict[int, Agreement], data: bytes, looked: Looked, actor: User) -> list[Part]:
    """Each agreement's pages, matched. Raises Invalid with the reason for the whole file."""
    owners = _owners(found)
    if not owners:
        raise Invalid({"file": [msg("No code could be read on any page; choose the agreement by hand")]})
    mine = [members[one] for one in owners if one in members]
    if len(owners) == 1:
        if not mine:
            raise Invalid({"file": [_foreign(found, actor)]})
        return [_part(found, mine[0], looked.kept, looked.filename, actor)]
    if len(mine) < len(owners):
        raise Invalid({"file": [msg("The file holds pages of several papers, and not all are of this event")]})
    return _taken_apart(found, mine, data, looked, actor)


def _owners(found: Found) -> list[int]:
    """Agreements that the codes name, in the order of their pages; -1 for codes that were never given out."""
    keys = [mark.code for page in found.pages for mark in page.marks]
    return list(dict.fromkeys(found.agreements[key].id if key in found.agreements else -1 for key in keys))


def _foreign(found: Found, actor: User) -> Message:
    if not found.agreements:
        host = next(mark.host for page in found.pages for mark in page.marks)
        return msg("Unknown code: it is not one of this registry (%(host)s)", host=host)
    owner = next(iter(found.agreements.values()))
    if any(row.organisation_id == actor.organisation_id for row in owner.visibility) and owner.number:
        return msg("It belongs to the agreement %(number)s, which is not one of this event", number=owner.number)
    return NOBODY_ELSE


def _taken_apart(found: Found, mine: Sequence[Agreement], data: bytes, looked: Looked, actor: User) -> list[Part]:
    """Several papers one after another in one PDF. Every page has to say whose it is."""
    if looked.kept.media_type != PDF:
        raise Invalid({"file": [msg("Only a PDF can hold scans of several agreements; hand in one file for each")]})
    unread = [page.number for page in found.pages if len({mark.code for mark in page.marks}) != 1]
    if unread:
        raise Invalid(
            {
                "file": [
                    msg(
                        "The file holds several agreements, but page %(pages)s does not say whose it is: scan the "
                        "agreements one by one",
                        pages=ranges(unread),
                    )
                ]
            }
        )
    chosen = [[page for page in found.pages if page.marks[0].code == one.verification_code] for one in mine]
    pieces = scans.split(data, [[page.number for page in pages] for pages in chosen])
    return [
        _part(_renumbered(found, pages), one, store.put(piece, PDF), _piece_name(looked.filename, one), actor)
        for one, pages, piece in zip(mine, chosen, pieces, strict=True)
    ]


def _renumbered(found: Found, pages: Sequence[ScanPage]) -> Found:
    return Found(tuple(replace(page, number=number) for number, page in enumerate(pages, 1)), found.agreements)


def _piece_name(filename: str, agreement: Agreement) -> str:
    return uploads.clean_filename(f"{filename.rpartition('.')[0]}-{agreement.number or agreement.public_id}.pdf", PDF)


def _part(found: Found, agreement: Agreement, kept: store.Kept, filename: str, actor: User) -> Part:
    """Matched with what is being signed, for those parties whose cell is on its pages. Raises Invalid."""
    revision = agreement.open_revision
    if agreement.status is not AgreementStatus.SIGNING or revision is None:
        raise Invalid({"file": [msg("%(title)s is not being signed now", title=called(agreement))]})
    outline = incoming.signing_copy_outline(agreement)
    matched = match(found, agreement, (), outline, actor, checked_by_eye=False)
    acting = acting_parties([agreement], actor).get(agreement.id, [])
    if not acting:
        raise Invalid({"file": [msg("You may not file papers for a party of %(title)s", title=called(agreement))]})
    shown = {entry["page"] for entry in matched.scan_pages}
    signed = [party for party in acting if outline is None or outline.fields.get(field_of(party)) in shown]
    if not signed:
        names = "、".join(party.name for party in acting)
        raise Invalid({"file": [msg("The page on which %(party)s signs is not in the scan", party=names)]})
    paper = Paper(
        DocumentKind.PARTY_SCAN,
        kept,
        filename,
        scan_pages=matched.scan_pages,
        seen="; ".join(one.english for one in about_pages(matched.scan_pages)),
        notes=matched.notes,
    )
    return Part(agreement.id, revision.id, tuple(party.id for party in signed), paper)


def _all(error: Invalid) -> tuple[Message, ...]:
    return tuple(
        told if isinstance(told, Message) else msg(told) for messages in error.fields.values() for told in messages
    )


def called(agreement: Agreement) -> str:
    """How messages name an agreement: by its number where it has one."""
    return agreement.number or agreement.title_zh
