"""What the text of a figure means for its code. Pure. 活动数字读取."""

from dataclasses import replace

from ..core.figures.kinds import Qualifier
from ..core.figures.reading import ReadFigure, read_figure
from ..core.i18n import msg
from .enums import ActivityKind
from .figure_codes import FigureCode
from .inputs import FigureLine


def read(code: FigureCode, text: str, kind: ActivityKind) -> ReadFigure:
    """The text in the unit that it gives, if the code may be counted in it, else in the code's usual unit.

    Raises BadFigure for what is no figure.
    """
    usual = code.unit_for(kind)
    found = read_figure(text, usual)
    named = read_figure(text).unit if len(code.units) > 1 else None
    return read_figure(text, named) if named != usual and named in code.units else found


def read_line(line: FigureLine, kind: ActivityKind) -> ReadFigure:
    """The figure of a line; of a damaged text the most likely reading, marked for confirmation. Raises BadFigure."""
    if line.read is not None:
        return replace(line.read, unit=line.read.unit or line.code.unit_for(kind))
    if not line.reading:
        return read(line.code, line.text, kind)
    meant = read(line.code, line.reading, kind)
    doubt = msg("Read as %(reading)s; confirm with the source", reading=line.reading)
    return replace(meant, as_reported=line.text, doubts=(*meant.doubts, doubt))


def as_planned(figure: ReadFigure) -> ReadFigure:
    """Before the day a figure is a plan, however it is written."""
    return replace(figure, qualifier=Qualifier.PLANNED)
