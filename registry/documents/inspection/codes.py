"""The codes on the pages of a scan: what each says, and how the page lies. 识读扫描页上的二维码."""

from collections.abc import Collection, Iterator
from io import BytesIO
from time import monotonic
from typing import Any

import zxingcpp
from PIL import Image

from .images import upright_frames
from .kinds import PDF, media_type
from .pdfs import check_pdf
from .raster import rasterised

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# Long side of a page in pixels. A4 at 188 dpi shows nearly every code, quickly; coarse and skewed ones come out when
# the page is blown up.
FIRST_LOOK, SECOND_LOOK = 2200, 3600
AT_ONCE = 16  # pages of a PDF that lie on the disk as raw pictures
# After so many seconds nothing gets a second look, later no look at all. That is no refusal: a person compares such
# pages by eye.
PATIENCE, SECONDS = 6, 40
MOST_CODES, LONGEST_TEXT = 8, 400

Codes = list[dict[str, Any]]


def page_codes(data: bytes, known: Collection[str] = ()) -> list[Codes]:
    """For each page its QR codes as {"text", "turn"}; `turn` is how far clockwise the page has to be turned.

    `known` as in `check_pdf`. Raises Refused as `check_pdf` and `check_image` do.
    """
    start = monotonic()
    return list(_of_pdf(data, start, check_pdf(data, known)) if media_type(data) == PDF else _of_image(data, start))


def _of_pdf(data: bytes, start: float, pages: int) -> Iterator[Codes]:
    for first in range(1, pages + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, pages)
        if monotonic() - start > SECONDS:
            yield from ([] for _ in range(first, last + 1))
            continue
        chosen = ("-f", str(first), "-l", str(last))
        for page in rasterised(data, "-gray", "-scale-to", str(FIRST_LOOK), *chosen, ending="pgm"):
            with Image.open(BytesIO(page), formats=("PPM",)) as opened:
                picture = opened.convert("L")
            yield _look(picture, picture, start)


def _of_image(data: bytes, start: float) -> Iterator[Codes]:
    for frame in upright_frames(data):
        if monotonic() - start > SECONDS:
            yield []
            continue
        small = frame.convert("L")
        small.thumbnail((FIRST_LOOK, FIRST_LOOK), Image.Resampling.BOX)
        yield _look(small, frame, start)


def _look(first: Image.Image, whole: Image.Image, start: float) -> Codes:
    found = _read(first)
    return found if found or monotonic() - start > PATIENCE else _read(_larger(whole.convert("L")))


def _larger(picture: Image.Image) -> Image.Image:
    scale = SECOND_LOOK / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)


def _read(picture: Image.Image) -> Codes:
    found = zxingcpp.read_barcodes(picture, formats=QR, try_invert=False)
    return [
        {"text": code.text[:LONGEST_TEXT], "turn": round(-code.orientation / 90) * 90 % 360}
        for code in found[:MOST_CODES]
    ]
