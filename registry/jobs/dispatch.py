"""Telling workers that there is something to do. Only a hint: the rows are the truth. 唤醒."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from ..core.instance import settings

# A broker that did not answer is left alone for so long: nobody's request waits for it again and again.
REST_SECONDS = 10.0
WAKE = Event()
log = logging.getLogger(__name__)
_rest_until = 0.0


@dataclass(frozen=True)
class Broker:
    """What carries ids to workers elsewhere, and whether it answers; both may raise whatever its client throws."""

    send: Callable[[Sequence[int]], None]
    answers: Callable[[], bool]


_brokers: dict[str, Broker] = {}


def use(address: str, broker: Broker) -> None:
    """Hand the ids of jobs to the broker of this address."""
    _brokers[address] = broker


def hand_over(ids: Sequence[int]) -> None:
    """After a commit: wake the embedded worker, and tell the broker if one is configured; never raises."""
    global _rest_until
    WAKE.set()
    broker = _brokers.get(settings().celery_broker)
    if broker is None or time.monotonic() < _rest_until:
        return
    try:
        broker.send(ids)
    except Exception:  # whatever the broker's client throws: the commit stands, and the sweep finds the jobs
        _rest_until = time.monotonic() + REST_SECONDS
        log.warning("%d jobs could not be handed over; they wait for the next sweep", len(ids), exc_info=True)


def broker_answers() -> bool | None:
    """Whether the broker answers now; None where none is configured."""
    broker = _brokers.get(settings().celery_broker)
    if broker is None:
        return None
    try:
        return broker.answers()
    except Exception:  # whatever is the matter, the answer is no
        log.warning("the broker does not answer", exc_info=True)
        return False
