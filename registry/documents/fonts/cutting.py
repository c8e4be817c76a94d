"""Cuts one small static font out of a full one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from .sources import Source

# One ascent and descent for all faces: a fallback digit with other metrics would grow its line, and the page lose one.
ASCENT, DESCENT = 0.88, 0.12
WINDOWS, UNICODE_BMP, ENGLISH = 3, 1, 0x409
DROPPED = ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "kern"]


@dataclass(frozen=True)
class Face:
    """A small font to cut: its family and weight, and the characters it takes of the source's."""

    family: str
    weight: int
    choose: Callable[[frozenset[int]], frozenset[int]]
    narrow: bool = False
    whole: bool = False  # keep the outlines of all: quick to make, slower to use; for what is seldom needed

    @property
    def filename(self) -> str:
        """Its file in the folder of built fonts."""
        return f"{self.family.replace(' ', '')}-{self.weight}.otf"


def cut(face: Face, source: Source, target: Path) -> frozenset[int]:
    """Write the small font; gives back the characters in it."""
    # To reckon the bounding box anew would take half of the time, and nobody asks for it.
    with TTFont(source.path, fontNumber=source.face, lazy=True, recalcBBoxes=False) as font:
        if face.narrow:
            _prefer_narrow(font)
        points = face.choose(frozenset(font.getBestCmap()))
        if face.whole:
            _reduce(font, points)
        else:
            subsetter = subset.Subsetter(_options())
            subsetter.populate(unicodes=sorted(points))
            subsetter.subset(font)
        _normalise(font, face)
        font.save(target)
        return frozenset(font.getBestCmap())


def _options() -> subset.Options:
    """Compact glyph numbers, no hints, no layout tables; the outline of .notdef stays visible."""
    return subset.Options(
        hinting=False,
        layout_features=[],
        layout_closure=False,
        drop_tables=DROPPED,
        notdef_outline=True,
        desubroutinize=True,
        name_IDs=[0, 1, 2, 4, 6, 13],
        recalc_timestamp=False,
    )


def _reduce(font: TTFont, points: frozenset[int]) -> None:
    for tag in DROPPED:
        if tag in font:
            del font[tag]
    for cmap in font["cmap"].tables:
        if cmap.isUnicode() and hasattr(cmap, "cmap"):
            cmap.cmap = {point: glyph for point, glyph in cmap.cmap.items() if point in points}


def _normalise(font: TTFont, face: Face) -> None:
    em = font["head"].unitsPerEm
    up, down = round(ASCENT * em), round(DESCENT * em)
    header, os2 = font["hhea"], font["OS/2"]
    header.ascent, header.descent, header.lineGap = up, -down, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = up, -down, 0
    os2.usWinAscent, os2.usWinDescent = up, down
    os2.usWeightClass = face.weight
    _name(font, face)


def _name(font: TTFont, face: Face) -> None:
    """Call it by our family, so that a stylesheet means exactly these files."""
    names = font["name"]
    licence = names.getDebugName(13) or names.getDebugName(0) or ""
    names.names = []
    style = "Bold" if face.weight >= 700 else "Regular"
    postscript = f"{face.family.replace(' ', '')}-{style}"
    for number, text in ((1, face.family), (2, style), (4, f"{face.family} {style}"), (6, postscript), (13, licence)):
        names.setName(text, number, WINDOWS, UNICODE_BMP, ENGLISH)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [postscript]


def _prefer_narrow(font: TTFont) -> None:
    """Let quotes and dashes be proportional, as Latin text wants them (the `pwid` feature, made permanent)."""
    table = font["GSUB"].table
    lookups = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "pwid"
        for number in record.Feature.LookupListIndex
    }
    narrow: dict[str, str] = {}
    for number in lookups:
        for part in table.LookupList.Lookup[number].SubTable:
            narrow |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    for cmap in font["cmap"].tables:
        if cmap.isUnicode() and hasattr(cmap, "cmap"):
            cmap.cmap = {point: narrow.get(glyph, glyph) for point, glyph in cmap.cmap.items()}
