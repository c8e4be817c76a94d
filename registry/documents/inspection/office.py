"""Looks through a DOCX, XLSX or PPTX (ECMA-376: a ZIP of XML parts) for what may not come in: programs and strangers.

Every part is unpacked once, so that a directory that lies about sizes is found, and thrown away again. Links that a
reader may click stay; whatever an office program would fetch by itself on opening the file is refused. 办公文档检查.
"""

import zipfile
from collections.abc import Iterable, Mapping
from typing import IO
from xml.parsers import expat

from ..workers.child import Refused
from .kinds import DOCX, PPTX, XLSX
from .zips import Limits, opened

LIMITS = Limits("office", members=4_000, unpacked=128 * 1024 * 1024)  # pictures are packed already, text shrinks to 5 %
TYPES_PART = "[Content_Types].xml"
MAIN = {f"{kind}.main+xml": kind for kind in (DOCX, XLSX, PPTX)}
# In content types: macros, the projects that hold them, controls.
PROGRAMS = ("macroenabled", "vbaproject", "office.vba", "activex")
INSIDE = (".docx", ".xlsx", ".pptx")  # a chart brings its figures along as a workbook
RELATIONS, XML = ".rels", (".xml", ".rels")
LARGEST_LIST = 8 * 1024 * 1024  # of types or relationships, whose elements are looked at one by one
HYPERLINK, WEB_PAGE = "/hyperlink", "/aFChunk"  # a piece of a web page brings its pictures from anywhere
ASKS_PROGRAMS = ("ddeLink", "oleLink")
BLOCK = 1024 * 1024

Attributes = Mapping[str, str]


def check_office(data: bytes, *, is_inner: bool = False) -> str:
    """The media type.

    Raises Refused: office (not such a file, or damaged), office_large, office_names, office_locked, office_kind,
    macros, external, doctype, office_embedded. A file inside may have none inside itself.
    """
    with opened(data, LIMITS) as archive:
        _check_names(archive)
        kind = _kind(_content_types(archive))
        for part in archive.infolist():
            with archive.open(part) as content:
                _check_part(part.filename, content, is_inner=is_inner)
    return kind


def _check_names(archive: zipfile.ZipFile) -> None:
    """Names of parts are the same in capitals and small letters (ECMA-376-2, 6.2.2)."""
    names = [name.casefold() for name in archive.namelist()]
    if len(set(names)) < len(names):
        raise Refused("office_names")


def _content_types(archive: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    with archive.open(TYPES_PART) as part:
        for name, attributes in _elements(part):
            if name in ("Override", "Default"):
                found.append(attributes.get("ContentType", ""))
    return found


def _kind(types: list[str]) -> str:
    if any(word in one.lower() for one in types for word in PROGRAMS):
        raise Refused("macros")
    found = {MAIN[one] for one in types if one in MAIN}
    if len(found) != 1:
        raise Refused("office_kind")
    return found.pop()


def _check_part(name: str, content: IO[bytes], *, is_inner: bool) -> None:
    place = f"/{name.lower()}"
    if "vbaproject" in place or "vbadata" in place or "/activex/" in place:
        raise Refused("macros")
    if "/embeddings/" in place and not place.endswith(XML):
        _check_inside(place, content, is_inner=is_inner)
    elif "/externallinks/" in place and place.endswith(".xml"):
        _check_workbook_links(content)
    elif place.endswith(RELATIONS):
        _check_relations(content)
    elif place.endswith(XML):
        _check_text(content)
    else:
        while content.read(BLOCK):
            pass


def _check_inside(place: str, content: IO[bytes], *, is_inner: bool) -> None:
    if is_inner or not place.endswith(INSIDE):
        raise Refused("office_embedded")
    check_office(content.read(), is_inner=True)


def _check_relations(content: IO[bytes]) -> None:
    if any(name == "Relationship" and _fetches(attributes) for name, attributes in _elements(content)):
        raise Refused("external")


def _fetches(attributes: Attributes) -> bool:
    kind = attributes.get("Type", "")
    is_outside = attributes.get("TargetMode", "").lower() == "external"
    return kind.endswith(WEB_PAGE) or (is_outside and not kind.endswith(HYPERLINK))


def _check_workbook_links(content: IO[bytes]) -> None:
    """Another program that is to give figures is named in the part itself."""
    if any(name in ASKS_PROGRAMS for name, _attributes in _elements(content)):
        raise Refused("external")


def _elements(content: IO[bytes]) -> list[tuple[str, Attributes]]:
    """Name without namespace and attributes of every element. Raises Refused as `_parse`, and for too many."""
    text = content.read(LARGEST_LIST + 1)
    if len(text) > LARGEST_LIST:
        raise Refused("office_large")
    found: list[tuple[str, Attributes]] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    _parse(parser, [text])
    return found


def _check_text(content: IO[bytes]) -> None:
    """Well-formed, without a document type; nothing is asked of single elements, of which there may be millions."""
    _parse(_parser(), iter(lambda: content.read(BLOCK), b""))


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_type
    return parser


def _parse(parser: expat.XMLParserType, blocks: Iterable[bytes]) -> None:
    """Raises Refused: office (not well-formed), doctype (it makes entities)."""
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("office") from None


def _refuse_type(*_declared: object) -> None:
    raise Refused("doctype")
