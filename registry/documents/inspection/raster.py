"""Scans as page images for the registry copy: what a scanned PDF carries besides its pictures stays behind.

Importing foreign pages would bring their fonts and colour spaces into a PDF/A; pictures of them always conform.
"""

import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..workers.child import Refused
from .images import PAGE_PIXELS, QUALITY, image_pages
from .kinds import PDF, media_type
from .pdfs import check_pdf

SECONDS = 120
AS_JPEG = ("-jpeg", "-jpegopt", f"quality={QUALITY}", "-scale-to", str(PAGE_PIXELS))
AS_PREVIEW = ("-png", "-gray", "-scale-to", "1400")  # long side: sharp at the width of a desk's window


def page_jpegs(data: bytes) -> list[bytes]:
    """Every page of a scan (PDF or image) as a JPEG. Raises Refused."""
    if media_type(data) == PDF:
        check_pdf(data)
        return list(_pdf_pages(data, AS_JPEG))
    return list(image_pages(data))


def preview_pngs(data: bytes) -> list[bytes]:
    """Every page of a PDF that we made ourselves, the record inside it included, as a grey PNG. Raises Refused."""
    return list(_pdf_pages(data, AS_PREVIEW))


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, out of the frame header. Raises Refused."""
    place = 2
    while place + 9 <= len(data):
        marker, length = struct.unpack(">HH", data[place : place + 4])
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + length
    raise Refused("damaged")


def _pdf_pages(data: bytes, options: Sequence[str]) -> Iterator[bytes]:
    with TemporaryDirectory() as work:
        (Path(work) / "scan.pdf").write_bytes(data)
        command = ["pdftoppm", *options, "scan.pdf", "p"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command
                command, cwd=work, capture_output=True, timeout=SECONDS, check=False
            )
        except FileNotFoundError:
            raise Refused("no_pdftoppm") from None
        except subprocess.TimeoutExpired:
            raise Refused("damaged") from None
        pages = sorted(Path(work).glob("p-*"))
        if done.returncode or not pages:
            raise Refused("damaged")
        for page in pages:
            yield page.read_bytes()
