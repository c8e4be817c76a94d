"""What is told of the pages of a scan, and of a file that was sealed elsewhere. 扫描页说明."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..core.i18n import Message, msg
from ..documents.inspection.kinds import OFD
from .models import AgreementDocument

ScanPages = Sequence[Mapping[str, Any]]


def ranges(numbers: Iterable[int]) -> str:
    """1–3, 5 for 1, 2, 3, 5."""
    runs = groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in ends)


def about_pages(pages: ScanPages) -> list[Message]:
    """Which pages of the signing copy a scan shows, and how that is known; nothing where nobody looked."""
    read = [entry for entry in pages if entry["page"]]
    unread = [number for number, entry in enumerate(pages, start=1) if not entry["page"]]
    told = [_read(read)] if read else []
    if unread and read:
        told.append(msg("page %(pages)s of the scan compared by eye", pages=ranges(unread)))
    elif unread:
        told.append(msg("compared by eye"))
    return told


def _read(entries: ScanPages) -> Message:
    shown = {entry["page"] for entry in entries}
    of = max(entry.get("of") or 0 for entry in entries)
    values = {"pages": ranges(shown), "of": of}
    if not of:
        return msg("page %(pages)s, read by code", **values)
    if len(shown) == 1:
        return msg("page %(pages)s of %(of)s, read by its code", **values)
    return msg("pages %(pages)s of %(of)s, read by their codes", **values)


def about_file(document: AgreementDocument) -> list[Message]:
    """What the list of files says of a scan or of a file that was sealed elsewhere."""
    if not document.origin:
        return about_pages(document.scan_pages or ())
    told = [msg("Sealed elsewhere (%(system)s)", system=document.origin)]
    if document.file.media_type == OFD:
        told.append(msg("digest kept; signatures not evaluated here"))
    return told
