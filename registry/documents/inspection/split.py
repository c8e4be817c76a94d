"""One PDF that holds several papers, taken apart by its pages. 拆分扫描件."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from ..workers.child import Refused
from .kinds import PDF, media_type
from .pdfs import check_pdf


def split_pdf(data: bytes, parts: Sequence[Sequence[int]]) -> list[bytes]:
    """A PDF of each part's pages, counted from 1, in the order given.

    Raises Refused as `check_pdf` does, "kind" for another kind of file, "damaged" for a page that is not there.
    """
    if media_type(data) != PDF:
        raise Refused("kind")
    pages = check_pdf(data)
    if any(not 1 <= number <= pages for part in parts for number in part):
        raise Refused("damaged")
    with pikepdf.open(BytesIO(data), attempt_recovery=False) as whole:
        return [_part(whole, part) for part in parts]


def _part(whole: pikepdf.Pdf, numbers: Sequence[int]) -> bytes:
    with pikepdf.new() as part, BytesIO() as target:
        for number in numbers:
            part.pages.append(whole.pages[number - 1])
        part.save(target, deterministic_id=True)
        return target.getvalue()
