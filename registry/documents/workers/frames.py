"""How parent and child talk: a JSON header and any number of byte strings, each with its length before it."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

LENGTH = struct.Struct(">I")


class Closed(EOFError):
    """The other side is gone."""


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
    """Wait for one message. Raises Closed."""
    header = json.loads(_exactly(pipe, LENGTH.unpack(_exactly(pipe, LENGTH.size))[0]))
    sizes = header.pop("sizes")
    return Frame(header, tuple(_exactly(pipe, size) for size in sizes))


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise Closed
    return data
