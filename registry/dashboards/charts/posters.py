"""A picture that leaves the page alone, as a file: with its title above and its note below. 带标题的图片."""

import re

from markupsafe import escape

from ..drawing.cleaning import FONTS
from .look import INK, MUTED, SIZE

HEAD, FOOT, EDGE = 38, 26, 12
TITLE_SIZE = 16
SIZES = re.compile(rb'viewBox="0 0 (\d+) (\d+)"')
LINKS = re.compile(rb'<g class="chart-links">.*</g>(?=</svg>)', re.DOTALL)


def poster(picture: bytes, title: str, note: str) -> bytes:
    """The picture as an SVG file of its own, without links: whoever has it may not be at our address."""
    found = SIZES.search(picture)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    whole = (width + 2 * EDGE, HEAD + height + (FOOT if note else EDGE))
    inner = LINKS.sub(b"", picture[picture.index(b">") + 1 :]).removesuffix(b"</svg>").decode()
    below = _text(HEAD + height + 17, SIZE, MUTED, note) if note else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole[0]}" height="{whole[1]}" '
        f'viewBox="0 0 {whole[0]} {whole[1]}" '
        f'font-family="{FONTS}">'
        f'<rect width="{whole[0]}" height="{whole[1]}" fill="#ffffff"/>'
        f"{_text(25, TITLE_SIZE, INK, title, weight=700)}"
        f'<g transform="translate({EDGE},{HEAD})">{inner}</g>{below}</svg>'
    ).encode()


def _text(y: int, size: int, colour: str, text: str, weight: int = 400) -> str:
    return f'<text x="{EDGE}" y="{y}" font-size="{size}px" font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
