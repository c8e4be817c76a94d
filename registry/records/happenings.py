"""What happened, told upwards in the same transaction: a signed agreement to what led to it, a visit to its subject.

The package where it happens calls `tell`; packages above mark functions with `hears`. A listener that raises undoes
the whole act: what belongs together is kept together. 业务事件.
"""

from collections.abc import Callable
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


def hears(happening: Happening) -> Callable[[Listener], Listener]:
    """Mark a function that is called, inside the transaction, whenever it happens."""

    def mark(listener: Listener) -> Listener:
        _listeners.setdefault(happening, []).append(listener)
        return listener

    return mark


def tell(happening: Happening, told: Told) -> None:
    """Call every listener, in the order in which they were marked."""
    for listener in _listeners.get(happening, ()):
        listener(told)
