"""Figures that are set against each other, over the activities that tell both. Pure. 成对指标。

Sums of two figures are mostly of different activities, since no source tells all: a rate of many activities is made of
those alone that tell both numbers (dossier, section 8: 过万岗位占比, 意向率, 求人倍率).
"""

from enum import StrEnum

from ..core.i18n import Message, msg
from .figure_codes import FigureCode


class Pair(StrEnum):
    """What is set against what."""

    HIGH_PAID = "high_paid"
    INTENDING = "intending"
    APPLICANTS = "applicants"

    @property
    def label(self) -> Message:
        """For the reader, which activities these are."""
        return PAIRS[self][2]

    @property
    def part(self) -> FigureCode:
        """The figure that is set against the other."""
        return PAIRS[self][0]

    @property
    def whole(self) -> FigureCode:
        """What it is set against."""
        return PAIRS[self][1]

    @property
    def needs_one_unit(self) -> bool:
        """Whether 人 cannot be set against 人次: a share is of the same things, a ratio of different ones."""
        return self is not Pair.APPLICANTS


F = FigureCode
PAIRS = {
    Pair.HIGH_PAID: (F.POSITIONS_OVER_10K, F.POSITIONS, msg("Telling positions and those above 10,000 yuan")),
    Pair.INTENDING: (F.INTENTIONS, F.ON_SITE, msg("Telling people on site and employment intentions")),
    Pair.APPLICANTS: (F.HEADCOUNT, F.ON_SITE, msg("Telling headcount wanted and people on site")),
}
