"""What Word would fetch or run by itself when it opens a file: fields, and addresses inside of drawings. 域代码检查.

Parts, macros and relationships are looked at when a file comes in (`inspection.office`). Here it is what the text
says, before a template is filled and after: what a condition leaves out could make another field of the rest.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from xml.parsers import expat

from ..workers.child import Refused

XML, RELATIONS = ".xml", ".rels"
# Fields that tell of the document itself. DDE, DDEAUTO, LINK, INCLUDEPICTURE, INCLUDETEXT, IMPORT, DATABASE,
# MACROBUTTON and whatever comes with a later Word reach outside, or run something.
HARMLESS = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "TOC", "TC", "REF", "PAGEREF", "NOTEREF",
        "STYLEREF", "SEQ", "SYMBOL", "EQ", "ADVANCE", "TITLE", "SUBJECT", "AUTHOR", "HYPERLINK",
    }
)  # fmt: skip
CLICKED = re.compile(r"https?://|mailto:", re.IGNORECASE)
LINKED = re.compile(r'HYPERLINK\s+(?:\\[a-z]\s+)*"?(?:https?://|mailto:|#|\\l\b)', re.IGNORECASE)
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.IGNORECASE)
ADDRESSES = frozenset({"src", "href", "althref"})
LONGEST_TOLD = 60
Attributes = Mapping[str, str]


def check_fetching(document: bytes) -> None:
    """Raises Refused: word_field with the field's name, external for addresses, office for what cannot be read."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((XML, RELATIONS)):
                _Part(is_list=name.lower().endswith(RELATIONS)).read(archive.read(name))


class _Part:
    """One part as it is read. `_open` are the instructions of fields that have begun, an inner one within an outer."""

    def __init__(self, *, is_list: bool) -> None:
        self._is_list = is_list
        self._open: list[list[str] | None] = []
        self._in_instruction = False

    def read(self, text: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(text, True)
        except expat.ExpatError:
            raise Refused("office") from None
        for instruction in self._open:  # one that never ends
            _check(instruction)

    def _start(self, name: str, attributes: Attributes) -> None:
        given = dict(_plain(attributes))
        element = name.rpartition(" ")[2]
        if self._is_list:
            _check_relation(given)
        elif element == "fldSimple":
            _check([given.get("instr", "")])
        elif element == "fldChar":
            self._mark(given.get("fldCharType", ""))
        elif any(key in ADDRESSES and OUTSIDE.match(value) for key, value in given.items()):
            raise Refused("external")
        self._in_instruction = element in ("instrText", "delInstrText")

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            self._open.append([])
        elif kind == "separate" and self._open:
            _check(self._open[-1])
            self._open[-1] = None
        elif kind == "end" and self._open:
            _check(self._open.pop())

    def _end(self, _name: str) -> None:
        self._in_instruction = False

    def _said(self, text: str) -> None:
        if self._in_instruction:
            if not self._open:
                _check([text])
            elif (instruction := self._open[-1]) is not None:
                instruction.append(text)


def _plain(attributes: Attributes) -> Iterator[tuple[str, str]]:
    return ((key.rpartition(" ")[2], value) for key, value in attributes.items())


def _check(instruction: list[str] | None) -> None:
    """An instruction that was looked at already is None."""
    if instruction is None:
        return
    said = "".join(instruction).strip()
    name = said.split(maxsplit=1)[0].upper() if said else ""
    if name not in HARMLESS:
        raise Refused("word_field", name=name[:LONGEST_TOLD] or "?")
    if name == "HYPERLINK" and not LINKED.match(said):
        raise Refused("external")


def _check_relation(given: Attributes) -> None:
    kind, target = given.get("Type", ""), given.get("Target", "")
    is_outside = given.get("TargetMode", "").lower() == "external"
    if kind.endswith("/aFChunk") or (is_outside and not CLICKED.match(target)):
        raise Refused("external")
