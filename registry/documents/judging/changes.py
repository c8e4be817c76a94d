"""Names what was changed after a signature, by comparing the file with itself as it was signed. 篡改定位."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from . import structure

MOST_NAMED = 20
Change = tuple[str, str]


def changes_after(signature: EmbeddedPdfSignature) -> list[Change]:
    """Codes with the page or the file that each concerns, e.g. ("page_replaced", "1")."""
    reader = signature.reader
    before, after = reader.get_historical_root(signature.signed_revision), reader.root
    found = [*_page_changes(before, after), *_attachment_changes(before, after)]
    return (found or [("something_else", "")])[:MOST_NAMED]


def _page_changes(before: Any, after: Any) -> Iterator[Change]:
    pairs = zip_longest(structure.pages(before), structure.pages(after))
    for number, (old, new) in enumerate(pairs, start=1):
        if old is None or new is None:
            yield ("page_added" if old is None else "page_missing"), str(number)
            continue
        was, became = structure.contents(old), structure.contents(new)
        if was != became:
            # All of the old content is still there, so something was drawn under or over it.
            yield ("page_covered" if all(one in became for one in was) else "page_replaced"), str(number)
        if structure.notes(old) != structure.notes(new):
            yield "page_notes", str(number)


def _attachment_changes(before: Any, after: Any) -> Iterator[Change]:
    old, new = ({name: _bytes(root, name) for name, _ in structure.attachments(root)} for root in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            kind = "added" if name not in old else "removed" if name not in new else "changed"
            yield f"attachment_{kind}", name[:80]


def _bytes(root: Any, name: str) -> list[bytes]:
    return [bytes(stream.encoded_data) for called, stream in structure.attachments(root) if called == name]
