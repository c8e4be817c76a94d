"""What pyHanko finds about a file: its signatures, what is still unsigned, what was changed, the record inside."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from ..workers.child import Refused
from . import structure
from .changes import changes_after
from .signatures import CANNOT_BE_READ, Findings, findings
from .trusting import LONGEST_TEXT, Trust

Judged = tuple[dict[str, Any], list[bytes]]


def judge_pdf(pdf: bytes, trust: Trust) -> Judged:
    """The findings about each signature in the order of signing and about the file; then the records inside.

    The records are those of the file as it is, then, where a signature is told to have been changed later, those of the
    file as it was signed. Raises Refused("unreadable") when the file's structure is broken, Refused("too_many") when it
    has more fields than can be judged.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf))
        empty = structure.empty_fields(reader)
        signatures = list(reader.embedded_signatures) if empty is not None else []
        present = structure.records(reader.root)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Refused("unreadable") from error
    if empty is None:
        raise Refused("too_many")
    found = _all_findings(signatures, trust)
    disturbed = next((one for one, told in zip(signatures, found, strict=True) if _is_disturbed(told)), None)
    header = {
        "signatures": found,
        "empty": [name[:LONGEST_TEXT] for name in empty],
        "closed": any(one["closes"] for one in found),
        "changes": _changes(disturbed) if disturbed else [],
        "saved_again": _is_saved_again(reader, found),
        "records": len(present),
    }
    return header, [*present, *(_records_then(disturbed) if disturbed else ())]


def _all_findings(signatures: Sequence[EmbeddedPdfSignature], trust: Trust) -> list[Findings]:
    """From the last to the first, since a time stamp proves that what lies before it was there."""
    found: list[Findings] = []
    stamped: datetime | None = None
    for one in reversed(signatures):
        told = findings(one, trust, stamped, is_last=not found)
        found.append(told)
        if told["timestamp"] and not told["codes"]:
            stamped = datetime.fromisoformat(told["proven"])
    return found[::-1]


def _is_disturbed(told: Findings) -> bool:
    return "changed_later" in told["codes"]


def _changes(signature: EmbeddedPdfSignature) -> list[tuple[str, str]]:
    try:
        return changes_after(signature)
    except (*CANNOT_BE_READ, RecursionError):
        return [("something_else", "")]


def _records_then(signature: EmbeddedPdfSignature) -> list[bytes]:
    try:
        return structure.records(signature.reader.get_historical_root(signature.signed_revision))
    except (*CANNOT_BE_READ, RecursionError):
        return []


def _is_saved_again(reader: PdfFileReader, found: Sequence[Findings]) -> bool:
    """Whether the file has fewer revisions than signatures: another program wrote it anew, which breaks them all."""
    return any("altered" in one["codes"] for one in found) and reader.xrefs.total_revisions < len(found) + 1
