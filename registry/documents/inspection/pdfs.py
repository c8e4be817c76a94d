"""Looks through a PDF for what a scan never has: programs, forms that fetch, files inside, locks."""

import hashlib
from collections.abc import Collection, Iterator
from io import BytesIO

import pikepdf

from ..workers.child import Refused
from .kinds import MOST_PAGES

DEEPEST = 40
MOST_OBJECTS = 300_000
# What a key or an action's kind means for the reader; anything here refuses the file.
BAD_KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/XFA": "form",
    "/RichMediaContent": "embedded",
    "/RichMediaSettings": "embedded",
}
BAD_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/SubmitForm": "launch",
    "/GoToE": "embedded",
    "/Rendition": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
}


def check_pdf(data: bytes, known: Collection[str] = ()) -> int:
    """The number of pages.

    Files inside are refused but for those whose SHA-256 is `known`: what the registry itself put there.
    Raises Refused: damaged, encrypted, javascript, launch, form, embedded, pages.
    """
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            return _check(pdf, known)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise Refused("damaged") from None


def _check(pdf: pikepdf.Pdf, known: Collection[str]) -> int:
    if pdf.is_encrypted:
        raise Refused("encrypted")
    if len(pdf.objects) > MOST_OBJECTS:
        raise Refused("pages", limit=MOST_PAGES)
    for number, item in enumerate([pdf.trailer, *pdf.objects]):
        for found in _findings(item, 0, known, is_top=number > 0):
            raise Refused(found)
    pages = len(pdf.pages)
    if not 0 < pages <= MOST_PAGES:
        raise Refused("pages", limit=MOST_PAGES)
    return pages


def _findings(item: pikepdf.Object, depth: int, known: Collection[str], *, is_top: bool) -> Iterator[str]:
    """What is bad in this object and in those written inside it; others come by themselves."""
    if depth > DEEPEST:
        yield "damaged"
        return
    if not isinstance(item, pikepdf.Object) or (item.is_indirect and not is_top):
        return
    if isinstance(item, pikepdf.Array):
        for part in item.as_list():
            yield from _findings(part, depth + 1, known, is_top=False)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield from _in_dictionary(item, depth, known)


def _in_dictionary(item: pikepdf.Object, depth: int, known: Collection[str]) -> Iterator[str]:
    for key, value in item.items():
        if key in BAD_KEYS:
            yield BAD_KEYS[key]
        if key == "/S" and isinstance(value, pikepdf.Name) and str(value) in BAD_ACTIONS:
            yield BAD_ACTIONS[str(value)]
        if _attaches(item, key, value, known):
            yield "embedded"
        yield from _findings(value, depth + 1, known, is_top=False)


def _attaches(item: pikepdf.Object, key: str, value: pikepdf.Object, known: Collection[str]) -> bool:
    """Whether a file comes along that is not known."""
    if key == "/EmbeddedFiles":
        return not known  # each entry is looked at where its own /EF stands
    if key == "/EF":
        return not (isinstance(value, pikepdf.Dictionary) and all(_is_known(part, known) for _, part in value.items()))
    return key == "/Type" and str(value) == "/EmbeddedFile" and not _is_known(item, known)


def _is_known(item: pikepdf.Object, known: Collection[str]) -> bool:
    return bool(known) and isinstance(item, pikepdf.Stream) and hashlib.sha256(item.read_bytes()).hexdigest() in known
