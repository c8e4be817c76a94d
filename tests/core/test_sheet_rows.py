"""Rows that are written as one piece read as they would cell by cell."""

import io
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine
import xlsxwriter
from lxml import etree

from registry.core.sheet_rows import LONGEST, SheetRows

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = list[str | int | float | None]


def written(*rows: Cells, one_by_one: bool = False) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet, form = book.add_worksheet(), book.add_format({"border": 1})
        sheet.write_row(0, 0, ["甲", "乙"], book.add_format({"bold": True}))
        lines = SheetRows(sheet, 4, form)
        for number, row in enumerate(rows, start=1):
            if one_by_one:
                for place, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(number, place, value, form)
            else:
                lines.write(number, enumerate(row))
        sheet.write_string(len(rows) + 2, 0, "填报单位")
    return file.getvalue()


def read(data: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def xml(data: bytes) -> list[Any]:
    with ZipFile(io.BytesIO(data)) as file:
        tree = etree.fromstring(file.read(SHEET))
    cells = tree.iter(f"{MAIN}c")
    return [(cell.get("r"), cell.get("s"), cell.get("t"), "".join(cell.itertext())) for cell in cells]


def test_as_cell_by_cell() -> None:
    rows: list[Cells] = [["例", 3, None, 6.24], ["", "", "末"], [], [" 前后 ", "两\n行", "_x0041_", "a\x0bb\uffffc"]]
    assert read(written(*rows)) == read(written(*rows, one_by_one=True))
    assert xml(written(*rows)) == xml(written(*rows, one_by_one=True))


def test_rows_between_the_sheets_own() -> None:
    assert read(written(["例", 3, None, 6.24])) == [
        ["甲", "乙", "", ""],
        ["例", 3, "", 6.24],
        ["", "", "", ""],
        ["填报单位", "", "", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "<r><t>红</t></r>", "</t></is></c>", 'a & "b" < c', "http://例", "007", "𠮷"])
def test_text_is_never_more_than_text(text: str) -> None:
    data = written([text])
    assert read(data)[1][0] == text
    assert xml(data)[2] == ("A2", "1", "inlineStr", text)


def test_a_cell_ends_where_spreadsheet_programs_end_it() -> None:
    for given, kept in (("长" * 40_000, LONGEST), ("𠮷" * 20_000, LONGEST // 2), ("长" * 20_000, 20_000)):
        assert len(read(written([given]))[1][0]) == kept
