"""What can be said about a signature or a file: one of three things. 三值结论."""

from collections.abc import Iterable
from enum import StrEnum

from ...core.i18n import Message, msg


class State(StrEnum):
    """What can be said about a signature or a file."""

    VALID = "valid"
    UNDECIDED = "undecided"
    INVALID = "invalid"

    @property
    def label(self) -> Message:
        """The verdict's name for the reader."""
        return STATE_LABELS[self]


STATE_LABELS = {
    State.VALID: msg("Valid"),
    State.UNDECIDED: msg("Cannot be decided"),
    State.INVALID: msg("Invalid"),
}
GRAVITY = {State.VALID: 0, State.UNDECIDED: 1, State.INVALID: 2}


def worst(states: Iterable[State]) -> State:
    """A whole is as bad as its worst part; of nothing, valid."""
    return max(states, key=GRAVITY.__getitem__, default=State.VALID)
