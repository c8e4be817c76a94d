"""Codes of enterprise docking, with their names and colours."""

from enum import StrEnum

from ..core.i18n import Message, msg


class Stage(StrEnum):
    """How far a case has come (dossier, section 7); the order of the members is the order of the stages."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    FIELD_DOCKING = "field_docking"
    POSTED = "posted"
    FAIR = "fair"
    INTERVIEW = "interview"
    OFFER = "offer"
    SIGNED = "signed"
    ONBOARDED = "onboarded"
    RETAINED_6M = "retained_6m"
    RETAINED_12M = "retained_12m"

    @property
    def label(self) -> Message:
        """The stage for the reader."""
        return STAGE_LABELS[self]

    @property
    def position(self) -> int:
        """Its number, 1 to 11."""
        return POSITIONS[self]

    @property
    def tone(self) -> str:
        """The colour beside the word: under way, people hired, people there."""
        return "ok" if self.position >= Stage.SIGNED.position else "info"


STAGE_LABELS = {
    Stage.REGISTERED: msg("Need registered"),
    Stage.VERIFIED: msg("Need verified"),
    Stage.FIELD_DOCKING: msg("Field docking"),
    Stage.POSTED: msg("Posts published"),
    Stage.FAIR: msg("Talk or fair"),
    Stage.INTERVIEW: msg("Interview"),
    Stage.OFFER: msg("Offer made"),
    Stage.SIGNED: msg("Contract signed"),
    Stage.ONBOARDED: msg("On-boarded"),
    Stage.RETAINED_6M: msg("Retained 6 months"),
    Stage.RETAINED_12M: msg("Retained 12 months"),
}
POSITIONS = {stage: number for number, stage in enumerate(Stage, start=1)}
LAST = Stage.RETAINED_12M
LOST = "lost"  # beside the stages, the state of a case that came to nothing
# Months after on-boarding at which is asked who is still there.
CHECKS = {Stage.RETAINED_6M: 6, Stage.RETAINED_12M: 12}


def between(first: Stage, later: Stage) -> tuple[Stage, ...]:
    """The stages after the first and before the later one."""
    return tuple(stage for stage in Stage if first.position < stage.position < later.position)


class EntryStatus(StrEnum):
    """What a stage of a case is: planned, reached, or left out with a reason."""

    PLANNED = "planned"
    REACHED = "reached"
    SKIPPED = "skipped"

    @property
    def label(self) -> Message:
        """The status for the reader."""
        return ENTRY_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return {EntryStatus.REACHED: "ok", EntryStatus.PLANNED: "info"}.get(self, "")


ENTRY_LABELS = {
    EntryStatus.PLANNED: msg("Planned"),
    EntryStatus.REACHED: msg("Done"),
    EntryStatus.SKIPPED: msg("Skipped"),
}


class DropReason(StrEnum):
    """Why a case came to nothing."""

    PAY = "pay"
    PLACE = "place"
    MAJOR = "major"
    CANCELLED = "cancelled"
    STUDENT = "student"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The reason for the reader."""
        return DROP_LABELS[self]


DROP_LABELS = {
    DropReason.PAY: msg("Pay"),
    DropReason.PLACE: msg("Place of work"),
    DropReason.MAJOR: msg("Major mismatch"),
    DropReason.CANCELLED: msg("Position cancelled"),
    DropReason.STUDENT: msg("Student withdrew"),
    DropReason.OTHER: msg("Other reason"),
}
