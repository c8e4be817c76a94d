"""The pages of an uploaded scan: the codes on them, and their pictures for the registry copy; and of our own PDFs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .uploads import ask_inspector


@dataclass(frozen=True)
class PageImage:
    """A page as a JPEG."""

    jpeg: bytes
    is_wide: bool


@dataclass(frozen=True)
class PageCode:
    """What a QR code on a page says, and how far clockwise the page has to be turned to stand upright."""

    text: str
    turn: int


@dataclass(frozen=True)
class Outline:
    """What the signing copy has where: pages, the page of each signature field, digests of the files inside."""

    pages: int
    fields: Mapping[str, int]
    attached: tuple[str, ...] = ()


def preview_images(pdf: bytes) -> list[bytes]:
    """Every page of a PDF that this product made, as a PNG to look at. Raises Invalid as `inspect` does."""
    return list(ask_inspector("preview", pdf)[1])


def attached_images(data: bytes, first: int, last: int) -> list[bytes]:
    """Pages of an attached PDF or image as PNG, counted from 1. Raises Invalid."""
    return list(ask_inspector("attached_pages", data, first=first, last=last)[1])


def page_images(scan: bytes, turns: Sequence[int] = ()) -> list[PageImage]:
    """Every page of a PDF, JPEG, PNG or TIFF, turned clockwise by what `turns` says of it.

    Raises Invalid as `inspect` does.
    """
    header, jpegs = ask_inspector("pages", scan, turns=list(turns))
    return [
        PageImage(jpeg, is_wide=width > height) for jpeg, (width, height) in zip(jpegs, header["sizes_px"], strict=True)
    ]


def page_codes(scan: bytes, known: Sequence[str] = ()) -> list[tuple[PageCode, ...]]:
    """The QR codes of every page, read in the limited process. Raises Invalid as `inspect` does."""
    header, _ = ask_inspector("codes", scan, known=list(known))
    return [tuple(PageCode(code["text"], code["turn"]) for code in page) for page in header["pages"]]


def outline_of(signing_copy: bytes) -> Outline:
    """What stands on which page of a signing copy that the registry made. Raises Invalid."""
    header, _ = ask_inspector("outline", signing_copy)
    return Outline(header["pages"], header["fields"], tuple(header["attached"]))


def split(scan: bytes, parts: Sequence[Sequence[int]]) -> list[bytes]:
    """A PDF taken apart: each part has the pages named, counted from 1. Raises Invalid as `inspect` does."""
    return list(ask_inspector("split", scan, parts=[list(part) for part in parts])[1])
