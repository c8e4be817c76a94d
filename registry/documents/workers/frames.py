"""How parent and child talk: a JSON header and any number of byte strings, each with its length before it."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

LENGTH = struct.Struct(">I")
LONGEST_HEADER = 16 * 1024 * 1024
LARGEST_MESSAGE = 512 * 1024 * 1024


class Closed(EOFError):
    """The other side is gone."""


class Garbled(ValueError):
    """What the other side sent is no message, or too large for one."""


@dataclass(frozen=True)
class Frame:
    """One message."""

    header: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def write_frame(pipe: IO[bytes], header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Send one message."""
    text = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    pipe.write(LENGTH.pack(len(text)))
    pipe.write(text)
    for blob in blobs:
        pipe.write(blob)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Frame:
    """Wait for one message. Raises Closed, Garbled."""
    length = LENGTH.unpack(_exactly(pipe, LENGTH.size))[0]
    if length > LONGEST_HEADER:
        raise Garbled(f"a header of {length} bytes")
    header, sizes = _parsed(_exactly(pipe, length))
    return Frame(header, tuple(_exactly(pipe, size) for size in sizes))


def _parsed(text: bytes) -> tuple[dict[str, Any], list[int]]:
    """The header, and the sizes of what follows."""
    try:
        header = json.loads(text)
        sizes = header.pop("sizes")
        is_sound = all(type(size) is int and size >= 0 for size in sizes) and sum(sizes) <= LARGEST_MESSAGE
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Garbled(type(error).__name__) from error
    if not is_sound:
        raise Garbled("sizes")
    return header, sizes


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise Closed
    return data
