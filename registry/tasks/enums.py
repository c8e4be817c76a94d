"""Codes of tasks, with their names, colours and shapes."""

from enum import StrEnum

from ..core.access.roles import Role
from ..core.i18n import Message, msg


class TaskSource(StrEnum):
    """Where a task came from (任务来源)."""

    CLAUSE = "clause"
    JOINT_MEETING = "joint_meeting"
    INSTRUCTION = "instruction"
    FINDING = "finding"
    REMINDER = "reminder"

    @property
    def label(self) -> Message:
        """The source for the reader."""
        return SOURCES[self]


SOURCES = {
    TaskSource.CLAUSE: msg("Agreement clause"),
    TaskSource.JOINT_MEETING: msg("Joint meeting"),
    TaskSource.INSTRUCTION: msg("Leader's instruction"),
    TaskSource.FINDING: msg("Finding of a visit"),
    TaskSource.REMINDER: msg("Reminder of the registry"),
}
# What people choose themselves: an instruction is a leader's, a reminder the registry's.
CHOSEN_SOURCES = (TaskSource.CLAUSE, TaskSource.JOINT_MEETING, TaskSource.FINDING)


class TaskState(StrEnum):
    """open → close_requested → closed (销号), or back to open; cancelled with a reason."""

    OPEN = "open"
    CLOSE_REQUESTED = "close_requested"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATES[self][1]


STATES = {
    TaskState.OPEN: (msg("In hand"), "info"),
    TaskState.CLOSE_REQUESTED: (msg("Close-out requested"), "warn"),
    TaskState.CLOSED: (msg("Struck off"), "ok"),
    TaskState.CANCELLED: (msg("Cancelled"), ""),
}
WORKING = frozenset({Role.HANDLER, Role.SECTION_HEAD, Role.LEADER})  # who may be given a task
UNFINISHED = (TaskState.OPEN, TaskState.CLOSE_REQUESTED)


class Light(StrEnum):
    """How it stands with a task (see `lights`); always a word, a shape and a colour."""

    CLOSED = "closed"
    GREY = "grey"
    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"

    @property
    def label(self) -> Message:
        """The light for the reader."""
        return LIGHTS[self][0]

    @property
    def shape(self) -> str:
        """The icon that tells it apart without colour."""
        return LIGHTS[self][1]

    @property
    def meaning(self) -> Message:
        """What it says, in a sentence (口径)."""
        return LIGHTS[self][2]


LIGHTS = {
    Light.CLOSED: (msg("Struck off"), "check-all", msg("Done, verified and struck off the list")),
    Light.GREY: (msg("Grey light"), "dash-circle", msg("Its first day has not come yet")),
    Light.RED: (msg("Red light"), "x-octagon", msg("Overdue, or less than 60 percent of what is expected by today")),
    Light.YELLOW: (
        msg("Yellow light"),
        "exclamation-triangle",
        msg("Less than 90 percent of what is expected by today, or at most 5 working days left"),
    ),
    Light.BLUE: (msg("Blue light"), "hourglass-split", msg("At most 10 working days left, and not done")),
    Light.GREEN: (msg("Green light"), "check-circle", msg("On schedule, with more than 10 working days left")),
}


class SlipColour(StrEnum):
    """How sharply a supervision slip (督办单) speaks."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> Message:
        """The slip for the reader."""
        return SLIPS[self]

    @property
    def shape(self) -> str:
        """The icon of the light that it answers to."""
        return Light(str(self)).shape


SLIPS = {
    SlipColour.BLUE: msg("Blue slip (near due)"),
    SlipColour.YELLOW: msg("Yellow slip (behind)"),
    SlipColour.RED: msg("Red slip (overdue)"),
}
