"""Scans as page images for the registry copy: what a scanned PDF carries besides its pictures stays behind.

Importing foreign pages would bring their fonts and colour spaces into a PDF/A; pictures of them always conform.
"""

import struct
import subprocess
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from ..workers.child import Refused
from .images import PAGE_PIXELS, QUALITY, image_pages
from .kinds import PDF, media_type
from .pdfs import check_pdf

SECONDS = 50  # within what `uploads.SECONDS` leave after waiting for a free child: later the child itself is ended
AS_JPEG = ("-jpeg", "-jpegopt", f"quality={QUALITY}", "-scale-to", str(PAGE_PIXELS))
AS_PREVIEW = ("-png", "-gray", "-scale-to", "1400")  # long side: sharp at the width of a desk's window


def page_jpegs(data: bytes, turns: Sequence[int] = ()) -> list[bytes]:
    """Every page of a scan (PDF or image) as a JPEG, turned clockwise by what `turns` says of it. Raises Refused."""
    if media_type(data) != PDF:
        return list(image_pages(data, turns))
    check_pdf(data)
    return list(rasterised(_turned(data, turns), *AS_JPEG))


def preview_pngs(data: bytes) -> list[bytes]:
    """Every page of a PDF that we made ourselves, the record inside it included, as a grey PNG. Raises Refused."""
    return list(rasterised(data, *AS_PREVIEW))


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


def rasterised(pdf: bytes, *options: str) -> Iterator[bytes]:
    """The pages that pdftoppm draws, each as the file that it writes. Raises Refused: damaged, timeout, no_pdftoppm."""
    with TemporaryDirectory() as work:
        (Path(work) / "scan.pdf").write_bytes(pdf)
        command = ["pdftoppm", *options, "scan.pdf", "p"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command
                command, cwd=work, capture_output=True, timeout=SECONDS, check=False
            )
        except FileNotFoundError:
            raise Refused("no_pdftoppm") from None
        except subprocess.TimeoutExpired:
            raise Refused("timeout") from None
        pages = sorted(Path(work).glob("p-*"))
        if done.returncode or not pages:
            raise Refused("damaged")
        for page in pages:
            yield page.read_bytes()


def _turned(data: bytes, turns: Sequence[int]) -> bytes:
    """The PDF with its pages turned before they are drawn, so that no picture is packed twice."""
    if not any(turns):
        return data
    with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf, BytesIO() as target:
        for page, turn in zip(pdf.pages, turns, strict=False):
            page.rotate(turn, relative=True)
        pdf.save(target)
        return target.getvalue()
