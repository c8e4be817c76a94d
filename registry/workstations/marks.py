"""Marks beside the state, computed from dates and never stored: active, silent, expiring, withdrawal proposed. Pure."""

from datetime import date
from enum import StrEnum

from ..core.i18n import Message, msg
from .enums import WorkstationState

SILENT_DAYS = 90
EXPIRING_DAYS = 90  # as for agreements


class Mark(StrEnum):
    """What the list can be narrowed to beside the state."""

    ACTIVE = "active"
    SILENT = "silent"
    EXPIRING = "expiring"
    PROPOSED = "proposed"

    @property
    def label(self) -> Message:
        """The mark for the reader."""
        return MARKS[self]


MARKS = {
    Mark.ACTIVE: msg("Active in 90 days"),
    Mark.SILENT: msg("Silent for over 90 days"),
    Mark.EXPIRING: msg("Expiring"),
    Mark.PROPOSED: msg("Withdrawal proposed"),
}


def is_silent(quiet_since: date | None, today: date) -> bool:
    """Running, and for more than 90 days without a sign of life; `queries.is_marked` is the same in SQL."""
    return quiet_since is not None and (today - quiet_since).days > SILENT_DAYS


def is_expiring(state: WorkstationState, until: date | None, today: date) -> bool:
    """Not withdrawn, with at most 90 days to the last day of its term."""
    if state is WorkstationState.WITHDRAWN or until is None:
        return False
    return 0 <= (until - today).days <= EXPIRING_DAYS
