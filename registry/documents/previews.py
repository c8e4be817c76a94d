"""Pages to look at while a text is written: rendered once for each content, the latest kept in memory. 页面预览."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from .data import SigningCopy
from .produce import digest_of, render_reading_copy
from .scans import preview_images

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

    def get(self, data: SigningCopy) -> Preview:
        """The preview of this content; who asks for the same one meanwhile waits for it. Raises as `_make` does."""
        digest = digest_of(data)
        with self._doors[int(digest[:4], 16) % DOORS]:
            return self._find(digest) or self._keep(_make(digest, data))

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


def _make(digest: str, data: SigningCopy) -> Preview:
    """Raises CannotRender, and Invalid where its pages cannot be shown."""
    pdf = render_reading_copy(data)
    return Preview(digest, pdf, tuple(preview_images(pdf)))


shelf = Shelf(MOST_BYTES)
