"""What our documents are measured against: the same text through Typst."""

from datetime import UTC, datetime
from pathlib import Path

import typst

from bench.alone import run

ROUND = "\N{SYMBOL FOR RECORD SEPARATOR}"
"""Stands in each paragraph of a source for the number of the round, so that Typst must lay it out anew."""


class Typst:
    """The same text with the same fonts as PDF/A-3u; fonts are found once, and no round is answered from memory."""

    def __init__(self, fonts: Path) -> None:
        self.fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts / "built")])
        self.round = 0

    def render(self, source: str) -> bytes:
        """The PDF."""
        self.round += 1
        text = source.replace(ROUND, str(self.round)).encode()
        moment = datetime(2023, 3, 18, tzinfo=UTC)
        return bytes(typst.compile(text, font_paths=self.fonts, format="pdf", pdf_standards="a-3u", timestamp=moment))


if __name__ == "__main__":
    run(lambda fonts: Typst(fonts).render)
