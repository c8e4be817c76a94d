"""What our documents are measured against: the same page through a bare WeasyPrint."""

import logging
import os
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.alone import run

STYLE = Path(__file__).resolve().parents[1] / "templates" / "pdf" / "style.css"


class BareWeasyPrint:
    """HTML and CSS to a plain PDF in this process: no limits, no archive format, no fields, no codes, no record."""

    def __init__(self, fonts: Path) -> None:
        os.environ["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")  # read when the first configuration is made
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        self.fonts = FontConfiguration()
        self.style = CSS(string=STYLE.read_text(encoding="utf-8"), font_config=self.fonts)

    def render(self, html: str) -> bytes:
        """The PDF."""
        return bytes(HTML(string=html).write_pdf(font_config=self.fonts, stylesheets=[self.style]))


if __name__ == "__main__":
    run(lambda fonts: BareWeasyPrint(fonts).render)
