"""The parent's side: a few long-lived children, each asked by one thread at a time, started anew when one dies."""

import atexit
import os
import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from .frames import Frame
from .process import Child, Failed
from .slots import Slots

__all__ = ["Child", "Failed", "Pool", "pool_of"]

LONGEST_LIFE = 200  # messages; what a library leaks ends with its process
WAITING = 1 / 3  # of the time for an answer may pass before there is a free child
SPOILT = frozenset({"memory", "crash"})  # after these a child may have kept half of something


class Pool:
    """At most `size` children of one kind; an answer takes at most `seconds`, waiting for a free child included."""

    def __init__(self, module: str, environment: Mapping[str, str], size: int, seconds: float) -> None:
        self.module = module
        self.environment = dict(environment)
        self.seconds = seconds
        self._slots: Slots[Child | None] = Slots([None] * size)
        self.owner = os.getpid()
        atexit.register(self.close)

    def ask(self, header: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> Frame:
        """The child's answer, first come, first served. Raises Failed."""
        deadline = time.monotonic() + self.seconds
        try:
            child = self._slots.take(self.seconds * WAITING)
        except TimeoutError:
            raise Failed("busy") from None
        try:
            child = self._ready(child)
            answer = child.ask(header, blobs, deadline - time.monotonic())
            if answer.header["error"] in SPOILT:
                child.end()
        finally:
            self._slots.give(child)
        if answer.header["error"]:
            raise Failed(answer.header["error"], answer.header.get("detail"))
        return answer

    def close(self) -> None:
        """End all children that are not working; those that work end with their pipes."""
        if os.getpid() != self.owner:
            return
        for child in self._slots.take_all():
            if child:
                child.end()
            self._slots.give(None)

    def _ready(self, child: Child | None) -> Child:
        if child and child.messages < LONGEST_LIFE and child.is_alive:
            return child
        if child:
            child.end()
        return Child(self.module, self.environment)


_pools: dict[tuple[str, str], Pool] = {}
_lock = Lock()


def pool_of(module: str, environment: Mapping[str, str], size: int, seconds: float) -> Pool:
    """This process's pool of this module in this environment; a forked server process has pools of its own."""
    key = (module, repr(sorted(environment.items())))
    with _lock:
        if key not in _pools:
            _pools[key] = Pool(module, environment, size, seconds)
        return _pools[key]


def _begin_anew() -> None:
    """In a forked process: the pools are its parent's, and a thread that is not here may hold the lock."""
    global _lock
    _lock = Lock()
    _pools.clear()


os.register_at_fork(after_in_child=_begin_anew)
