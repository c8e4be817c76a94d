"""The same picture in a PDF and in a Word file."""

import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import pikepdf
from docx.shared import Mm
from PIL import Image

from registry.documents.produce import RENDERER
from registry.documents.workers.parent import Pool

from .samples import make_trend

MOMENT = datetime(2023, 3, 31, tzinfo=UTC)


def test_a_pdf_takes_the_svg_as_it_is(fonts: Path) -> None:
    """In the house's fonts, with no sign missing, as PDF/A; letters stay letters."""
    html = f"<!doctype html><html lang=zh><title>月报</title><body><p>月度趋势</p>{make_trend().svg}</body></html>"
    pool = Pool(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")}, size=1, seconds=60)
    try:
        made = pool.ask({"html": html, "identifier": "x", "made_at": MOMENT.isoformat()}, [b"{}"]).blobs[0]
    finally:
        pool.close()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        drawn = pdf.pages[0].obj.Contents.read_bytes()
        assert len(pdf.pages) == 1
        assert not list(pdf.pages[0].get_images())
        assert drawn.count(b" re") + drawn.count(b" c\n") + drawn.count(b" l\n") > 30  # bars, points and lines


def test_word_takes_the_png() -> None:
    paper = docx.Document()
    paper.add_picture(io.BytesIO(make_trend().png), width=Mm(156))
    file = io.BytesIO()
    paper.save(file)
    shape = docx.Document(file).inline_shapes[0]
    assert shape.width == Mm(156)
    with Image.open(io.BytesIO(make_trend().png)) as picture:
        assert picture.size == (1168, 520)
        assert len(picture.convert("RGB").getcolors(200_000) or ()) > 5  # it shows something
