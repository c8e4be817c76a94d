"""Images: refused by the size that their header claims, then decoded once to see that they are whole."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import chain, islice, repeat

from PIL import Image, ImageOps

from ..workers.child import Refused
from .kinds import LONGEST_SIDE, MOST_PAGES, MOST_PIXELS

FORMATS = ("JPEG", "PNG", "TIFF")
PAGE_PIXELS = 2200  # long side of a page in the registry copy: A4 at 188 dpi
QUALITY = 82

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def check_image(data: bytes) -> int:
    """The number of pages (more than one in a TIFF). Raises Refused: damaged, pixels, pages."""
    return sum(1 for _ in _frames(data))


def check_and_draw(data: bytes, longest: int) -> tuple[int, bytes]:
    """The number of pages, and the first as a JPEG of at most so many pixels a side. Raises Refused as above."""
    small, pages = b"", 0
    for frame in _frames(data):
        pages += 1
        small = small or _as(frame, longest, "JPEG", quality=80)
    return pages, small


def page_pngs(data: bytes, longest: int, first: int, last: int) -> Iterator[bytes]:
    """Pages from the first to the last, counted from 1, upright as PNG of at most so many pixels a side."""
    for frame in islice(_frames(data, first - 1), last - first + 1):
        yield _as(frame, longest, "PNG")


def _as(frame: Image.Image, longest: int, kind: str, **options: int) -> bytes:
    page = _flat(ImageOps.exif_transpose(frame))
    page.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    target = BytesIO()
    page.save(target, kind, **options)
    return target.getvalue()


def upright_frames(data: bytes) -> Iterator[Image.Image]:
    """Each page as the camera meant it to be seen. Raises Refused as `check_image` does."""
    for frame in _frames(data):
        yield ImageOps.exif_transpose(frame)


def image_pages(data: bytes, turns: Sequence[int] = ()) -> Iterator[bytes]:
    """Each page as a JPEG without colour profile or camera data, turned clockwise by what `turns` says of it.

    Raises Refused as `check_image` does.
    """
    for frame, turn in zip(upright_frames(data), chain(turns, repeat(0)), strict=False):
        page = _flat(frame)
        page.thumbnail((PAGE_PIXELS, PAGE_PIXELS), Image.Resampling.LANCZOS)
        target = BytesIO()
        page.rotate(-turn, expand=True).save(target, "JPEG", quality=QUALITY)
        yield target.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    """Grey stays grey; everything else becomes RGB on white paper."""
    if image.mode in ("1", "L", "I;16"):
        return image.convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return image.convert("RGB")


def _frames(data: bytes, first: int = 0) -> Iterator[Image.Image]:
    with _refusing(), Image.open(BytesIO(data), formats=FORMATS) as image:
        frames = getattr(image, "n_frames", 1)
        if frames > MOST_PAGES:
            raise Refused("pages", limit=MOST_PAGES)
        for number in range(first, frames):
            image.seek(number)
            width, height = image.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise Refused("pixels", width=width, height=height)
            image.load()
            yield image


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("pixels", width=0, height=0) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused("damaged") from None
