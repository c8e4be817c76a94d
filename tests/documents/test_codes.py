"""Codes on scanned pages: every way that a page comes out of a scanner, and what makes them unreadable."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from registry.documents import produce
from registry.documents.data import ScanNote, ScanSheet
from registry.documents.inspection import codes
from registry.documents.produce import render_registry_copy
from registry.documents.scans import outline_of, page_codes, page_images

from . import paper
from .samples import VERIFICATION, make_parties, make_registry_copy, make_signing_copy

Change = Callable[[Image.Image], Image.Image]


@pytest.fixture(scope="module")
def copy(house: Flask) -> bytes:
    """A signing copy with fields."""
    with house.app_context():
        return produce.render_signing_copy(make_signing_copy(parties=make_parties(2)))


def read(scan: bytes) -> list[tuple[int | None, int]]:
    """Page and turn of each page of a scan, by its page's code."""
    found: list[tuple[int | None, int]] = []
    for page in page_codes(scan):
        own = [code for code in page if code.text.startswith(f"{VERIFICATION.url}?r=1&p=")]
        found.append((int(own[0].text.rpartition("=")[2]), own[0].turn) if own else (None, 0))
    return found


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize(
    "change",
    [lambda page: page, paper.black_and_white, paper.photographed, paper.skewed,
     lambda page: paper.black_and_white(paper.skewed(page, -1.5))],
    ids=["grey", "black-and-white", "photographed", "skewed", "skewed-black-and-white"],
)  # fmt: skip
def test_every_page_is_read_however_it_was_scanned(copy: bytes, dpi: int, change: Change) -> None:
    pages = [change(page) for page in paper.printed(copy, dpi)]
    order = [2, 1, *range(3, len(pages) + 1)]
    turns = [90, 180, 270, 0, 0, 0][: len(pages)]
    sheets = [paper.turned(pages[number - 1], turn) for number, turn in zip(order, turns, strict=True)]
    assert read(paper.as_pdf(sheets, dpi)) == [(number, -turn % 360) for number, turn in zip(order, turns, strict=True)]


def test_a_tiff_and_single_pictures_are_read(copy: bytes) -> None:
    pages = paper.printed(copy, 150)
    assert read(paper.as_tiff([paper.black_and_white(page) for page in pages])) == [
        (number, 0) for number in range(1, len(pages) + 1)
    ]
    for kind in ("PNG", "JPEG"):
        assert read(paper.as_image(paper.turned(pages[1], 90), kind)) == [(2, 270)]


def test_coarse_pages_get_a_second_look(copy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = paper.as_image(paper.black_and_white(paper.skewed(paper.printed(copy, 97)[0])))
    assert read(coarse) == [(1, 0)]
    monkeypatch.setattr(codes, "_larger", lambda picture: picture)
    assert codes.page_codes(coarse) == [[]]


def test_what_a_camera_turned_counts_from_how_it_is_shown(copy: bytes) -> None:
    page = paper.turned(paper.printed(copy)[0], 270)
    exif = page.getexif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees
    target = BytesIO()
    page.save(target, "JPEG", exif=exif)
    assert read(target.getvalue()) == [(1, 0)]


def test_a_covered_code_is_not_made_up(copy: bytes) -> None:
    page = paper.printed(copy)[0]
    page.paste(255, (0, page.height * 8 // 10, page.width, page.height))
    assert read(paper.as_image(page)) == [(None, 0)]


def test_other_kinds_of_codes_are_not_read() -> None:
    found = page_codes(paper.as_image(paper.with_code("https://example.com/elsewhere")))
    assert [[code.text for code in page] for page in found] == [["https://example.com/elsewhere"]]
    assert page_codes(paper.as_image(Image.new("L", (1240, 1754), 255))) == [()]


def test_when_time_is_up_pages_stay_unread(copy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "SECONDS", -1)
    pages = paper.printed(copy)[:2]
    assert codes.page_codes(paper.as_pdf(pages)) == [[], []]
    assert codes.page_codes(paper.as_tiff(pages)) == [[], []]


def test_the_outline_says_where_parties_sign(inside: Flask, copy: bytes) -> None:
    found = outline_of(copy)
    assert found.pages == len(paper.printed(copy, 20))
    assert set(found.fields) == {"Party-1", "Party-2", "RegistryClosing"}
    assert found.fields["Party-1"] <= found.pages
    assert len(found.attached) == 1


def test_the_registry_copy_shows_pages_upright_and_in_order(inside: Flask, copy: bytes) -> None:
    pages = paper.printed(copy)
    order, turns = [3, None, 1, 2], [90, 0, 180, 270]
    sheets = [
        paper.turned(pages[number - 1] if number else Image.new("L", pages[0].size, 200), turn)
        for number, turn in zip(order, turns, strict=True)
    ]
    note = ScanNote("扫描件", "ab" * 32, tuple(ScanSheet(n, -t % 360) for n, t in zip(order, turns, strict=True)))
    for scan in (paper.as_pdf(sheets), paper.as_tiff(sheets)):
        made = render_registry_copy(make_registry_copy(scans=(note,)), [scan])
        shown = paper.printed(made, 200)[1:]
        assert read(paper.as_tiff(shown)) == [(1, 0), (2, 0), (3, 0), (None, 0)]


def test_turning_wide_pages_makes_them_tall() -> None:
    wide = paper.as_image(Image.new("L", (1600, 900), 255))
    assert [page.is_wide for page in page_images(wide)] == [True]
    assert [page.is_wide for page in page_images(wide, [90])] == [False]
