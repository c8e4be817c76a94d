"""Straight right edges for Chinese: WeasyPrint justifies at spaces only, and Chinese has none.

A line that kinsoku made short (no punctuation at a line's start) is spread by letter-spacing. `justify_line` is private
to WeasyPrint: without exactly the version and the signature this was written for, nothing is patched and lines stay
ragged, which is correct, only less handsome.
"""

import inspect
from collections.abc import Iterator
from typing import Any

from weasyprint import VERSION
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout

KNOWN_VERSION = "70."
KNOWN_ARGUMENTS = ["context", "line", "extra_width"]
WIDEST_GAP = 0.2  # em; a line that is shorter than this allows stays ragged
HAN = range(0x3000, 0x10000)

_original = inline.justify_line


def install() -> bool:
    """Replace WeasyPrint's justification; False where this WeasyPrint is not the one we know."""
    known = VERSION.startswith(KNOWN_VERSION) and list(inspect.signature(_original).parameters) == KNOWN_ARGUMENTS
    if known:
        inline.justify_line = justify_line
    return known


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread `extra_width` (CSS pixels) over the gaps of a Chinese line; other lines go WeasyPrint's way."""
    texts = list(_texts(line))
    gaps = sum(len(box.text) for box in texts) - 1
    if gaps < 1 or not any(ord(sign) in HAN for box in texts for sign in box.text):
        _original(context, line, extra_width)
        return
    gap = extra_width / gaps
    if gap <= WIDEST_GAP * line.style["font_size"]:
        _spread(context, line, gap, 0.0)


def _texts(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _texts(child)


def _spread(context: Any, box: Any, gap: float, moved: float) -> float:
    """Widen each text by `gap` a character, and move what follows; gives back how far."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        _respace(context, box, gap)
        return moved + gap * len(box.text)
    if not isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.translate(moved, 0)
        return moved
    before = moved
    box.position_x += moved
    for child in box.children:
        if child.is_in_normal_flow():
            moved = _spread(context, child, gap, moved)
    box.width += moved - before
    return moved


def _respace(context: Any, box: Any, gap: float) -> None:
    """Lay the text out again with wider letter-spacing; drawing reads it from the style."""
    style = box.style.copy()
    spacing = style["letter_spacing"]
    style["letter_spacing"] = gap + (0 if spacing == "normal" else spacing)
    box.style = style
    box.width += gap * len(box.text)
    box.pango_layout = create_layout(box.text, style, context, None, box.justification_spacing)
    box.pango_layout.deactivate()
