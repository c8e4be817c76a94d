"""Takes out of pictures what the camera wrote beside them: place (GPS), device, time, comments. 图片去除元数据.

PIPL, articles 6 and 28: personal data, and whereabouts above all, are taken in only as far as the purpose needs; for a
photo of a ceremony the picture is enough. Only the way it is held (orientation) and its colours stay. The picture
itself is not packed anew, so nothing of it is lost.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from ..workers.child import Refused
from .images import FORMATS
from .kinds import JPEG, PNG, media_type
from .tiffs import clean_tiff

ORIENTATION, UPRIGHT = 0x0112, 1
START, SCAN, END = 0xD8, 0xDA, 0xD9
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
COMMENT, APPLICATION = 0xFE, range(0xE0, 0xF0)
# What decoding needs among the segments that belong to applications: density, colours, how Adobe stored them.
DENSITY, NO_SMALL_COPY = 0xE0, 14  # bytes of a JFIF segment without a picture of its own
NEEDED = ((DENSITY, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
PNG_BEGINNING = b"\x89PNG\r\n\x1a\n"
PNG_NEEDED = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
)


def without_traces(data: bytes) -> bytes:
    """The same picture without what tells of place, device and time. Raises Refused: damaged."""
    kind = media_type(data)
    try:
        if kind == JPEG:
            return b"".join(_jpeg(data, _orientation(data)))
        return b"".join(_png(data, _orientation(data))) if kind == PNG else clean_tiff(data)
    except (struct.error, IndexError):
        raise Refused("damaged") from None


def _orientation(data: bytes) -> int:
    """How the camera was held, 1 to 8 (EXIF); 1 where nothing readable is said."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            said = image.getexif().get(ORIENTATION, UPRIGHT)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, Image.DecompressionBombError):
        return UPRIGHT  # whether it can be decoded at all is judged later
    return said if isinstance(said, int) and 1 <= said <= 8 else UPRIGHT


def _exif(orientation: int) -> bytes:
    """EXIF that says this one thing."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)


def _jpeg(data: bytes, orientation: int) -> Iterator[bytes]:
    """Segment by segment; what follows the end (a film, further pictures) is left behind."""
    yield data[:2]
    if orientation != UPRIGHT:
        said = b"Exif\0\0" + _exif(orientation)
        yield b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
    place = 2
    while True:
        place, marker = _marker(data, place)
        if marker == END:
            yield b"\xff\xd9"
            return
        end = place if marker in ALONE else place + struct.unpack(">H", data[place : place + 2])[0]
        if marker == SCAN:
            end = _end_of_scan(data, end)
        if _is_needed(marker, data[place + 2 : end]):
            yield bytes((0xFF, marker)) + data[place:end]
        place = end


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The place behind the next marker, and the marker; it may have any number of 0xFF before it."""
    if data[place] != 0xFF:
        raise Refused("damaged")
    while data[place] == 0xFF:
        place += 1
    return place + 1, data[place]


def _end_of_scan(data: bytes, place: int) -> int:
    found = NEXT_MARKER.search(data, place)
    if found is None:
        raise Refused("damaged")
    return found.start()


def _is_needed(marker: int, content: bytes) -> bool:
    if marker == COMMENT:
        return False
    if marker == DENSITY and len(content) > NO_SMALL_COPY:
        return False
    return marker not in APPLICATION or any(marker == one and content.startswith(name) for one, name in NEEDED)


def _png(data: bytes, orientation: int) -> Iterator[bytes]:
    """Chunk by chunk; what follows the end is left behind."""
    yield PNG_BEGINNING
    place, kind = len(PNG_BEGINNING), b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data):
            raise Refused("damaged")
        if kind in PNG_NEEDED:
            yield data[place:end]
        if kind == b"IHDR" and orientation != UPRIGHT:
            said = b"eXIf" + _exif(orientation)
            yield struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
        place = end
