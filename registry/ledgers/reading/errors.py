"""Cells of a workbook whose formula failed: #REF!, #N/A and the like, which readers of values leave blank. 公式错误.

Where the formula failed something stood; a blank would say that there was nothing.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
FAILED = re.compile(rb"""\st=["']e["']""")  # the type of such a cell: most workbooks have none, and need no second look
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
MOST = 100_000
Errors = Mapping[tuple[int, int], str]  # by row and column, counted from 0


def errors_of(archive: ZipFile) -> dict[str, Errors]:
    """By sheet, the cells whose formula failed, with what stands there.

    The archive's parts are looked at already (see `inspection.office`). Raises nothing for parts that are elsewhere
    than office programs put them: there are no errors then.
    """
    names = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= names:
        return {}
    parts = {one["Id"]: _part(one["Target"]) for one in _elements(archive, RELATIONS, "Relationship") if "Id" in one}
    found: dict[str, Errors] = {}
    for sheet in _elements(archive, WORKBOOK, "sheet"):
        part = parts.get(next((value for name, value in sheet.items() if name.endswith(":id")), ""), "")
        data = archive.read(part) if part in names else b""
        if FAILED.search(data):
            found[sheet.get("name", "")] = _failed(data)
    return found


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _elements(archive: ZipFile, part: str, wanted: str) -> Iterator[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as content:
        parser.ParseFile(content)
    return iter(found)


@dataclass
class _Sheet:
    """Goes through the cells of a sheet; a cell without an address follows the one before it."""

    found: dict[tuple[int, int], str] = field(default_factory=dict)
    row: int = -1
    column: int = -1
    failed: bool = False
    text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif tag == "c":
            place = PLACE.fullmatch(attributes.get("r", ""))
            self.column = _number(place[1]) if place else self.column + 1
            self.failed = attributes.get("t") == "e"
        elif tag == "v" and self.failed:
            self.text = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "v" and self.text is not None:
            if len(self.found) < MOST:
                self.found[self.row, self.column] = "".join(self.text)[:20]
            self.text = None


def _failed(data: bytes) -> Errors:
    sheet, parser = _Sheet(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    parser.CharacterDataHandler = sheet.data
    parser.Parse(data, True)
    return sheet.found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
