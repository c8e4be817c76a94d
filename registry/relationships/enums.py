"""The ladder. 合作阶梯."""

from datetime import timedelta
from enum import StrEnum

from ..core.i18n import Message, msg

DORMANT_AFTER = timedelta(days=180)


class Level(StrEnum):
    """How far a locality and a university have come; derived from their records, never entered."""

    CONTACT = "contact"
    MECHANISM = "mechanism"
    WORKSTATION = "workstation"
    AGREEMENT = "agreement"

    @property
    def label(self) -> Message:
        """The rung for the reader."""
        return LEVELS[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return LEVELS[self][1]

    @property
    def rung(self) -> int:
        """Its place on the ladder, the lowest is 0."""
        return list(Level).index(self)


LEVELS = {
    Level.CONTACT: (msg("In contact"), ""),
    Level.MECHANISM: (msg("Docking mechanism"), "info"),
    Level.WORKSTATION: (msg("Workstation"), "info"),
    Level.AGREEMENT: (msg("Agreement in force"), "ok"),
}
