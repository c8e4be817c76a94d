"""Who gets the next free child: the one who has waited longest, whoever else comes by. 排队."""

from collections import deque
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Slots(Generic[T]):
    """Things to be lent out one at a time; the one given back last, which is warm, is lent first."""

    def __init__(self, things: list[T]) -> None:
        self._free = things
        self._waiting: deque[Future[T]] = deque()
        self._lock = Lock()

    def take(self, seconds: float) -> T:
        """A free one, in the order of asking. Raises TimeoutError."""
        turn: Future[T] = Future()
        with self._lock:
            if self._free:
                return self._free.pop()
            self._waiting.append(turn)
        try:
            return turn.result(seconds)
        except TimeoutError:
            with self._lock:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                    raise
        return turn.result()  # it was given in that very moment

    def give(self, thing: T) -> None:
        """Hand it to whoever waits longest, or keep it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(thing)
            else:
                self._free.append(thing)

    def take_all(self) -> list[T]:
        """All that are free now."""
        with self._lock:
            taken, self._free = self._free, []
        return taken
