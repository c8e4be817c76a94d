"""Who does which kind of job. 任务处理函数.

The contract of a handler: it is called with the job's payload, outside any transaction and without a reader's scope.
It may be called twice, even at the same time (a process was killed, a lease ran out), and the outcome must be as if
it had been called once: look first whether the work is done, write the result in one transaction, replace rather than
add. Any exception means: try again later. `GiveUp` means: trying again is of no use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Handler = Callable[[Mapping[str, Any]], None]
LEASE = timedelta(minutes=5)


class GiveUp(Exception):
    """Raised by a handler whose work can never succeed; the text is shown to the system administrator."""


@dataclass(frozen=True)
class Work:
    """A handler and how long one call may take before another worker takes the job over."""

    handler: Handler
    lease: timedelta


_works: dict[str, Work] = {}


def handles(kind: str, lease: timedelta = LEASE) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind; a second one for the same kind is a mistake.

    Raises ValueError.
    """

    def mark(handler: Handler) -> Handler:
        if kind in _works and _works[kind].handler is not handler:
            raise ValueError(f"two handlers for {kind}")
        _works[kind] = Work(handler, lease)
        return handler

    return mark


def work_for(kind: str) -> Work:
    """The handler of a kind.

    Raises KeyError.
    """
    return _works[kind]


def kinds() -> tuple[str, ...]:
    """All kinds that this program can do; a newer program's jobs wait for a newer worker."""
    return tuple(sorted(_works))
