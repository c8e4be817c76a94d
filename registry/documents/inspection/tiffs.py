"""TIFF without what tells of place and device: only what the pictures need is copied, to where it was. 图片去除元数据.

Nothing moves, so strips and tiles stay as they are, however they are packed (TIFF 6.0, section 2). Everything else
becomes zeros: other entries with their values, directories of EXIF and GPS, and what nothing points at any more.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ..workers.child import Refused

MOST_DIRECTORIES = 1_000
HEADER, ENTRY = 8, 12
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
NUMBERS = {3: "H", 4: "I"}
# Where the picture lies: the entry with the places, the entry with the sizes.
DATA = {273: 279, 324: 325}
# What decoding and printing need.
NEEDED = frozenset(
    {
        254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292,
        293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 347,
        529, 530, 531, 532, 34675,
    }
)  # fmt: skip


@dataclass(frozen=True)
class _Entry:
    tag: int
    kind: int
    count: int
    place: int  # of the twelve bytes

    @property
    def size(self) -> int:
        """Of the value, in bytes."""
        return SIZES.get(self.kind, 1) * self.count


class _Copy:
    """The file as it came, and what of it is kept."""

    def __init__(self, data: bytes) -> None:
        self.data, self.kept = data, bytearray(len(data))
        self.order = "<" if data.startswith(b"II") else ">"
        self.end = self.read = 0

    def number(self, kind: str, place: int) -> int:
        """A number at a place. Raises struct.error outside the file."""
        return int(struct.unpack_from(self.order + kind, self.data, place)[0])

    def spend(self, size: int) -> None:
        """Count what is read. Raises Refused where that is more than an honest file can need."""
        self.read += size
        if self.read > 2 * len(self.data):
            raise Refused("damaged")

    def keep(self, start: int, size: int) -> None:
        """Copy so many bytes. Raises Refused outside the file."""
        self.spend(size)
        if start + size > len(self.data):
            raise Refused("damaged")
        self.write(start, self.data[start : start + size])

    def write(self, start: int, data: bytes) -> None:
        """Put bytes where others were."""
        self.kept[start : start + len(data)] = data
        self.end = max(self.end, start + len(data))

    def entries(self, place: int) -> Iterator[_Entry]:
        """Those of a directory. Raises struct.error for one that ends outside the file, Refused as `spend`."""
        size = self.number("H", place) * ENTRY
        self.spend(size)
        for at in range(place + 2, place + 2 + size, ENTRY):
            tag, kind, count = struct.unpack_from(f"{self.order}HHI", self.data, at)
            yield _Entry(tag, kind, count, at)

    def at(self, entry: _Entry) -> int:
        """Where the value lies: in the entry itself, or elsewhere."""
        return entry.place + 8 if entry.size <= 4 else self.number("I", entry.place + 8)

    def numbers(self, entry: _Entry | None) -> tuple[int, ...]:
        """The value as whole numbers. Raises Refused for another kind of value, or none."""
        if entry is None or entry.kind not in NUMBERS or entry.size > len(self.data):
            raise Refused("damaged")
        kind = f"{self.order}{entry.count}{NUMBERS[entry.kind]}"
        return struct.unpack_from(kind, self.data, self.at(entry))


def clean_tiff(data: bytes) -> bytes:
    """The same pages without what they do not need. Raises Refused (damaged) or struct.error."""
    copy, seen = _Copy(data), set[int]()
    copy.keep(0, HEADER)
    place = copy.number("I", 4)
    while place:
        if place in seen or len(seen) >= MOST_DIRECTORIES:
            raise Refused("damaged")
        seen.add(place)
        place = _keep_page(copy, place)
    return bytes(copy.kept[: copy.end])


def _keep_page(copy: _Copy, place: int) -> int:
    """Keep one directory and what it names, closed up over the entries that go; the place of the next one."""
    entries = {one.tag: one for one in copy.entries(place)}
    following = copy.number("I", place + 2 + copy.number("H", place) * ENTRY)
    kept = [one for one in entries.values() if one.tag in NEEDED]
    for one in kept:
        if one.size > 4:
            copy.keep(copy.at(one), one.size)
    for places, sizes in DATA.items():
        if places in entries:
            for start, size in zip(copy.numbers(entries[places]), copy.numbers(entries.get(sizes)), strict=False):
                copy.keep(start, size)
    listed = b"".join(copy.data[one.place : one.place + ENTRY] for one in kept)
    count, last = struct.pack(f"{copy.order}H", len(kept)), struct.pack(f"{copy.order}I", following)
    copy.write(place, count + listed + last)
    return following
