"""What printers, scanners and cameras make of a PDF."""

import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
from PIL import Image, ImageFilter

CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def printed(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """The pages as a scanner of that resolution sees them, in grey."""
    with TemporaryDirectory() as work:
        (Path(work) / "a.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), "a.pdf", "p"], cwd=work, check=True)
        pages = sorted(Path(work).glob("p-*.pgm"))
        return [Image.open(BytesIO(page.read_bytes())).convert("L") for page in pages]


def turned(page: Image.Image, degrees: int) -> Image.Image:
    """The sheet lay this far clockwise."""
    return page.transpose(CLOCKWISE[degrees]) if degrees else page


def skewed(page: Image.Image, degrees: float = 1.5) -> Image.Image:
    """The feeder took it in askew."""
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def black_and_white(page: Image.Image) -> Image.Image:
    """A fax: one bit a dot."""
    return page.point(lambda value: 255 * (value > 150)).convert("1")


def photographed(page: Image.Image) -> Image.Image:
    """Grey paper, a little out of focus, packed hard."""
    dim = page.convert("RGB").point(lambda value: 40 + value * 7 // 10).filter(ImageFilter.GaussianBlur(0.7))
    target = BytesIO()
    dim.save(target, "JPEG", quality=35)
    return Image.open(BytesIO(target.getvalue()))


def as_tiff(pages: Sequence[Image.Image]) -> bytes:
    """A TIFF of several pages."""
    target = BytesIO()
    first, *others = [page.copy() for page in pages]  # without what an earlier save left on them
    packed = {"compression": "group4"} if first.mode == "1" else {}
    first.save(target, "TIFF", save_all=True, append_images=others, **packed)
    return target.getvalue()


def as_pdf(pages: Sequence[Image.Image], dpi: int = 150) -> bytes:
    """A PDF of pictures, as scanners write it."""
    target = BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return target.getvalue()


def as_image(page: Image.Image, kind: str = "PNG") -> bytes:
    """One page."""
    target = BytesIO()
    page.save(target, kind)
    return target.getvalue()


def with_code(text: str) -> Image.Image:
    """A sheet with a code of one's own on it."""
    sheet = Image.new("L", (1240, 1754), 255)
    target = BytesIO()
    segno.make(text, error="m").save(target, kind="png", scale=4)
    sheet.paste(Image.open(BytesIO(target.getvalue())).convert("L"), (200, 1400))
    return sheet
