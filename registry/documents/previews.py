"""Pages to look at, of a text that is written and of a file that is signed: the latest kept in memory. 页面预览."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from .data import SigningCopy
from .produce import digest_of, render_reading_copy
from .scans import attached_images, preview_images

MOST_BYTES = 48 * 1024 * 1024
DOORS = 8


@dataclass(frozen=True)
class Preview:
    """A copy as PDF, and its pages as PNG."""

    digest: str
    pdf: bytes
    pages: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """What it takes in memory."""
        return len(self.pdf) + sum(map(len, self.pages))


class Shelf:
    """The previews that were looked at last, up to a number of bytes in all."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[str, Preview] = OrderedDict()
        self._lock = Lock()
        self._doors = [Lock() for _ in range(DOORS)]

    def get(
        self, digest: str, pdf: Callable[[], bytes], make: Callable[[str, bytes], Preview] | None = None
    ) -> Preview:
        """The preview of what `pdf` gives, all its pages unless `make` makes it; who asks meanwhile waits for it.

        Raises as `pdf` does, and Invalid where the pages cannot be shown.
        """
        with self._doors[int(digest[:4], 16) % DOORS]:
            return self._find(digest) or self._keep((make or _make)(digest, pdf()))

    def _find(self, digest: str) -> Preview | None:
        with self._lock:
            found = self._kept.get(digest)
            if found:
                self._kept.move_to_end(digest)
            return found

    def _keep(self, made: Preview) -> Preview:
        """A preview that is larger than the whole shelf is shown, and not kept."""
        with self._lock:
            self._kept[made.digest] = made
            while sum(one.size for one in self._kept.values()) > self.most_bytes:
                self._kept.popitem(last=False)
        return made


def _make(digest: str, pdf: bytes) -> Preview:
    return Preview(digest, pdf, tuple(preview_images(pdf)))


_shelf = Shelf(MOST_BYTES)


def of_copy(data: SigningCopy) -> Preview:
    """The pages of a copy to read, rendered once for each content. Raises CannotRender, Invalid."""
    return _shelf.get(digest_of(data), lambda: render_reading_copy(data))


def of_file(sha256: str, pdf: bytes) -> Preview:
    """The pages of one of our own files, exactly as it is. Raises Invalid."""
    return _shelf.get(sha256, lambda: pdf)


def part_of_file(sha256: str, read: Callable[[], bytes], first: int, last: int) -> tuple[bytes, ...]:
    """Some pages of a foreign PDF or image that was looked at when it came in, counted from 1. Raises Invalid."""

    def draw(key: str, data: bytes) -> Preview:
        return Preview(key, b"", tuple(attached_images(data, first, last)))

    return _shelf.get(f"{sha256}:{first}-{last}", read, draw).pages
