"""TIFF without what tells of place and device: the entries are taken out, their values overwritten. 图片去除元数据.

Nothing moves, so strips and tiles stay as they are, however they are packed (TIFF 6.0, section 2).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ..workers.child import Refused

MOST_DIRECTORIES = 1_000
DEEPEST = 4
ENTRY = 12
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
DIRECTORIES = frozenset({330, 34665, 34853, 40965})  # further ones, EXIF, GPS, interoperability
# What decoding and printing need; everything else goes.
NEEDED = frozenset(
    {
        254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292,
        293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 347,
        *range(512, 522), 529, 530, 531, 532, 34675,
    }
)  # fmt: skip


@dataclass(frozen=True)
class _Entry:
    tag: int
    place: int  # of the twelve bytes
    size: int  # of the value
    at: int  # where the value is, or what it points to


class _File:
    """The bytes and their order."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.order = "<" if data.startswith(b"II") else ">"

    def number(self, kind: str, place: int) -> int:
        """A number at a place. Raises struct.error outside the file."""
        return int(struct.unpack_from(self.order + kind, self.data, place)[0])

    def entries(self, place: int) -> Iterator[_Entry]:
        """Those of a directory. Raises Refused for one that ends outside the file."""
        count = self.number("H", place)
        if place + 2 + count * ENTRY + 4 > len(self.data):
            raise Refused("damaged")
        for at in range(place + 2, place + 2 + count * ENTRY, ENTRY):
            tag, kind, length = struct.unpack_from(f"{self.order}HHI", self.data, at)
            size = SIZES.get(kind, 1) * length
            yield _Entry(tag, at, size, at + 8 if size <= 4 else self.number("I", at + 8))

    def wipe(self, start: int, size: int) -> None:
        """Overwrite with zeros, as far as the file goes."""
        end = min(start + size, len(self.data))
        if start < end:
            self.data[start:end] = bytes(end - start)


def clean_tiff(data: bytes) -> bytes:
    """The same pages without the entries that they do not need. Raises Refused: damaged."""
    file = _File(data)
    place, seen = file.number("I", 4), set[int]()
    while place:
        if place in seen or len(seen) >= MOST_DIRECTORIES:
            raise Refused("damaged")
        seen.add(place)
        place = _clean(file, place)
    return bytes(file.data)


def _clean(file: _File, place: int) -> int:
    """Close one directory up over what is taken out; the place of the next one."""
    entries = list(file.entries(place))
    end = place + 2 + len(entries) * ENTRY
    following = file.number("I", end)
    kept = b"".join(bytes(file.data[one.place : one.place + ENTRY]) for one in entries if one.tag in NEEDED)
    for one in entries:
        if one.tag not in NEEDED:
            _forget(file, one, 0)
    file.wipe(place, end + 4 - place)
    struct.pack_into(f"{file.order}H", file.data, place, len(kept) // ENTRY)
    file.data[place + 2 : place + 2 + len(kept)] = kept
    struct.pack_into(f"{file.order}I", file.data, place + 2 + len(kept), following)
    return following


def _forget(file: _File, entry: _Entry, depth: int) -> None:
    """Overwrite a value, and what the directories that it names hold."""
    if depth > DEEPEST:
        raise Refused("damaged")
    if entry.tag in DIRECTORIES:
        for place in _named(file, entry):
            inner = list(file.entries(place))
            for one in inner:
                _forget(file, one, depth + 1)
            file.wipe(place, 2 + len(inner) * ENTRY + 4)
    file.wipe(entry.at, entry.size)


def _named(file: _File, entry: _Entry) -> list[int]:
    count = min(entry.size // 4, MOST_DIRECTORIES)
    return [place for number in range(count) if (place := file.number("I", entry.at + 4 * number))]
