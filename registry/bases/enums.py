"""Codes of bases, with their names."""

from enum import StrEnum

from ..core.i18n import Message, msg


class BaseKind(StrEnum):
    """What kind of base it is (基地类别)."""

    TRAINEE = "trainee"
    PRACTICE = "practice"
    TRAINING = "training"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return KINDS[self]


KINDS = {
    BaseKind.TRAINEE: msg("Employment traineeship base"),
    BaseKind.PRACTICE: msg("Employment and internship practice base"),
    BaseKind.TRAINING: msg("Practical training base"),
}


class BaseLevel(StrEnum):
    """Who recognised it (级别)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    UNIVERSITY = "university"

    @property
    def label(self) -> Message:
        """The level for the reader."""
        return LEVELS[self]


LEVELS = {
    BaseLevel.NATIONAL: msg("National level"),
    BaseLevel.PROVINCIAL: msg("Provincial level"),
    BaseLevel.CITY: msg("City level"),
    BaseLevel.COUNTY: msg("County level"),
    BaseLevel.UNIVERSITY: msg("University level"),
}


class BaseState(StrEnum):
    """Whether it is kept up."""

    ACTIVE = "active"
    CLOSED = "closed"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATES[self][1]


STATES = {
    BaseState.ACTIVE: (msg("Kept up"), "ok"),
    BaseState.CLOSED: (msg("No longer kept up"), ""),
}
