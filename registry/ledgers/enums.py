"""Codes of imports, with their names and colours. 导入代码."""

from enum import StrEnum

from ..core.i18n import Message, msg


class BatchState(StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    CHECKED = "checked"
    ENTERING = "entering"
    ENTERED = "entered"
    UNDONE = "undone"
    ABANDONED = "abandoned"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return BATCH_STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return BATCH_STATES[self][1]


BATCH_STATES = {
    BatchState.CHECKING: (msg("Being checked"), "info"),
    BatchState.CHECKED: (msg("Checked, nothing entered yet"), "warn"),
    BatchState.ENTERING: (msg("Being entered"), "info"),
    BatchState.ENTERED: (msg("Entered"), "ok"),
    BatchState.UNDONE: (msg("Taken back"), ""),
    BatchState.ABANDONED: (msg("Abandoned"), ""),
    BatchState.FAILED: (msg("Could not be checked"), "bad"),
}
AT_WORK = (BatchState.CHECKING, BatchState.ENTERING)
OPEN = (BatchState.CHECKING, BatchState.CHECKED, BatchState.FAILED)


class RowState(StrEnum):
    """What entering would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return ROW_STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return ROW_STATES[self][1]


ROW_STATES = {
    RowState.NEW: (msg("New row"), "info"),
    RowState.CHANGED: (msg("Differs from the registry"), "warn"),
    RowState.SAME: (msg("There already"), ""),
    RowState.DOUBTFUL: (msg("To be decided"), "warn"),
    RowState.WRONG: (msg("Wrong row"), "bad"),
}
LEFT_OUT = (RowState.DOUBTFUL, RowState.WRONG, RowState.CHANGED)
