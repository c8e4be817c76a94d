"""Telling workers that there is something to do. Only a hint: the rows are the truth. 唤醒."""

import logging
from collections.abc import Callable, Sequence
from threading import Event

from ..core.instance import settings

Dispatcher = Callable[[Sequence[int]], None]
WAKE = Event()
log = logging.getLogger(__name__)
_dispatchers: dict[str, Dispatcher] = {}


def use(broker: str, dispatcher: Dispatcher) -> None:
    """Hand the ids of jobs to a broker of this address."""
    _dispatchers[broker] = dispatcher


def hand_over(ids: Sequence[int]) -> None:
    """After a commit: wake the embedded worker, and tell the broker if one is configured; never raises."""
    WAKE.set()
    dispatcher = _dispatchers.get(settings().celery_broker)
    if dispatcher is None:
        return
    try:
        dispatcher(ids)
    except Exception:  # whatever the broker's client throws: the commit stands, and the sweep finds the jobs
        log.warning("%d jobs could not be handed over; they wait for the next sweep", len(ids), exc_info=True)
