"""What our documents are measured against: the same page through a bare WeasyPrint, the same text through Typst."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import typst
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from registry.documents.data import SigningCopy
from registry.documents.html import signing_copy_html

ROOT = Path(__file__).resolve().parent.parent
SIGNS = frozenset('\\#$*_`<>@[]~"')
PAGE = """
#set document(date: datetime(year: 2023, month: 3, day: 18))
#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm), numbering: "— 1 —")
#set text(font: ("Registry FangSong", "Registry Latin", "Registry Song", "Registry Rare"), size: 16pt, lang: "zh")
#set par(justify: true, leading: 13pt, first-line-indent: (amount: 2em, all: true))
#show heading: set text(font: ("Registry Hei", "Registry Latin"), size: 16pt)
"""


class BareWeasyPrint:
    """HTML and CSS to a plain PDF in this process: no limits, no archive format, no fields, no codes, no record."""

    def __init__(self, fonts: Path) -> None:
        os.environ["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")  # read when the first configuration is made
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        self.fonts = FontConfiguration()
        style = (ROOT / "templates" / "pdf" / "style.css").read_text(encoding="utf-8")
        self.style = CSS(string=style, font_config=self.fonts)

    def render(self, data: SigningCopy) -> bytes:
        """The PDF."""
        page = HTML(string=signing_copy_html(data))
        return bytes(page.write_pdf(font_config=self.fonts, stylesheets=[self.style]))


class Typst:
    """The same text with the same fonts as PDF/A-3u; fonts are found once, and no round is answered from memory."""

    def __init__(self, fonts: Path) -> None:
        self.fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts / "built")])
        self.round = 0

    def render(self, data: SigningCopy) -> bytes:
        """The PDF."""
        self.round += 1
        source = f"// {self.round}\n{PAGE}{_text(data, self.round)}".encode()
        moment = datetime(2023, 3, 18, tzinfo=UTC)
        made = typst.compile(source, font_paths=self.fonts, format="pdf", pdf_standards="a-3u", timestamp=moment)
        return bytes(made)


def _text(data: SigningCopy, number: int) -> str:
    """The document in Typst's own markup; each paragraph says its round, so that Typst must lay it out anew."""
    lines = [f"#align(center)[#text(size: 22pt, weight: 700)[{_plain(data.title_zh)}]]", _plain(data.number)]
    lines += [_plain(" ".join((party.label, party.name, party.code, party.address))) for party in data.parties]
    lines += [_plain(text) for text in data.preamble]
    for article in data.articles:
        lines.append(f"= {_plain(article.heading)}")
        lines += [f"{_plain(text)}{number}" for text in article.paragraphs]
    for annex in data.annexes:
        if annex.table:
            cells = [*annex.table.header, *(cell for row in annex.table.rows for cell in row)]
            shown = ", ".join(f"[{_plain(cell)}]" for cell in cells)
            lines.append(f"#pagebreak()\n#table(columns: {len(annex.table.header)}, {shown})")
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in SIGNS else sign for sign in text)
