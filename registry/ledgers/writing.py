"""Ledgers as workbooks: the empty template, the full ledger, the rows that were refused. 台账写出.

Title above, headings as in the template, the foot 填报单位/填报人/审核人 below: what goes out comes in again. Rows
leave memory as they are written; nothing in a cell is ever a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from ..core.sheet_rows import SheetRows
from ..core.spreadsheets import defused
from ..records.signed import Signed
from .definitions import Column, Ledger, Sort

BOM = "\ufeff"  # Excel reads UTF-8 only with it
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
BODY_FONT, TITLE_FONT = "仿宋", "黑体"
A3, A4 = 8, 9
MANY_COLUMNS = 16  # more of them need A3
SAMPLE_ROWS, TEMPLATE_ROWS = 1, 500
REASON = "错误原因"
LONGEST_LIST = 255  # of a drop-down, Excel's limit
WIDE, NARROW, USUAL = 30, 7, 15
NOTES: Mapping[Sort, str] = {
    Sort.DATE: "日期写作 2023-03-18、2023.3.18、20230318；只知年月时写 2023年3月",
    Sort.INT: "数字可写 1,637、6.24万、10万余、约200、近百、100+",
    Sort.MULTI: "多项用顿号分隔",
    Sort.ORG_MULTI: "多个单位用分号分隔",
    Sort.ORG: "写单位全称；简称会请您确认",
    Sort.CODE10: "十位学校标识码，单元格设为文本",
    Sort.USCC: "十八位统一社会信用代码，单元格设为文本",
    Sort.PHONE: "导出时隐去中间四位",
    Sort.BOOL: "是或否",
}
TEXT_ONLY = (Sort.CODE10, Sort.USCC, Sort.PHONE, Sort.TEXT)


class Sheet:
    """One ledger sheet of a workbook."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column], more: Sequence[str] = ()) -> None:
        self.book, self.columns, self.more = book, columns, more
        self.sheet = book.add_worksheet(name.replace("/", "、")[:31])
        self.row = 0
        self.plain = book.add_format({"font_name": BODY_FONT, "border": 1, "text_wrap": True, "valign": "vcenter"})
        self.text = book.add_format({"font_name": BODY_FONT, "border": 1, "num_format": "@", "text_wrap": True})
        self._lay_out()

    def _lay_out(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(A3 if self.width > MANY_COLUMNS else A4)
        self.sheet.fit_to_pages(1, 0)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, _width(column))
        if self.more:
            self.sheet.set_column(len(self.columns), self.width - 1, WIDE)

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.columns) + len(self.more)

    def title(self, text: str) -> None:
        """The line on top, over all columns."""
        style = {"font_name": TITLE_FONT, "font_size": 16, "align": "center", "valign": "vcenter"}
        self.sheet.set_row(self.row, 30)
        self.sheet.merge_range(self.row, 0, self.row, self.width - 1, text, self.book.add_format(style))
        self.row += 1

    def head(self) -> None:
        """The headings; they stay in sight, and are printed on every page."""
        style = {"bold": True, "text_wrap": True, "bg_color": "#f2f5fa", "border": 1, "align": "center"}
        head = self.book.add_format(style | {"font_name": BODY_FONT, "valign": "vcenter"})
        self.sheet.write_row(self.row, 0, [*(one.header for one in self.columns), *self.more], head)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)
        self.sheet.repeat_rows(self.row - 1)

    def line(self, cells: Sequence[object]) -> None:
        """One row, cell by cell."""
        self.sheet.write_row(self.row, 0, [defused(cell) for cell in cells], self.plain)
        self.row += 1

    def body(self, rows: Iterable[Iterable[tuple[int, object]]]) -> None:
        """All rows below the headings, as cells by place, in constant memory.

        Lines stand around empty cells too, by one rule for all: an empty cell would cost as much as a full one.
        """
        first, lines = self.row, SheetRows(self.sheet, self.width, self.plain)
        for cells in rows:
            lines.write(self.row, [(place, defused(cell)) for place, cell in cells])
            self.row += 1
        if self.row > first:
            ruled = {"type": "formula", "criteria": "=TRUE", "format": self.book.add_format({"border": 1})}
            self.sheet.conditional_format(first, 0, self.row - 1, self.width - 1, ruled)

    def foot(self, text: str) -> None:
        """The line at the end."""
        self.sheet.write_string(self.row + 1, 0, text, self.book.add_format({"font_name": BODY_FONT}))


