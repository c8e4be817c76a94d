"""Rows of a workbook in constant memory, each written as one piece of XML. 电子表格逐行写出.

Cell by cell xlsxwriter takes four times as long: for every cell it looks at the sheet's size, the kind of value, the
format and each attribute, which for us are the same in a whole column. It opens and closes the workbook and does all
around the rows; the rows go straight into the file that it keeps for them. Text is never more than text: no formula, no
address, and not the formatting that xlsxwriter takes `<r>…</r>` for.
"""

import re
from collections.abc import Iterable
from typing import Any

from xlsxwriter.utility import xl_col_to_name

SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
LONGEST = 32_767  # of a cell, in UTF-16 units


class SheetRows:
    """Writes rows of a worksheet whose workbook has `constant_memory`, downwards, each once; `width` columns at most.

    `form` is the format of every cell. Between them the worksheet's own methods may write other rows.
    """

    def __init__(self, sheet: Any, width: int, form: Any = None) -> None:
        self._sheet, self._width = sheet, width
        self._style = f' s="{form._get_xf_index()}"' if form else ""
        self._names = [xl_col_to_name(place) for place in range(width)]

    def write(self, row: int, cells: Iterable[tuple[int, str | int | float | None]]) -> None:
        """One row, counted from 0: places from 0, in their order, with text or a finite number; what is empty is left
        out.
        """
        sheet, number, style, names = self._sheet, row + 1, self._style, self._names
        if row > sheet.previous_row:
            sheet._write_single_row(row)  # what waits above
        parts = [f'<row r="{number}">']
        for place, value in cells:
            if value == "" or value is None:
                continue
            if isinstance(value, str):
                text = SPECIAL.sub(_escaped, value if len(value) <= LONGEST // 2 else _cut(value))
                opened = f'<c r="{names[place]}{number}"{style} t="inlineStr"><is><t xml:space="preserve">'
                parts.append(f"{opened}{text}</t></is></c>")
            else:
                parts.append(f'<c r="{names[place]}{number}"{style}><v>{value!r}</v></c>')
        parts.append("</row>")
        sheet.fh.write("".join(parts))
        sheet._check_dimensions(row, self._width - 1)


def _cut(text: str) -> str:
    return text.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", "ignore")


def _escaped(match: re.Match[str]) -> str:
    """As spreadsheet programs read it: a control character by its number, and what looks like one by its first sign."""
    found = match[0]
    if found in ESCAPES:
        return ESCAPES[found]
    return f"_x{ord(found):04X}_" if len(found) == 1 else f"_x005F{found}"
