"""A PDF that holds several papers is taken apart by its pages, in the limited process."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from registry.core.errors import Invalid
from registry.documents import scans


def pdf(*widths: int) -> bytes:
    """Blank pages, told apart by their width in points."""
    with pikepdf.new() as made, BytesIO() as target:
        for width in widths:
            made.add_blank_page(page_size=(width, 842))
        made.save(target)
        return target.getvalue()


def widths(data: bytes) -> list[int]:
    with pikepdf.open(BytesIO(data)) as opened:
        return [int(page.mediabox[2]) for page in opened.pages]


def test_each_part_has_its_pages_in_the_order_named(app: Flask) -> None:
    parts = scans.split(pdf(100, 200, 300, 400), [[2, 4], [3, 1]])
    assert [widths(part) for part in parts] == [[200, 400], [300, 100]]


def test_the_same_parts_are_the_same_bytes(app: Flask) -> None:
    whole = pdf(100, 200)
    assert scans.split(whole, [[1], [2]]) == scans.split(whole, [[1], [2]])


@pytest.mark.parametrize("parts", [[[0]], [[3]]])
def test_a_page_that_is_not_there(app: Flask, parts: list[list[int]]) -> None:
    with pytest.raises(Invalid):
        scans.split(pdf(100, 200), parts)


def test_only_a_pdf_is_taken_apart(app: Flask) -> None:
    with pytest.raises(Invalid):
        scans.split(b"\xff\xd8\xff\xe0 no PDF", [[1]])
