"""Looks at an OFD (GB/T 33190) from outside: a ZIP with OFD.xml at its root. Nothing else inside is ever read."""

from xml.parsers import expat

from ..workers.child import Refused
from .zips import Limits, opened

ROOT = "OFD.xml"
# A page has a content, its pictures and annotations: several members each.
LIMITS = Limits("ofd", members=2_000, unpacked=64 * 1024 * 1024)
LARGEST_ROOT = 64 * 1024
TYPES = ("OFD", "OFD-A")  # the second is the archival kind


def check_ofd(data: bytes) -> None:
    """Raises Refused: ofd (not an OFD, or damaged), ofd_large, ofd_names, ofd_locked."""
    with opened(data, LIMITS) as archive, archive.open(ROOT) as root:
        _check_root(root.read(LARGEST_ROOT + 1))


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
