"""What happened, told upwards in the same transaction: a signed agreement to what led to it, a visit to its subject.

The package where it happens calls `tell`; packages above mark functions with `hears`. A listener that raises undoes
the whole act: what belongs together is kept together. 业务事件.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """What is told of."""

    AGREEMENT_CONCLUDED = "agreement:concluded"  # everybody signed
    AGREEMENT_VOIDED = "agreement:voided"
    AGREEMENT_TERMS_IN_FORCE = "agreement:terms_in_force"  # its first text, a change of it, or what was found out
    AGREEMENT_SUSPENDED = "agreement:suspended"
    AGREEMENT_RESUMED = "agreement:resumed"
    AGREEMENT_CLOSED = "agreement:closed"  # `on` is the first day on which it no longer holds
    VISIT_HELD = "visit:held"
    MEETING_HELD = "meeting:held"
    ACTIVITY_HELD = "activity:held"
    RECORD_SETTLED = "record:settled"  # any change of any record; `parties` are the organisations that take part


@dataclass(frozen=True)
class Told:
    """`kind` and `public_id` name the record that it happened to (see `kinds`); `subject` is what did."""

    subject: Any
    on: date
    kind: str = ""
    public_id: str = ""
    parties: frozenset[int] = frozenset()


Listener = Callable[[Told], None]
_listeners: dict[Happening, list[Listener]] = {}
_patient: dict[Listener, Callable[[Sequence[Told]], None]] = {}
_waiting: ContextVar[dict[tuple[Listener, str, frozenset[int]], Told] | None] = ContextVar("waiting", default=None)


def hears(
    happening: Happening, *, together: Callable[[Sequence[Told]], None] | None = None
) -> Callable[[Listener], Listener]:
    """Mark a function that is called, inside the transaction, whenever it happens.

    One that can wait names what hears of many records `together`, at their end and once for the same parties: see
    `gathered`.
    """

    def mark(listener: Listener) -> Listener:
        _listeners.setdefault(happening, []).append(listener)
        if together is not None:
            _patient[listener] = together
        return listener

    return mark


def tell(happening: Happening, told: Told) -> None:
    """Call every listener, in the order in which they were marked."""
    waiting = _waiting.get()
    for listener in _listeners.get(happening, ()):
        if waiting is not None and listener in _patient:
            waiting[listener, told.kind, told.parties] = told
        else:
            listener(told)


@contextmanager
def gathered() -> Iterator[None]:
    """While many records are entered or taken back: who can wait is told at the end, once for the same parties."""
    if _waiting.get() is not None:  # whoever began tells at the end
        yield
        return
    waiting: dict[tuple[Listener, str, frozenset[int]], Told] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    heard: dict[Listener, list[Told]] = {}
    for (listener, _kind, _parties), told in waiting.items():
        heard.setdefault(listener, []).append(told)
    for listener, many in heard.items():
        _patient[listener](many)
