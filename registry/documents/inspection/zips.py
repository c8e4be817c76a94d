"""Looks at a ZIP from outside before anything in it is unpacked: how many members, how large, named how. 压缩包检查."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from ..workers.child import Refused

LONGEST_NAME = 240
END, END_SIZE = b"PK\x05\x06", 22
DIRECTORY_ENTRY = 46 + LONGEST_NAME + 64
IS_ENCRYPTED = 0x1 | 0x40
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, KeyError, ValueError, OSError, EOFError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How much a kind of file may hold; `code` begins the codes that it is refused with. `unpacked` is in bytes."""

    code: str
    members: int
    unpacked: int


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, once its directory was looked at.

    Raises Refused: the code itself (no ZIP, damaged, a member is missing), and with _large, _names or _locked behind.
    """
    _check_directory_size(data, limits)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_members(archive.infolist(), limits)
            yield archive
    except BROKEN:
        raise Refused(limits.code) from None


def _check_directory_size(data: bytes, limits: Limits) -> None:
    """Before the directory is read at all: a small file may list a million members."""
    place = data.rfind(END, -END_SIZE - 65_535)
    if place < 0 or len(data) - place < END_SIZE:
        raise Refused(limits.code)
    members, size = struct.unpack("<HL", data[place + 10 : place + 16])
    if members > limits.members or size > limits.members * DIRECTORY_ENTRY:
        raise Refused(f"{limits.code}_large")


def _check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members or sum(member.file_size for member in members) > limits.unpacked:
        raise Refused(f"{limits.code}_large")
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise Refused(f"{limits.code}_locked")
    names = [member.orig_filename for member in members]
    if len(set(names)) < len(names) or not all(_is_harmless(name) for name in names):
        raise Refused(f"{limits.code}_names")


def _is_harmless(name: str) -> bool:
    """A relative path that stays inside; readers on other systems take \\ and C: as places too."""
    odd = any(sign in name for sign in "\\:\0")
    return 0 < len(name) <= LONGEST_NAME and not odd and not name.startswith("/") and ".." not in name.split("/")
