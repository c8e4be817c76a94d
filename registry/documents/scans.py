"""The pages of an uploaded scan as images for the registry copy, and of our own PDFs to look at."""

from dataclasses import dataclass

from .uploads import ask_inspector


@dataclass(frozen=True)
class PageImage:
    """A page as a JPEG."""

    jpeg: bytes
    is_wide: bool


def preview_images(pdf: bytes) -> list[bytes]:
    """Every page of a PDF that this product made, as a PNG to look at. Raises Invalid as `inspect` does."""
    return list(ask_inspector("preview", pdf)[1])


def page_images(scan: bytes) -> list[PageImage]:
    """Every page of a PDF, JPEG, PNG or TIFF. Raises Invalid as `inspect` does."""
    header, jpegs = ask_inspector("pages", scan)
    return [
        PageImage(jpeg, is_wide=width > height) for jpeg, (width, height) in zip(jpegs, header["sizes_px"], strict=True)
    ]