def _width(column: Column) -> int:
    if column.sort is Sort.LONGTEXT or column.field.startswith("title"):
        return WIDE
    return NARROW if column.field == "seq" else max(USUAL, 2 * len(column.header) // 2)


def write_ledger(file: IO[bytes], ledger: Ledger, rows: Iterable[Mapping[str, object]], signed: Signed) -> None:
    """The ledger with rows by field; 序号 counts by itself."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = Sheet(book, ledger.title.zh, ledger.columns)
        sheet.title(signed.title(ledger.title.zh))
        sheet.head()
        fields = _fields(ledger)
        sheet.body([(place, said[field]) for place, field in fields if field in said] for said in _numbered(rows))
        sheet.foot(signed.foot)


def write_csv(file: IO[bytes], ledger: Ledger, rows: Iterable[Mapping[str, object]]) -> None:
    """The same as CSV: UTF-8 with BOM, headings and rows only."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(BOM)
    lines = csv.writer(text)
    lines.writerow([column.header for column in ledger.columns])
    fields = _fields(ledger)
    lines.writerows([defused(said.get(field, "")) for _place, field in fields] for said in _numbered(rows))
    text.flush()
    text.detach()


def _fields(ledger: Ledger) -> list[tuple[int, str]]:
    return list(enumerate(column.field for column in ledger.columns))


def _numbered(rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    for number, row in enumerate(rows, start=1):
        yield {**row, "seq": number}


def write_refused(
    file: IO[bytes], ledger: Ledger, headings: Sequence[str], rows: Iterable[tuple[Sequence[object], str]]
) -> None:
    """The rows that were left out with 错误原因, under the headings of the file: to be put right and dropped again."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = Sheet(book, ledger.title.zh, (), [*headings, REASON])
        sheet.head()
        sheet.body(enumerate([*cells, reason]) for cells, reason in rows)


def write_template(file: IO[bytes], ledger: Ledger, samples: Mapping[str, str]) -> None:
    """Headings with drop-downs and a sample row, and a sheet that explains the columns."""
    with xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False}) as book:
        sheet = Sheet(book, ledger.title.zh, ledger.columns)
        sheet.title(f"××市{ledger.title.zh}（截至    年  月  日）")
        sheet.head()
        sheet.line(["示例" if one.field == "seq" else samples.get(one.field, "") for one in ledger.columns])
        for place, column in enumerate(ledger.columns):
            _help(sheet, place, column)
        _explain(book, ledger)


def _help(sheet: Sheet, place: int, column: Column) -> None:
    """Drop-down of words, and text format where a number would lose its zeros."""
    if column.sort in TEXT_ONLY:
        sheet.sheet.set_column(place, place, _width(column), sheet.text)
    words = ["是", "否"] if column.sort is Sort.BOOL else list(column.values)
    if words and column.sort in (Sort.BOOL, Sort.ENUM) and len(",".join(words)) <= LONGEST_LIST:
        choice = {"validate": "list", "source": words, "error_type": "warning"}
        sheet.sheet.data_validation(sheet.row - 1, place, sheet.row + TEMPLATE_ROWS, place, choice)


def _explain(book: Any, ledger: Ledger) -> None:
    notes = book.add_worksheet("填表说明")
    notes.set_column(0, 0, 26)
    notes.set_column(1, 1, 10)
    notes.set_column(2, 2, 70)
    bold = book.add_format({"bold": True})
    notes.write_row(0, 0, ["栏目", "必填", "说明"], bold)
    for number, column in enumerate(ledger.columns, start=1):
        told = "、".join(column.values) or NOTES.get(column.sort, "")
        notes.write_row(number, 0, [column.header, "是" if column.required else "", told])
    notes.write_string(len(ledger.columns) + 2, 0, "示例行、标题行、空行、合计行不影响导入。")
