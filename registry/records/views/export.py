"""A filtered list as a file: XLSX or CSV with BOM, batch by batch, audited with the count. 导出."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar, cast

import xlsxwriter
from flask import request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...accounts.models import User
from ...audit.services import record
from ...core.dates import today
from ...core.db import transaction
from ...core.i18n import Message, msg
from ...core.sheet_rows import SheetRows
from ...core.spreadsheets import defused
from ...core.web.guard import actor
from ..queries import EXPORT_BATCH
from ..signed import Signed, signed_by

BOM = "\ufeff"  # Excel reads UTF-8 only with it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18
A3, A4 = 8, 9
MANY_COLUMNS = 16  # more of them need A3
IN_MEMORY = 4 * 1024 * 1024
T = TypeVar("T")
Cell = tuple[int, str | int | float]
YES, NO = msg("Yes"), msg("No")
Words = dict[tuple[type, object], str]  # of a code, by its kind; of yes and no


@dataclass(frozen=True)
class Column:
    """One column of a ledger: its heading, and the cell of a row."""

    label: Message
    cell: Callable[[Row[Any]], object]


def send(
    name: Message, columns: Sequence[Column], rows: Iterable[Row[Any]], action: str, wanted: Mapping[str, Any]
) -> ResponseReturnValue:
    """The file in the format that the form asks for (`format=csv`, else XLSX).

    `action` is the audit's code; `wanted` the filter, kept there with the number of rows.
    """
    is_csv = request.form.get("format") == "csv"
    file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - the answer closes it
    counted = _Counted(rows)
    if is_csv:
        write_csv(file, columns, counted)
    else:
        write_xlsx(file, str(name), columns, counted, signed_by(cast("User", actor())))
    file.seek(0)
    with transaction():
        given = {key: ("", str(value)) for key, value in wanted.items() if value not in ("", None, False)}
        record(actor(), action, changes=given | {"count": ("", counted.number)})
    filename = f"{name}-{today():%Y%m%d}.{'csv' if is_csv else 'xlsx'}"
    return send_file(file, "text/csv" if is_csv else XLSX, as_attachment=True, download_name=filename)


def in_pages(page: Callable[[int, int], Sequence[T]]) -> Iterator[Sequence[T]]:
    """Page after page of a list that is read by offset and limit, until one is empty."""
    start = 0
    while rows := page(start, EXPORT_BATCH):
        yield rows
        start += EXPORT_BATCH


class _Counted:
    """Rows that tell afterwards how many they were."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row[Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row[Any]]) -> None:
    """UTF-8 with BOM; cells that could be read as formulas are defused."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(BOM)
    sheet = csv.writer(text)
    sheet.writerow([str(column.label) for column in columns])
    words, getters = Words(), [column.cell for column in columns]
    sheet.writerows([defused(plain(cell(row), words)) for cell in getters] for row in rows)
    text.flush()
    text.detach()


def write_xlsx(file: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Row[Any]], signed: Signed) -> None:
    """One sheet: title, frozen heading, foot; landscape, as wide as the page; rows leave memory as they are written."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(A3 if len(columns) > MANY_COLUMNS else A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.set_column(0, len(columns) - 1, WIDTH)
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#f2f5fa", "border": 1})
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        sheet.merge_range(0, 0, 0, max(len(columns) - 1, 1), signed.title(name), title)
        sheet.write_row(1, 0, [str(column.label) for column in columns], head)
        number, words = 1, Words()
        lines = SheetRows(sheet, len(columns))
        for number, cells in enumerate(_said(columns, rows, words), start=2):
            lines.write(number, cells)
        sheet.write_string(number + 2, 0, signed.foot)


def _said(columns: Sequence[Column], rows: Iterable[Row[Any]], words: Words) -> Iterator[list[Cell]]:
    """The cells of each row that say something, by their places: most of a long list's are empty."""
    getters = [(place, column.cell) for place, column in enumerate(columns)]
    for row in rows:
        given = [(place, cell(row)) for place, cell in getters]
        yield [(place, defused(plain(value, words))) for place, value in given if value is not None and value != ""]


def plain(value: object, words: Words) -> object:
    """What stands in a cell: days as 2023-03-18, codes by their labels, yes and no in words.

    `words` keeps labels in the reader's language, so that each is looked up once in a file and not once in a row.
    """
    if value is None or value.__class__ is str:
        return value or ""
    if isinstance(value, bool | StrEnum):
        key = (value.__class__, value)  # codes of two kinds may be spelled alike
        if key not in words:
            words[key] = str(YES if value is True else NO if value is False else getattr(value, "label", value))
        return words[key]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value or "")
