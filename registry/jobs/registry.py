"""Who does which kind of job. 任务处理函数.

The contract of a handler: it is called with the job's payload, outside any transaction and without a reader's scope.
It may be called twice, even at the same time (a process was killed, a lease ran out), and the outcome must be as if
it had been called once: look first whether the work is done, write the result in one transaction, replace rather than
add. Any exception means: try again later. `GiveUp` means: trying again is of no use. What waits for the outcome may say
by `given_up` what becomes of it once nobody tries any more: it is called with the payload, inside the transaction in
which the job fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..core.i18n import Either, Message

Handler = Callable[[Mapping[str, Any]], None]
LEASE = timedelta(minutes=5)


class GiveUp(Exception):
    """Raised by a handler whose work can never succeed; the text is shown to the system administrator."""


@dataclass(frozen=True)
class Work:
    """A handler, how long one call may take before another worker takes the job over, and what people call it."""

    handler: Handler
    lease: timedelta
    title: Message | None = None
    given_up: Handler | None = None


_works: dict[str, Work] = {}


def handles(
    kind: str, lease: timedelta = LEASE, title: Message | None = None, given_up: Handler | None = None
) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind; a second one for the same kind is a mistake.

    `title` is what the system administrator reads; without one it is the kind.

    Raises ValueError.
    """

    def mark(handler: Handler) -> Handler:
        if kind in _works and _works[kind].handler is not handler:
            raise ValueError(f"two handlers for {kind}")
        _works[kind] = Work(handler, lease, title, given_up)
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


def title_of(kind: str) -> Message:
    """What the system administrator calls this kind; the kind itself where nobody here does it."""
    work = _works.get(kind)
    return work.title if work and work.title else Either(kind, kind)
