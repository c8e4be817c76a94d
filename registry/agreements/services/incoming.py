"""A party's paper on its way in: looked at, matched and stored before the transaction that files it.

`take` is for what a person uploads, `take_sealed` for what an electronic-seal service hands out; `files.attach` files
either. Reading, drawing and judging are slow, so none of them runs inside the transaction. 收件.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...accounts.models import User
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...documents import eseal, scans, store, uploads, verdicts
from ...documents.inspection.kinds import PDF
from ...documents.judging import words
from .. import queries
from ..inputs import PaperDetails
from ..models import Agreement, AgreementParty, DocumentKind
from ..scan_words import ScanPages, about_pages
from .scans import Found, find, match

NO_ORIGIN = msg("Name the electronic-seal system that sealed the file")
# What is sure whatever algorithms a seal uses; anything else is only told.
BROKEN = frozenset(words.FINDINGS[code][1] for code in ("altered", "changed_later"))
NO_SEAL = msg("This PDF carries no digital signature or electronic seal; a scan of a paper is uploaded as a scan")


@dataclass(frozen=True)
class Paper:
    """A paper that was looked at and stored; `seen` goes into the audit, `notes` are told to the uploader."""

    kind: DocumentKind
    kept: store.Kept
    filename: str
    scan_pages: ScanPages | None = None
    origin: str = ""
    seen: str = ""
    notes: tuple[Message, ...] = ()


def take(
    agreement: Agreement,
    parties: Sequence[AgreementParty],
    details: PaperDetails,
    data: bytes,
    filename: str,
    actor: User,
) -> Paper:
    """Look at an upload and keep its bytes.

    Raises Invalid by field, and Unavailable when too many uploads are looked at.
    """
    if details.kind is DocumentKind.EXTERNAL_FILE:
        return _sealed(agreement, details, data, filename, actor)
    checked = uploads.inspect(data, filename)
    if details.kind is not DocumentKind.PARTY_SCAN:
        return Paper(details.kind, store.put(data, checked.media_type), checked.filename)
    matched = match(
        find(scans.page_codes(data)),
        agreement,
        parties,
        signing_copy_outline(agreement),
        actor,
        checked_by_eye=details.checked_by_eye,
    )
    return Paper(
        details.kind,
        store.put(data, checked.media_type),
        checked.filename,
        scan_pages=matched.scan_pages,
        seen=_in_english(about_pages(matched.scan_pages)),
        notes=matched.notes,
    )


def take_sealed(service: eseal.ESealService, ticket: str, agreement: Agreement, actor: User) -> Paper | None:
    """What the electronic-seal service made of an order, taken in as an upload of it would be; None while it waits.

    Raises ESealFailed, and Invalid for a file that no upload could bring in either.
    """
    file = eseal.collect(service, ticket)
    if file is None:
        return None
    details = PaperDetails(DocumentKind.EXTERNAL_FILE, origin=service.name)
    return take(agreement, (), details, file.data, file.filename, actor)


def signing_copy_outline(agreement: Agreement) -> scans.Outline | None:
    """Of the signing copy that is being signed; None while it is not made yet."""
    revision = agreement.open_revision
    for row in queries.documents_of(agreement) if revision else ():
        if row.kind is DocumentKind.SIGNING_COPY and revision and row.counts_for(revision):
            return scans.outline_of(store.read(row.file))
    return None


def _sealed(agreement: Agreement, details: PaperDetails, data: bytes, filename: str, actor: User) -> Paper:
    """Sealed elsewhere: the seals are that system's, we say what we can see of them and never call them ours."""
    if not details.origin:
        raise Invalid({"origin": [NO_ORIGIN]})
    outline = signing_copy_outline(agreement)
    known = outline.attached if outline else ()
    checked = uploads.inspect_sealed(data, filename, known)
    seen, notes = "", tuple[Message, ...]()
    if checked.media_type == PDF:
        _compare(find(scans.page_codes(data, known)), agreement, outline, actor)
        seen, notes = _judged(data)
    kept = store.put(data, checked.media_type)
    return Paper(details.kind, kept, checked.filename, origin=details.origin, seen=seen, notes=notes)


def _compare(found: Found, agreement: Agreement, outline: scans.Outline | None, actor: User) -> None:
    """A sealed file that is plainly another paper is refused; one without codes was made elsewhere and passes."""
    match(found, agreement, (), outline, actor, checked_by_eye=True)


def _judged(data: bytes) -> tuple[str, tuple[Message, ...]]:
    verdict = verdicts.judge(data)
    if not verdict.signatures:
        raise Invalid({"file": [NO_SEAL]})
    broken = [reason for reason in verdict.reasons if reason in BROKEN]
    if broken:
        raise Invalid({"file": [msg("The seals in this file do not hold: %(reason)s", reason=broken[0])]})
    told = msg("Seals in the file, as far as the registry can tell: %(state)s", state=verdict.state.label)
    signers = ", ".join(one.signer for one in verdict.signatures if one.signer)
    return f"{_in_english((verdict.state.label, *verdict.reasons))} ({signers})", (told, *verdict.reasons)


def _in_english(messages: Sequence[Message]) -> str:
    return "; ".join(message.english for message in messages)
