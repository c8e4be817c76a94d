"""What is attached: photos lose the traces of place and device and nothing else, office documents come in harmless."""

import struct
from io import BytesIO

import pytest
from PIL import Image, ImageOps

from registry.core.errors import Invalid
from registry.documents import previews, uploads
from registry.documents.inspection import attached
from registry.documents.inspection.kinds import DOCX, JPEG, PDF, PNG, PPTX, TIFF, XLSX
from registry.documents.inspection.office import check_office
from registry.documents.inspection.photos import without_traces
from registry.documents.workers.child import Refused

from .attached import ARTIST, DEVICE, GPS, MAKE, ORIENTATION, PARTS, TOLD, WHERE, office, photo, relation
from .conftest import make_image

KINDS = ("JPEG", "PNG", "TIFF")
BOMB = b"<x>" + b" " * (130 * 1024 * 1024)
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        attached.look(data)
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_tells_no_place_and_no_device(kind: str) -> None:
    data = photo(kind)
    traces = [trace for trace in (WHERE, DEVICE, TOLD) if trace in data]
    assert len(traces) == 3  # else there is nothing to lose
    cleaned = without_traces(data)
    assert [trace for trace in traces if trace in cleaned] == []
    with Image.open(BytesIO(cleaned)) as image:
        said = image.getexif()
        assert not said.get_ifd(GPS)
        assert {MAKE, ARTIST, GPS} & set(said) == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_photo_looks_as_before(kind: str, orientation: int) -> None:
    data = photo(kind, orientation)
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(without_traces(data))) as after:
        assert before.getexif().get(ORIENTATION) == orientation
        assert after.getexif().get(ORIENTATION, 1) == orientation
        assert ImageOps.exif_transpose(before).tobytes() == ImageOps.exif_transpose(after).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_cleaned_photo_stays_as_it_is(kind: str) -> None:
    cleaned = without_traces(photo(kind))
    assert without_traces(cleaned) == cleaned


def test_all_pages_of_a_tiff_are_cleaned_and_kept() -> None:
    answer, (small, kept) = attached.look(photo("TIFF", pages=3))
    assert answer == {"media_type": TIFF, "pages": 3}
    assert small.startswith(b"\xff\xd8")
    assert WHERE not in kept
    assert DEVICE not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_hangs_behind_a_picture_is_left_behind(kind: str) -> None:
    assert b"a film" not in without_traces(photo(kind) + b"a film with sound")


def test_progressive_photos_and_colour_profiles_stay_whole() -> None:
    with BytesIO() as target:
        image = Image.radial_gradient("L").convert("CMYK")
        image.save(target, "JPEG", progressive=True, icc_profile=b"a profile", quality=80)
        data = target.getvalue()
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(without_traces(data))) as after:
        assert after.info["icc_profile"] == b"a profile"
        assert before.tobytes() == after.tobytes()


