"""The drawing process: `python -m registry.dashboards.drawing.worker`. Reaches nothing: no network, no foreign files.

V8 reserves tens of gigabytes of addresses that it never uses, so the limit is on what it may write.
"""

from typing import Any

import vl_convert

from ...documents.workers.child import Answer, Refused, serve
from ...documents.workers.frames import Frame
from .cleaning import clean

VEGA_LITE = "6.4"
PROCESSOR_SECONDS = 30
IDLE_SECONDS = 600  # it takes 130 MB, and most charts are in the cache
SCALE = 2
OWN_FONTS: set[str] = set()


def draw(frame: Frame) -> Answer:
    """An SVG of a specification, or the PNG of an SVG that was made here."""
    header = frame.header
    _learn(header["fonts"])
    if header["make"] == "png":
        return {}, [vl_convert.svg_to_png(frame.blobs[0].decode(), scale=SCALE)]
    return {}, [_svg(header)]


def _svg(header: dict[str, Any]) -> bytes:
    try:
        drawn = vl_convert.vegalite_to_svg(header["spec"], vl_version=VEGA_LITE, allowed_base_urls=[])
    except ValueError as error:
        raise Refused("specification", said=str(error)[:500]) from error
    return clean(drawn, header["title"], header["summary"], header["links"])


def _learn(folder: str) -> None:
    """The fonts of the documents, for where the system has no Chinese ones."""
    if folder and folder not in OWN_FONTS:
        vl_convert.register_font_directory(folder)
        OWN_FONTS.add(folder)


if __name__ == "__main__":
    serve(draw, PROCESSOR_SECONDS, is_written_only=True, idle=IDLE_SECONDS)
