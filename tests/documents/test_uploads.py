"""Uploads: what is taken, and what is refused with which words."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from registry.core.errors import Invalid, Unavailable
from registry.documents import uploads
from registry.documents.inspection import raster
from registry.documents.inspection.kinds import LARGEST_BYTES
from registry.documents.scans import page_images
from registry.documents.uploads import clean_filename, inspect
from registry.documents.workers.child import Refused
from registry.documents.workers.parent import WAITING, Failed

from .conftest import make_image, saved


def make_pdf(change: Callable[[pikepdf.Pdf], None] = lambda _pdf: None, **options: object) -> bytes:
    """A blank page, and whatever the change adds."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    change(pdf)
    return saved(pdf, **options)


def refusal(data: bytes, filename: str = "scan.pdf") -> str:
    """The key of the message that this upload is refused with."""
    with pytest.raises(Invalid) as caught:
        inspect(data, filename, "scan")
    ((message,),) = caught.value.fields.values()
    assert list(caught.value.fields) == ["scan"]
    return getattr(message, "key", str(message))


@pytest.mark.parametrize(
    ("kind", "ending", "media_type"),
    [("JPEG", "jpg", "image/jpeg"), ("PNG", "png", "image/png"), ("TIFF", "tiff", "image/tiff")],
)
def test_images_are_taken(kind: str, ending: str, media_type: str) -> None:
    found = inspect(make_image(kind, (600, 800)), f"签署页.{ending}")
    assert (found.media_type, found.pages, found.filename) == (media_type, 1, f"签署页.{ending}")


def test_a_pdf_is_taken_with_its_pages(scan: bytes) -> None:
    found = inspect(scan, "全文.PDF")
    assert found.media_type == "application/pdf"
    assert found.pages > 3
    assert found.filename == "全文.pdf"


def test_the_type_comes_from_the_content() -> None:
    assert inspect(make_image("PNG", (20, 20)), "invoice.pdf").filename == "invoice.pdf.png"


@pytest.mark.parametrize("data", [b"hello", b"<html>", b"PK\x03\x04zip", b"GIF89a", b"\x00" * 50, b"MZ"])
def test_other_types_are_refused(data: bytes) -> None:
    assert refusal(data) == "Only PDF, JPEG, PNG and TIFF files can be uploaded"


def test_nothing_is_refused() -> None:
    assert refusal(b"") == "Choose a file"


def test_too_much_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "pool_of", None)
    assert refusal(b"%PDF-" + bytes(LARGEST_BYTES)).startswith("At most %(limit)s MB")


