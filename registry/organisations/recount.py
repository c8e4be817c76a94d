"""When a year's working days are recorded or corrected, deadlines that wait are counted again. 重算期限.

Packages above mark the function that counts theirs again; it is called after the commit, by the worker.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..core.i18n import msg
from ..jobs.registry import handles

RECOUNT_JOB = "workdays.recount"
Recount = Callable[[], None]
_recounts: list[Recount] = []


def recounts(function: Recount) -> Recount:
    """Mark a function that counts stored deadlines again.

    The contract of job handlers holds (see `jobs.registry`): idempotent, opens its own transaction.
    """
    _recounts.append(function)
    return function


@handles(RECOUNT_JOB, title=msg("Working days: count deadlines again"))
def count_again(_payload: Mapping[str, Any]) -> None:
    """Let every package count its deadlines again."""
    for function in _recounts:
        function()
