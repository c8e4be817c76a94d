"""Verdicts of the day, so that nobody has to judge the same file twice; only so many bytes of them. 核验缓存."""

from collections import OrderedDict
from threading import Lock

from .findings import FileVerdict

MOST_BYTES = 16 * 1024 * 1024
LARGEST = 512 * 1024
EACH = 2048  # about what a verdict takes without its texts, and each signature in it


class Remembered:
    """What was used longest ago is forgotten first; what is too large is not remembered at all."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[str, FileVerdict] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> FileVerdict | None:
        """What was kept under this key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, verdict: FileVerdict) -> None:
        """Keep it, unless it is kept already."""
        if size_of(verdict) > min(LARGEST, self.most):
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = verdict
            self.size += size_of(verdict)
            while self.size > self.most:
                _key, oldest = self._kept.popitem(last=False)
                self.size -= size_of(oldest)


def size_of(verdict: FileVerdict) -> int:
    """About how many bytes of memory it takes."""
    names = sum(2 * len(name) for name in verdict.empty)
    return EACH * (1 + len(verdict.signatures)) + len(verdict.record) + len(verdict.record_then) + names
