"""The pages of an uploaded scan as images for the registry copy."""

from dataclasses import dataclass

from .uploads import ask_inspector


@dataclass(frozen=True)
class PageImage:
    """A page as a JPEG."""

    jpeg: bytes
    is_wide: bool


def page_images(scan: bytes) -> list[PageImage]:
    """Every page of a PDF, JPEG, PNG or TIFF. Raises Invalid as `inspect` does."""
    header, jpegs = ask_inspector("pages", scan)
    return [
        PageImage(jpeg, is_wide=width > height) for jpeg, (width, height) in zip(jpegs, header["sizes_px"], strict=True)
    ]
