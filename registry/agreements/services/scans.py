"""Scans find their agreement by the codes on their pages: each says which page of which revision of which paper it is.

Nothing that a code says is followed or believed beyond that. An address whose path ends in /v/CODE is looked up by CODE
alone: it has 128 random bits, so whoever prints a right one has seen the paper, whatever host stands before it, and a
registry that moved must still take the paper that it printed before. Another host is told; a code that we never gave
out is refused, under our own host too. Codes that are no such address (a public account on a letterhead) say nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...core.instance import settings
from ...documents.scans import Outline, PageCode
from ..models import Agreement, AgreementParty
from ..papers import field_of
from ..scan_words import ScanPages, ranges

PATH = re.compile(r"/v/([0-9A-Za-z]{1,64})/?")
LARGEST_NUMBER = 4  # digits


@dataclass(frozen=True)
class Mark:
    """What one code says; revision and page are None on the large code of the last page."""

    host: str
    code: str
    revision: int | None
    page: int | None


@dataclass(frozen=True)
class ScanPage:
    """A page of the scan, counted from 1: the codes on it, and how far to turn it."""

    number: int
    marks: tuple[Mark, ...]
    turn: int

    @property
    def place(self) -> Mark | None:
        """The one page that it is; None without a code, and where two pages lie in one picture."""
        placed = {mark for mark in self.marks if mark.page and mark.revision}
        return placed.pop() if len(placed) == 1 else None


@dataclass(frozen=True)
class Found:
    """A whole scan, and the agreements that its codes belong to."""

    pages: tuple[ScanPage, ...]
    agreements: Mapping[str, Agreement]


@dataclass(frozen=True)
class Matched:
    """A scan that belongs to the agreement: its pages as they are stored, and what the uploader should know."""

    scan_pages: ScanPages
    notes: tuple[Message, ...]


def find(pages: Sequence[Sequence[PageCode]]) -> Found:
    """Whose pages these are, whoever asks: what is shown to somebody has to be cut to what they see."""
    read = tuple(_page(number, codes) for number, codes in enumerate(pages, start=1))
    codes = {mark.code for page in read for mark in page.marks}
    if not codes:
        return Found(read, {})
    statement = select(Agreement).where(Agreement.verification_code.in_(codes))
    with without_scope():  # a code of a foreign agreement has to be known as such
        rows = db.session.scalars(
            statement.options(selectinload(Agreement.revisions), selectinload(Agreement.visibility))
        ).all()
    return Found(read, {row.verification_code or "": row for row in rows})


def match(
    found: Found,
    agreement: Agreement,
    parties: Sequence[AgreementParty],
    outline: Outline | None,
    actor: Actor,
    *,
    checked_by_eye: bool,
) -> Matched:
    """The scan as one of the agreement's revision that is being signed; `outline` is that of its signing copy.

    Raises Invalid with every reason, each naming its pages: another agreement, an old revision, a code that is not
    ours, no code and no comparing by eye.
    """
    problems: dict[str, list[Message]] = {}
    objections = _objections(found, agreement, outline, actor)
    if objections:
        problems["file"] = objections
    unread = [page.number for page in found.pages if page.place is None]
    if unread and not checked_by_eye:
        problems["checked_by_eye"] = [_unread(unread)]
    if problems:
        raise Invalid(problems)
    notes = [*_host_notes(found), *_page_notes(found, outline)]
    if outline and not unread:
        notes += _missing_cells(found, parties, outline)
    return Matched([_stored(page, outline) for page in found.pages], tuple(notes))


def _page(number: int, codes: Sequence[PageCode]) -> ScanPage:
    read = [(mark, code.turn) for code in codes for mark in _mark(code.text)]
    return ScanPage(number, tuple(mark for mark, _ in read), read[0][1] if read else 0)


def _mark(text: str) -> Iterator[Mark]:
    try:
        address = urlsplit(text)
        asked = parse_qs(address.query)
    except ValueError:
        return
    place = PATH.search(address.path)
    if place and place.end() == len(address.path) and address.scheme in ("http", "https"):
        yield Mark(address.netloc[:100], place[1], _number(asked.get("r")), _number(asked.get("p")))


def _number(given: Sequence[str] | None) -> int | None:
    text = given[0] if given else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LARGEST_NUMBER else None


def _objections(found: Found, agreement: Agreement, outline: Outline | None, actor: Actor) -> list[Message]:
    """What speaks against pages of the scan, each reason once with its pages."""
    told: dict[Message, list[int]] = {}
    for page in found.pages:
        for mark in page.marks:
            reason = _objection(mark, found.agreements.get(mark.code), agreement, outline, actor)
            if reason:
                told.setdefault(reason, []).append(page.number)
    return [
        msg("Page %(pages)s of the scan: %(reason)s", pages=ranges(numbers), reason=reason)
        for reason, numbers in told.items()
    ]


def _objection(
    mark: Mark, owner: Agreement | None, agreement: Agreement, outline: Outline | None, actor: Actor
) -> Message | None:
    if owner is None:
        return msg("its code is not one of this registry (%(host)s)", host=mark.host)
    if owner.id != agreement.id:
        if any(row.organisation_id == actor.organisation_id for row in owner.visibility) and owner.number:
            return msg("it belongs to the agreement %(number)s", number=owner.number)
        return msg("it belongs to another agreement")
    signed = agreement.open_revision
    if mark.revision is not None and (signed is None or mark.revision != signed.no):
        values = {"no": mark.revision, "now": signed.no if signed else "—"}
        return msg("its signing copy is void: it is of revision %(no)s, and revision %(now)s is being signed", **values)
    if mark.page and outline and mark.page > outline.pages:
        return msg("it says page %(page)s, but the signing copy has %(of)s", page=mark.page, of=outline.pages)
    return None


def _unread(numbers: Sequence[int]) -> Message:
    return msg(
        "No code could be read on page %(pages)s of the scan: compare it with the signing copy, then tick this box",
        pages=ranges(numbers),
    )


def _host_notes(found: Found) -> list[Message]:
    ours = urlsplit(settings().public_url).netloc
    others = sorted({mark.host for page in found.pages for mark in page.marks if mark.host != ours})
    return [
        msg("The codes name another address (%(host)s); they were matched by what follows it", host=host)
        for host in others
    ]


def _page_notes(found: Found, outline: Outline | None) -> list[Message]:
    """Pages that are there twice, and those that are not there: a party may scan the page of signatures only."""
    shown = [page.place.page for page in found.pages if page.place and page.place.page]
    twice = {number for number in shown if shown.count(number) > 1}
    notes = []
    if twice:
        notes.append(msg("Page %(pages)s of the signing copy is in the scan more than once", pages=ranges(twice)))
    missing = set(range(1, outline.pages + 1)) - set(shown) if outline and shown else set()
    if missing:
        notes.append(msg("Not found by its code: page %(pages)s of the signing copy", pages=ranges(missing)))
    return notes


def _missing_cells(found: Found, parties: Sequence[AgreementParty], outline: Outline) -> list[Message]:
    shown = {page.place.page for page in found.pages if page.place}
    return [
        msg("The page on which %(party)s signs is not in the scan", party=party.called)
        for party in parties
        if outline.fields.get(field_of(party), None) not in {None, *shown}
    ]


def _stored(page: ScanPage, outline: Outline | None) -> dict[str, int | None]:
    place = page.place
    entry: dict[str, int | None] = {"page": place.page if place else None, "turn": page.turn}
    return {**entry, "of": outline.pages} if place and outline else entry
