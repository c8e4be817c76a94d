"""The inspecting process: `python -m registry.documents.inspection.worker`."""

from collections.abc import Callable, Mapping
from typing import Any

from ..workers.child import Answer, Refused, serve
from ..workers.frames import Frame
from . import attached
from .codes import page_codes
from .images import check_image
from .kinds import PDF, media_type, sealed_type
from .ofd import check_ofd
from .outline import outline
from .pdfs import check_pdf
from .raster import jpeg_size, page_jpegs, preview_pngs
from .split import split_pdf

PROCESSOR_SECONDS = 60
PROGRAMS = ("pdftoppm",)
Header = Mapping[str, Any]


def handle(frame: Frame) -> Answer:
    """One of WORKS on one file."""
    (data,) = frame.blobs
    return WORKS[frame.header["work"]](data, frame.header)


def _inspect(data: bytes, _header: Header) -> Answer:
    """Type and pages of a scan."""
    kind = media_type(data)
    if not kind:
        raise Refused("kind")
    return {"media_type": kind, "pages": check_pdf(data) if kind == PDF else check_image(data)}, ()


def _inspect_sealed(data: bytes, header: Header) -> Answer:
    """Type and pages of a file that was sealed elsewhere; the pages of an OFD are not looked at."""
    kind = sealed_type(data)
    if not kind:
        raise Refused("sealed_kind")
    if kind == PDF:
        return {"media_type": kind, "pages": check_pdf(data, header["known"])}, ()
    check_ofd(data)
    return {"media_type": kind, "pages": 0}, ()


def _pages(data: bytes, header: Header) -> Answer:
    """The pages as JPEG with their sizes."""
    if not media_type(data):
        raise Refused("kind")
    jpegs = page_jpegs(data, header["turns"])
    return {"sizes_px": [jpeg_size(jpeg) for jpeg in jpegs]}, jpegs


def _preview(data: bytes, _header: Header) -> Answer:
    """The pages of a PDF of our own as PNG."""
    if media_type(data) != PDF:
        raise Refused("kind")
    return {}, preview_pngs(data)


def _codes(data: bytes, header: Header) -> Answer:
    """The codes on each page."""
    return {"pages": page_codes(data, header["known"])}, ()


def _outline(data: bytes, _header: Header) -> Answer:
    """What a signing copy has on which page."""
    return outline(data), ()


def _split(data: bytes, header: Header) -> Answer:
    """The parts of a PDF."""
    return {}, split_pdf(data, header["parts"])


def _attached(data: bytes, _header: Header) -> Answer:
    """An attachment."""
    return attached.look(data)


def _attached_pages(data: bytes, header: Header) -> Answer:
    """Pages of an attachment as PNG."""
    return {}, attached.pages(data, header["first"], header["last"])


WORKS: Mapping[str, Callable[[bytes, Header], Answer]] = {
    "inspect": _inspect,
    "inspect_sealed": _inspect_sealed,
    "pages": _pages,
    "preview": _preview,
    "codes": _codes,
    "outline": _outline,
    "split": _split,
    "attached": _attached,
    "attached_pages": _attached_pages,
}


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS, PROGRAMS)