@pytest.mark.filterwarnings("ignore:Truncated File Read")
@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_that_is_cut_off_is_refused(kind: str) -> None:
    data = without_traces(photo(kind))
    places = range(12, len(data) - 1, max(1, len(data) // 60))
    assert {refusal(data[:place]) for place in places} <= {"damaged", "pixels"}


def test_a_tiff_whose_directories_go_in_a_circle_is_refused() -> None:
    data = bytearray(photo("TIFF"))
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert refusal(bytes(data)) == "damaged"


def test_directories_that_lie_over_one_another_are_not_read_for_long() -> None:
    """Each has 60,000 entries and begins six bytes after the one before: a small file that would take minutes."""
    body = bytearray(struct.pack("<HI", 60_000, 0) * 200_000)
    for number in range(900):
        struct.pack_into("<H", body, number * 6, 60_000)
        struct.pack_into("<I", body, number * 6 + 2 + 12 * 60_000, 8 + (number + 1) * 6)
    assert refusal(b"II*\x00\x08\x00\x00\x00" + bytes(body)) == "damaged"


# Office documents


@pytest.mark.parametrize("kind", [DOCX, XLSX, PPTX])
def test_office_documents_are_taken_by_their_content(kind: str) -> None:
    data = office(kind)
    assert attached.look(data) == ({"media_type": kind, "pages": 0}, (b"", data))


def test_links_to_click_and_the_figures_of_a_chart_stay() -> None:
    parts = relation("hyperlink", "https://example.org/") | {"word/embeddings/figures.xlsx": office(XLSX)}
    assert check_office(office(DOCX, parts)) == DOCX


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (office(parts={"word/vbaProject.bin": b"\xcc\x61"}), "macros"),
        (office(parts={"word/activeX/activeX1.xml": b"<x/>"}), "macros"),
        (office(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (
            office(main="application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
            "office_kind",
        ),
        (office(parts=relation("attachedTemplate", "http://example.org/a.dotm")), "external"),
        (office(parts=relation("image", "\\\\\\\\host\\\\share", "external")), "external"),
        (office(parts=relation("oleObject", "file:///c:/a.exe")), "external"),
        (office(parts=relation("aFChunk", "page.html", "Internal")), "external"),
        (
            office(XLSX, {"xl/externalLinks/externalLink1.xml": b'<x xmlns="y"><ddeLink ddeService="cmd"/></x>'}),
            "external",
        ),
        (office(parts={"word/embeddings/oleObject1.bin": b"MZ"}), "office_embedded"),
        (
            office(parts={"word/embeddings/a.xlsx": office(XLSX, {"xl/embeddings/b.docx": office()})}),
            "office_embedded",
        ),
        (office(parts={"word/embeddings/a.xlsx": office(XLSX, {"xl/vbaProject.bin": b"x"})}), "macros"),
        (office(parts={"word/header1.xml": DOCTYPE}), "doctype"),
        (office(parts={"word/header1.xml": DOCTYPE.decode().encode("utf-16")}), "doctype"),
        (office(types=DOCTYPE), "doctype"),
        (office(parts={"word/header1.xml": b"<x>"}), "office"),
        (office(parts={"word/big.xml": BOMB}), "office_large"),
        (office(parts={"word/_rels/document.xml.rels": b"<x>" + b" " * (9 * 1024 * 1024) + b"</x>"}), "office_large"),
        (office(parts={f"word/{number}.xml": b"" for number in range(4_100)}), "office_large"),
        (office(parts={"../outside.xml": b"<x/>"}), "office_names"),
        (office(parts={PARTS[DOCX].upper(): b"<x/>"}), "office_names"),
        (office()[:-30], "office"),
        (b"PK\x03\x04 no archive at all", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_office"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "heic"),
        (b"MZ\x90\x00", "attached_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "attached_kind"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code
    assert code in uploads.REASONS


def test_a_directory_that_lies_about_a_size_is_found() -> None:
    data = office(parts={"word/media/a.bin": b"a" * 5_000})
    place = data.rindex(b"word/media/a.bin") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    lie = data[: place + 24] + struct.pack("<I", 10) + data[place + 28 :]
    assert refusal(lie) == "office"


# Through the limited process


def test_a_photo_of_a_phone_comes_in() -> None:
    found = uploads.inspect_attached(photo("JPEG"), "合影.exe")
    assert (found.media_type, found.pages, found.filename) == (JPEG, 1, "合影.exe.jpg")
    assert WHERE not in found.data
    with Image.open(BytesIO(found.small)) as small:
        assert small.size == (40, 64)  # upright


def test_a_pdf_comes_in_as_it_is_and_is_shown(scan: bytes) -> None:
    found = uploads.inspect_attached(scan, "纪要.pdf")
    assert (found.media_type, found.data) == (PDF, scan)
    assert found.pages > 2
    assert found.small.startswith(b"\xff\xd8")
    shown = previews.part_of_file("ab" * 32, lambda: scan, 2, 3)
    assert len(shown) == 2
    assert all(page.startswith(b"\x89PNG") for page in shown)
    assert previews.part_of_file("ab" * 32, lambda: b"", 2, 3) is shown  # drawn once


def test_pages_of_a_tiff_are_shown_upright() -> None:
    first, second = previews.part_of_file("cd" * 32, lambda: photo("TIFF", pages=3), 2, 3)
    with Image.open(BytesIO(first)) as shown:
        assert (shown.size, shown.format) == ((40, 64), "PNG")
    assert second


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "Choose a file"), (b"%PDF-" + b"x" * 21_000_000, "At most %(limit)s MB; this file has %(size)s MB")],
)
def test_nothing_and_too_much_are_refused_unread(data: bytes, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        uploads.inspect_attached(data, "x.pdf", "photo")
    assert getattr(caught.value.fields["photo"][0], "key", "") == told


def test_a_png_keeps_its_name_and_type() -> None:
    found = uploads.inspect_attached(make_image("PNG", (20, 20)), "图.PNG")
    assert (found.media_type, found.filename) == (PNG, "图.png")
