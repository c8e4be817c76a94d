"""Looks at an OFD (GB/T 33190) from outside: a ZIP with OFD.xml at its root. Nothing else inside is ever read."""

import struct
import zipfile
from io import BytesIO
from xml.parsers import expat

from ..workers.child import Refused

ROOT = "OFD.xml"
MOST_MEMBERS = 2_000  # a page has a content, its pictures and annotations: several members each
MOST_UNPACKED = 64 * 1024 * 1024
LARGEST_ROOT = 64 * 1024
LONGEST_NAME = 240
TYPES = ("OFD", "OFD-A")  # the second is the archival kind
END, END_SIZE = b"PK\x05\x06", 22
DIRECTORY_ENTRY = 46 + LONGEST_NAME + 64
IS_ENCRYPTED = 0x1 | 0x40


def check_ofd(data: bytes) -> None:
    """Raises Refused: ofd (not an OFD, or damaged), ofd_large, ofd_names, ofd_locked."""
    _check_directory_size(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            _check_members(opened.infolist())
            with opened.open(ROOT) as root:
                _check_root(root.read(LARGEST_ROOT + 1))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, KeyError, ValueError, OSError, EOFError):
        raise Refused("ofd") from None


def _check_directory_size(data: bytes) -> None:
    """Before the directory is read at all: a small file may list a million members."""
    place = data.rfind(END, -END_SIZE - 65_535)
    if place < 0 or len(data) - place < END_SIZE:
        raise Refused("ofd")
    members, size = struct.unpack("<HL", data[place + 10 : place + 16])
    if members > MOST_MEMBERS or size > MOST_MEMBERS * DIRECTORY_ENTRY:
        raise Refused("ofd_large")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Refused("ofd_large")
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise Refused("ofd_locked")
    names = [member.orig_filename for member in members]
    if len(set(names)) < len(names) or not all(_is_harmless(name) for name in names):
        raise Refused("ofd_names")


def _is_harmless(name: str) -> bool:
    """A relative path that stays inside; readers on other systems take \\ and C: as places too."""
    odd = any(sign in name for sign in "\\:\0")
    return 0 < len(name) <= LONGEST_NAME and not odd and not name.startswith("/") and ".." not in name.split("/")


def _check_root(text: bytes) -> None:
    """The first element alone says what the file is; a document type, where entities are made, is refused."""
    if len(text) > LARGEST_ROOT:
        raise Refused("ofd")
    first: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: first.append((name, attributes))
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        raise Refused("ofd") from None
    name, attributes = first[0]
    if name.rpartition(" ")[2] != "OFD" or attributes.get("DocType") not in TYPES:
        raise Refused("ofd")


def _refuse(*_declared: object) -> None:
    raise Refused("ofd")
