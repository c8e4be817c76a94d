"""Makes the documents: the one door for whoever has the data. 制作文件."""

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.errors import RegistryError
from ..core.i18n import Message, msg
from .briefing_sheet import BriefingSheet
from .data import RegistryCopy, ScanNote, ScanSheet, SigningCopy
from .fonts.coverage import describe
from .html import ScanPage, briefing_html, look_html, order_sheet_html, registry_copy_html, signing_copy_html
from .limits import problem
from .order_sheet import OrderSheet
from .places import places
from .scans import PageImage, page_images
from .signing import close
from .signing.party_signatures import Look
from .workers.parent import Failed, Pool, pool_of

RENDERER = "registry.documents.rendering.worker"
SECONDS = 90
AT_THE_END = sys.maxsize
PROCESSES = min(2, os.cpu_count() or 1)


class CannotRender(RegistryError):
    """The document could not be made; the message says why, and for characters which and where."""

    title = msg("The document could not be made")

    def __init__(self, message: Message | None = None, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


REASONS: Mapping[str, Message] = {
    "no_subset": msg("The document cannot be made: the system package libharfbuzz-subset0 is not installed"),
    "no_fonts": msg("The document cannot be made: run “flask registry build-fonts” first"),
    "timeout": msg("The document took too long to make; it may be too large"),
    "memory": msg("The document needed too much memory to make; it may be too large"),
    "busy": msg("Too many documents are being made; please try again"),
}


def render_signing_copy(data: SigningCopy) -> bytes:
    """The signing copy as PDF/A-3u; the same bytes for the same data. Raises CannotRender."""
    _check(data)
    return _render(signing_copy_html(data), data, (), data.verification.page_code)


def render_reading_copy(data: SigningCopy) -> bytes:
    """A copy to read as PDF/A-3u, without codes on its pages. Raises CannotRender."""
    _check(data)
    return _render(signing_copy_html(data), data, ())


def digest_of(data: SigningCopy) -> str:
    """Tells two copies apart before they are rendered: the same digest, the same bytes."""
    return hashlib.sha256(signing_copy_html(data).encode() + data.record).hexdigest()


def render_registry_copy(data: RegistryCopy, scans: Sequence[bytes]) -> bytes:
    """The registry copy before it is signed: certificate page and scans (PDF, JPEG, PNG or TIFF), in the order of
    `data.scans`, each scan's pages upright and in the order of the signing copy.

    Raises CannotRender, and Invalid for a scan that cannot be read.
    """
    _check(data)
    pages: list[ScanPage] = []
    images: list[PageImage] = []
    notes = [*data.scans, *(ScanNote("", "") for _ in scans)]
    for note, scan in zip(notes, scans, strict=False):
        found = _in_order(note.sheets, page_images(scan, [sheet.turn for sheet in note.sheets]))
        pages += [ScanPage(note.label, number, len(found), image.is_wide) for number, image in enumerate(found, 1)]
        images += found
    return _render(registry_copy_html(data, pages), data, [image.jpeg for image in images])


def _in_order(sheets: Sequence[ScanSheet], images: Sequence[PageImage]) -> list[PageImage]:
    """As the signing copy has them; pages that nobody could place come last, as they were uploaded."""
    places = [sheet.page or AT_THE_END for sheet in sheets] + [AT_THE_END] * len(images)
    return [image for _, image in sorted(zip(places, images, strict=False), key=lambda pair: pair[0])]


def produce_registry_copy(data: RegistryCopy, scans: Sequence[bytes]) -> bytes:
    """The registry copy, closed by the registry's own signature. Raises CannotRender, Invalid, NoSigningKey."""
    return close(render_registry_copy(data, scans))


def render_order_sheet(data: OrderSheet) -> bytes:
    """The order of signing of an event as PDF/A-3u, with the same as JSON inside. Raises CannotRender."""
    _check(data)
    html = order_sheet_html(data)
    header = {
        "html": html,
        "identifier": _identifier(html, b""),
        "made_at": data.made_at.isoformat(),
        "page_code": "",
    }
    return _ask(header, [data.record])


def render_briefing(data: BriefingSheet) -> bytes:
    """A briefing as PDF/A-3u with its figures as JSON inside; the same bytes for the same data. Raises CannotRender."""
    _check(data)
    html = briefing_html(data)
    header = {
        "html": html,
        "identifier": _identifier(html, data.record),
        "made_at": data.made_at.isoformat(),
        "page_code": "",
        "record_name": "briefing.json",
    }
    return _ask(header, [data.record])


def render_look(look: Look) -> bytes:
    """The appearance of a digital signature: one page of the field's size. Raises CannotRender."""
    html = look_html(look)
    header = {"html": html, "identifier": _identifier(html, b""), "made_at": look.moment.isoformat(), "page_code": ""}
    return _ask(header, [b"{}"])


def _check(data: SigningCopy | RegistryCopy | OrderSheet | BriefingSheet) -> None:
    told = problem(data)
    if told:
        raise CannotRender(told, is_final=True)


def _render(html: str, data: SigningCopy | RegistryCopy, assets: Sequence[bytes], page_code: str = "") -> bytes:
    header = {
        "html": html,
        "identifier": _identifier(html + page_code, data.record),
        "made_at": data.made_at.isoformat(),
        "page_code": page_code,
    }
    return _ask(header, [data.record, *assets])


def _ask(header: Mapping[str, Any], blobs: Sequence[bytes]) -> bytes:
    try:
        return _pool(places().fonts).ask(header, blobs).blobs[0]
    except Failed as failed:
        raise _explain(failed) from failed


def _pool(fonts: Path) -> Pool:
    configuration = fonts / "fonts.conf"
    if not (fonts / "manifest.json").exists():
        raise Failed("no_fonts")
    # Fonts that were built anew want processes that never saw the old ones.
    built = str((fonts / "manifest.json").stat().st_mtime_ns)
    return pool_of(RENDERER, {"FONTCONFIG_FILE": str(configuration), "FONTS_BUILT": built}, PROCESSES, SECONDS)


def _identifier(html: str, record: bytes) -> str:
    return hashlib.sha256(html.encode() + record).hexdigest()[:32]


def _explain(failed: Failed) -> CannotRender:
    detail: Mapping[str, Any] = failed.detail
    if failed.code == "missing_glyphs":
        return CannotRender(
            msg("No font has these characters: %(characters)s", characters=describe(list(detail["signs"]))),
            is_final=True,
        )
    return CannotRender(REASONS.get(failed.code))
