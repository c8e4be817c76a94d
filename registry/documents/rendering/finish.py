"""The last touches before the PDF is written: a code on every page, and the fields that parties will sign in.

Both are part of the first bytes, so a signature only ever adds to what its signatory was shown. 页码二维码与签名域.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
import segno

from ..data import CLOSING_FIELD, FIELD_PREFIX

POINTS_PER_PIXEL = 0.75
POINTS_PER_MM = 72 / 25.4
CODE_MM, CODE_BOTTOM_MM = 15.0, 11.0
INNER_MM = 28.0  # the binding margin: left on a right-hand page
MASK = 3  # any mask can be read; trying all eight costs 4 ms a page
PRINTED_AND_LOCKED = 132


@dataclass(frozen=True)
class Finisher:
    """Called by WeasyPrint with its document and the PDF; `page_code` is an address, empty for none."""

    page_code: str = ""

    def __call__(self, document: Any, pdf: Any) -> None:
        """Touch the PDF in place; the same document comes out the same."""
        _leave_metadata_plain(pdf)
        pages = list(zip(document.pages, _page_objects(pdf), strict=True))
        if self.page_code:
            for number, (_laid_out, page) in enumerate(pages, start=1):
                _add_code(pdf, page, f"{self.page_code}&p={number}", is_right=number % 2 == 1)
        fields = [field for laid_out, page in pages for field in _party_fields(pdf, laid_out, page)]
        if fields:
            fields.append(_closing_field(pdf, pages[-1][1]))
            pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array(fields)})


def _leave_metadata_plain(pdf: Any) -> None:
    """Archives read XMP without unpacking (PDF/A advises it)."""
    for item in pdf.objects:
        if getattr(item, "extra", None) and item.extra.get("Type") == "/Metadata":
            item.compress = False


def _page_objects(pdf: Any) -> Iterator[Any]:
    """The page dictionaries in order."""
    for reference in pdf.pages["Kids"][::3]:
        yield pdf.objects[int(reference)]


def _add_code(pdf: Any, page: Any, text: str, *, is_right: bool) -> None:
    """The page's own address as a QR code at the inner edge of its foot, in squares, not as a picture."""
    matrix = segno.make(text, error="m", micro=False, mask=MASK).matrix
    side = CODE_MM * POINTS_PER_MM / len(matrix)
    left = (INNER_MM if is_right else 210 - INNER_MM - CODE_MM) * POINTS_PER_MM
    top = CODE_BOTTOM_MM * POINTS_PER_MM + side * len(matrix)
    drawing = pydyf.Stream(compress=True)
    drawing.push_state()
    drawing.set_color_rgb(0, 0, 0)
    for row, dots in enumerate(matrix):
        for first, last in _runs(dots):
            drawing.rectangle(left + first * side, top - (row + 1) * side, (last - first) * side, side)
    drawing.fill()
    drawing.pop_state()
    pdf.add_object(drawing)
    page["Contents"] = pydyf.Array([drawing.reference, page["Contents"]])  # first: the page's own turns the axes


def _runs(dots: bytearray) -> Iterator[tuple[int, int]]:
    """Where dark dots begin and end in a row."""
    start = None
    for place, dot in enumerate([*dots, 0]):
        if dot and start is None:
            start = place
        elif not dot and start is not None:
            yield start, place
            start = None


def _party_fields(pdf: Any, laid_out: Any, page: Any) -> Iterator[bytes]:
    """An empty signature field over each party's box."""
    for name, (left, top, right, bottom) in sorted(laid_out.anchors.items()):
        if name.startswith(FIELD_PREFIX):
            height = laid_out.height
            corners = (left, height - bottom, right, height - top)
            yield _field(pdf, page, name, [round(value * POINTS_PER_PIXEL, 3) for value in corners])


def _closing_field(pdf: Any, page: Any) -> bytes:
    """Where the registry closes the file: invisible, and its lock forbids every later change."""
    lock = pydyf.Dictionary({"Type": "/SigFieldLock", "Action": "/All", "P": 1})
    pdf.add_object(lock)
    return _field(pdf, page, CLOSING_FIELD, [0, 0, 0, 0], {"Lock": lock.reference})


def _field(pdf: Any, page: Any, name: str, corners: list[float], more: dict[str, bytes] | None = None) -> bytes:
    look = pydyf.Stream(
        extra={
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, corners[2] - corners[0], corners[3] - corners[1]]),
            "Resources": pydyf.Dictionary(),
        }
    )
    pdf.add_object(look)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(name),
            "Rect": pydyf.Array(corners),
            "F": PRINTED_AND_LOCKED,
            "P": page.reference,
            "AP": pydyf.Dictionary({"N": look.reference}),
            **(more or {}),
        }
    )
    pdf.add_object(field)
    page.setdefault("Annots", pydyf.Array()).append(field.reference)
    return bytes(field.reference)
