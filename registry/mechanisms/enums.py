"""Codes of docking mechanisms, with their names and colours."""

from enum import StrEnum

from ..core.i18n import Message, msg


class Stage(StrEnum):
    """How far a mechanism has come (dossier, section 5)."""

    PRELIMINARY = "preliminary"
    ESTABLISHED = "established"
    REGULAR = "regular"
    UPGRADED = "upgraded"
    ENDED = "ended"

    @property
    def label(self) -> Message:
        """The stage for the reader."""
        return STAGES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STAGES[self][1]


STAGES = {
    Stage.PRELIMINARY: (msg("Preliminary docking"), "info"),
    Stage.ESTABLISHED: (msg("Mechanism established"), "info"),
    Stage.REGULAR: (msg("Regular operation"), "ok"),
    Stage.UPGRADED: (msg("Upgraded to an agreement"), "ok"),
    Stage.ENDED: (msg("Mechanism ended"), ""),
}
RUNNING = (Stage.PRELIMINARY, Stage.ESTABLISHED, Stage.REGULAR)
NEXT = {Stage.PRELIMINARY: Stage.ESTABLISHED, Stage.ESTABLISHED: Stage.REGULAR}


class WrittenForm(StrEnum):
    """What was written down, if anything (书面形式)."""

    NONE = "none"
    MINUTES = "minutes"
    MEMORANDUM = "memorandum"
    LETTER = "letter"

    @property
    def label(self) -> Message:
        """The form for the reader."""
        return WRITTEN[self]


WRITTEN = {
    WrittenForm.NONE: msg("Nothing in writing"),
    WrittenForm.MINUTES: msg("Minutes of a meeting"),
    WrittenForm.MEMORANDUM: msg("Memorandum"),
    WrittenForm.LETTER: msg("Exchange of letters"),
}


class Rhythm(StrEnum):
    """How often the sides meet (会商频次)."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    AS_NEEDED = "as_needed"

    @property
    def label(self) -> Message:
        """The rhythm for the reader."""
        return RHYTHMS[self][0]

    @property
    def months(self) -> int | None:
        """Months between two meetings; None where they meet as needed."""
        return RHYTHMS[self][1]


RHYTHMS: dict[Rhythm, tuple[Message, int | None]] = {
    Rhythm.MONTHLY: (msg("Every month"), 1),
    Rhythm.QUARTERLY: (msg("Every quarter"), 3),
    Rhythm.HALF_YEARLY: (msg("Every half year"), 6),
    Rhythm.YEARLY: (msg("Every year"), 12),
    Rhythm.AS_NEEDED: (msg("As needed"), None),
}