def javascript(pdf: pikepdf.Pdf) -> None:
    """A script that runs on opening."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_javascript(pdf: pikepdf.Pdf) -> None:
    """A script in the name tree, one level down."""
    action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=Stream(pdf, b"app.alert(1)")))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def launch(pdf: pikepdf.Pdf) -> None:
    """A link that starts a program."""
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.Launch, F=String("calc.exe"))
    pdf.pages[0].Annots = Array([link])


def submit(pdf: pikepdf.Pdf) -> None:
    """A page that sends data when it opens."""
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.SubmitForm, F=String("http://example.com")))


def xfa(pdf: pikepdf.Pdf) -> None:
    """A form that is a program."""
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))


def attachment(pdf: pikepdf.Pdf) -> None:
    """A file inside the file."""
    pdf.attachments["virus.exe"] = b"MZ"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (javascript, "script"),
        (named_javascript, "script"),
        (launch, "starts programs"),
        (submit, "starts programs"),
        (xfa, "XFA"),
        (attachment, "contains other files"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_pdfs_with_programs_are_refused(change: Callable[[pikepdf.Pdf], None], words: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert words in refusal(make_pdf(change, object_stream_mode=mode))


def test_a_disguised_name_is_seen_through() -> None:
    data = make_pdf(javascript, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    same_length = data.replace(b"/JavaScript", b"/J#61vaScript").replace(b"app.alert", b"app.ale")
    assert len(same_length) == len(data)
    assert "script" in refusal(same_length.replace(b"/JS", b"/JX"))


@pytest.mark.parametrize("user", ["", "secret"])
def test_locked_pdfs_are_refused(user: str) -> None:
    data = make_pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
    assert "protected" in refusal(data)


def test_broken_pdfs_are_refused(scan: bytes) -> None:
    assert "damaged" in refusal(scan[: len(scan) // 2])
    assert "damaged" in refusal(b"%PDF-1.7\n" + b"\xff" * 500)
    assert "damaged" in refusal(scan.replace(b"startxref", b"startxxxx"))


def test_a_pdf_without_pages_is_refused() -> None:
    assert "pages" in refusal(saved(pikepdf.new()))


def test_too_many_pages_are_refused() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        for _ in range(200):
            pdf.add_blank_page()

    assert "pages" in refusal(make_pdf(add))


def test_deep_nesting_is_refused() -> None:
    def nest(pdf: pikepdf.Pdf) -> None:
        inner = Array([])
        for _ in range(60):
            inner = Array([inner])
        pdf.Root.Deep = inner

    assert "damaged" in refusal(make_pdf(nest))


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims a size; its data are a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (30_000, 10), (9_000, 9_000), (2**31 - 1, 2**31 - 1)])
def test_image_bombs_are_refused_by_their_header(width: int, height: int) -> None:
    assert refusal(bomb(width, height)) in (
        "This image has too many pixels; at most 80 million (A3 at 600 dpi)",
        "This file is damaged or incomplete; please scan or export it again",
    )


def test_a_cut_image_is_refused(jpeg: bytes) -> None:
    assert "damaged" in refusal(jpeg[: len(jpeg) // 2], "a.jpg")
    assert "damaged" in refusal(b"\xff\xd8\xff" + bytes(100), "a.jpg")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("签署页.pdf", "签署页.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\协议.PDF", "协议.pdf"),
        ('a<b>"c|d?.pdf', "a_b__c_d_.pdf"),
        ("协议\u202efdp.exe", "协议fdp.exe.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("两页.扫描.pdf", "两页.扫描.pdf"),
    ],
)
def test_file_names_are_made_safe(given: str, kept: str) -> None:
    assert clean_filename(given, "application/pdf") == kept


@pytest.mark.parametrize("code", ["timeout", "died", "memory", "crash"])
def test_what_is_too_hard_is_the_uploads_fault(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "pool_of", lambda *_: Failing(code))
    assert "within the limits" in refusal(b"%PDF-1.7")


def test_a_crowd_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "pool_of", lambda *_: Failing("busy"))
    with pytest.raises(Unavailable):
        inspect(b"%PDF-1.7", "a.pdf")


class Failing:
    """A pool that always fails."""

    def __init__(self, code: str) -> None:
        self.code = code

    def ask(self, *_: object) -> None:
        """Fail."""
        raise Failed(self.code)


def test_pages_of_a_scan_come_upright_and_small() -> None:
    picture = Image.new("RGB", (3000, 2000), "white")
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by the camera
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif)
    (page,) = page_images(target.getvalue())
    with Image.open(BytesIO(page.jpeg)) as opened:
        assert opened.size == (1467, 2200)
        assert not opened.getexif()
    assert not page.is_wide


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK"])
def test_every_kind_of_colour_becomes_grey_or_rgb(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    target = BytesIO()
    Image.new("RGB", (400, 300), "white").convert(mode if mode != "LA" else "L").convert(mode).save(target, kind)
    (page,) = page_images(target.getvalue())
    with Image.open(BytesIO(page.jpeg)) as opened:
        assert opened.mode in ("L", "RGB")
    assert page.is_wide


def test_a_pdf_scan_becomes_pictures(scan: bytes) -> None:
    pages = page_images(scan)
    assert len(pages) == inspect(scan, "a.pdf").pages
    assert all(page.jpeg.startswith(b"\xff\xd8") for page in pages)


def test_tiff_pages_are_counted() -> None:
    first, second = Image.new("L", (100, 140), 255), Image.new("L", (140, 100), 0)
    target = BytesIO()
    first.save(target, "TIFF", save_all=True, append_images=[second])
    assert inspect(target.getvalue(), "fax.tif").pages == 2
    assert [page.is_wide for page in page_images(target.getvalue())] == [False, True]


def test_pdftoppm_is_ended_before_the_process_that_started_it(scan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """And told as too hard, not as damaged: the file may be sound."""
    assert raster.SECONDS < uploads.SECONDS * (1 - WAITING)
    monkeypatch.setattr(raster, "SECONDS", 0)
    with pytest.raises(Refused) as caught:
        list(raster.rasterised(scan, "-png"))
    assert uploads.REASONS.get(caught.value.code, uploads.TOO_HARD) is uploads.TOO_HARD
