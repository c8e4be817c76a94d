"""What the registry's own signing copy has on which page, for comparing scans and sealed files with it."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from ..workers.child import Refused


def outline(data: bytes) -> dict[str, Any]:
    """The number of pages, the page of each signature field, and the digests of the files inside. Raises Refused."""
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            inside = [hashlib.sha256(one.get_file().read_bytes()).hexdigest() for one in pdf.attachments.values()]
            return {"pages": len(pdf.pages), "fields": dict(_fields(pdf)), "attached": inside}
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise Refused("damaged") from None


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    for number, page in enumerate(pdf.pages, start=1):
        for widget in page.obj.get("/Annots", pikepdf.Array()).as_list():
            if widget.get("/FT") == "/Sig" and "/T" in widget:
                yield str(widget["/T"]), number
