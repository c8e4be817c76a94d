"""What is attached to a record: looked through, rid of the camera's traces, drawn small; and its pages. 附件检查."""

from ..workers.child import Answer, Refused
from .images import check_and_draw, page_pngs
from .kinds import PDF, ZIP_BEGINNING, media_type
from .office import check_office
from .pdfs import check_pdf
from .photos import without_traces
from .raster import rasterised

SMALL = 320  # long side of the small picture in lists, in pixels
LARGE = 1400  # of a page to look at: sharp at the width of a desk's window
SMALL_JPEG = ("-jpeg", "-jpegopt", "quality=80", "-scale-to", str(SMALL), "-f", "1", "-l", "1")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what a password makes of a new one
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


def look(data: bytes) -> Answer:
    """Type, pages, and as blobs the small picture (empty where there is none) and the bytes to keep.

    Raises Refused: attached_kind, old_office, heic, and as the checks of each kind do.
    """
    if data.startswith(ZIP_BEGINNING):
        return {"media_type": check_office(data), "pages": 0}, (b"", data)
    kind = media_type(data)
    if not kind:
        raise Refused(_reason(data))
    if kind == PDF:
        return {"media_type": kind, "pages": check_pdf(data)}, (_first_page(data), data)
    cleaned = without_traces(data)
    pages, small = check_and_draw(cleaned, SMALL)
    return {"media_type": kind, "pages": pages}, (small, cleaned)


def pages(data: bytes, first: int, last: int) -> list[bytes]:
    """Pages as PNG, counted from 1, of a PDF or an image that was looked at before. Raises Refused."""
    if media_type(data) == PDF:
        chosen = ("-f", str(first), "-l", str(last))
        return list(rasterised(data, "-png", "-scale-to", str(LARGE), *chosen))
    return list(page_pngs(data, LARGE, first, last))


def _first_page(pdf: bytes) -> bytes:
    """The small picture; a PDF whose page cannot be drawn has none, and may be kept all the same."""
    try:
        return next(rasterised(pdf, *SMALL_JPEG))
    except Refused:
        return b""


def _reason(data: bytes) -> str:
    if data.startswith(OLD_OFFICE):
        return "old_office"
    return "heic" if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS else "attached_kind"
