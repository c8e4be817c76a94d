"""The process that opens spreadsheets, with limits: `python -m registry.ledgers.reading.worker`. 受限的表格读取进程.

The directory of the archive is looked at before anything is unpacked, then every part for macros, entities and what
would be fetched from elsewhere; only then are values read. Formulas are never evaluated: a cell says what was last
computed for it.
"""

import csv
import io
import json
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

import python_calamine

from ...documents.inspection.kinds import XLSX, ZIP_BEGINNING
from ...documents.inspection.office import check_office
from ...documents.inspection.zips import Limits, opened
from ...documents.workers.child import Answer, Refused, serve
from ...documents.workers.frames import Frame
from .errors import Errors, errors_of
from .grid import Cell

PROCESSOR_SECONDS = 40
LIMITS = Limits("sheet", members=200, unpacked=64 * 1024 * 1024)
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 20_000, 200, 20
AROUND = 60  # rows of titles, notes and sums around the data
MOST_CELLS, MOST_TEXT = 3_000_000, 40_000_000  # cells, and characters in them, of a whole file
LONGEST_CELL = 10_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = ("utf-8-sig", "gb18030")

Table = list[list[Cell]]


def handle(frame: Frame) -> Answer:
    """The sheets of one file as JSON: name, rows, merged cells."""
    (data,) = frame.blobs
    sheets = read(data)
    return {"sheets": len(sheets)}, (json.dumps(sheets, ensure_ascii=False).encode(),)


def read(data: bytes) -> list[dict[str, Any]]:
    """Raises Refused: old_office, sheet (and with _large, _names, _locked, _rows, _columns behind), as for office."""
    if data.startswith(OLD_OFFICE):
        raise Refused("old_office")
    sheets = _workbook(data) if data.startswith(ZIP_BEGINNING) else [_lines(data)]
    rows = [row for sheet in sheets for row in sheet["rows"]]
    text = sum(len(cell) for row in rows for cell in row if isinstance(cell, str))  # one string may stand in many cells
    if sum(map(len, rows)) > MOST_CELLS or text > MOST_TEXT:
        raise Refused("sheet_large")
    return sheets


def _workbook(data: bytes) -> list[dict[str, Any]]:
    with opened(data, LIMITS):
        pass
    if check_office(data) != XLSX:
        raise Refused("sheet")
    errors = _errors(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = [one.name for one in book.sheets_metadata if one.typ is python_calamine.SheetTypeEnum.WorkSheet]
        return [_sheet(book.get_sheet_by_name(name), errors.get(name, {})) for name in names[:MOST_SHEETS]]
    except (python_calamine.CalamineError, ValueError, IndexError):
        raise Refused("sheet") from None


def _errors(data: bytes) -> dict[str, Errors]:
    with opened(data, LIMITS) as archive:
        try:
            return errors_of(archive)
        except (expat.ExpatError, KeyError, ValueError):
            raise Refused("sheet") from None


def _sheet(sheet: python_calamine.CalamineSheet, errors: Errors) -> dict[str, Any]:
    cells = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in errors.items():
        if row < len(cells) and column < len(cells[row]) and not _says(cells[row][column]):
            cells[row][column] = text
    rows = _trimmed(cells)
    return {"name": sheet.name, "rows": rows, "merged": _merged(sheet, len(rows), max(map(len, rows), default=0))}


def _merged(sheet: python_calamine.CalamineSheet, height: int, width: int) -> list[list[int]]:
    """Top, left, bottom, right of merged cells within the data. Raises Refused where they lie upon each other.

    No office program writes that, and whoever fills them in would write the same cells again and again.
    """
    spans = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
    inside = [
        [top, left, min(bottom, height - 1), min(right, width - 1)]
        for top, left, bottom, right in spans
        if top < height and left < width
    ]
    area = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in inside)
    if area > height * width:
        raise Refused("sheet")
    return inside


def _lines(data: bytes) -> dict[str, Any]:
    text = _decoded(data)
    first = text[: text.find("\n") + 1 or len(text)]
    delimiter = max(",\t;", key=first.count)
    try:
        rows = [[cell[:LONGEST_CELL] for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:
        raise Refused("sheet") from None
    return {"name": "CSV", "rows": _trimmed([list(row) for row in rows]), "merged": []}


def _decoded(data: bytes) -> str:
    """UTF-8, else what Chinese office programs write."""
    if b"\x00" in data:
        raise Refused("sheet")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("sheet")


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value[:LONGEST_CELL] or None
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _trimmed(rows: Table) -> Table:
    """Without empty rows at the end and empty columns at the right. Raises Refused for too many of either."""
    while rows and not any(_says(cell) for cell in rows[-1]):
        rows.pop()
    width = max((place + 1 for row in rows for place, cell in enumerate(row) if _says(cell)), default=0)
    if len(rows) > MOST_ROWS + AROUND:
        raise Refused("sheet_rows")
    if width > MOST_COLUMNS:
        raise Refused("sheet_columns")
    return [row[:width] for row in rows]


def _says(cell: Cell) -> bool:
    return cell not in (None, "")


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
