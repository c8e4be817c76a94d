"""What one cell says, as the registry's own forms take it; and what is doubtful or wrong with it. 单元格识读.

Rules: dossier of the domain, section 4. Nothing is guessed: what can be read in two ways is told.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from unicodedata import normalize

from ...core.dates import BadDate, Precision, read_partial
from ...core.figures.reading import BadFigure, ReadFigure, read_figure
from ...core.i18n import Message, msg
from ...core.spreadsheets import as_typed
from ...core.text import BadText, clean
from ...organisations import phones, uscc
from ..definitions import Column, Sort
from .grid import Cell, is_blank

EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 system, which has a 29 February 1900 that never was
SERIALS = range(18264, 73415)  # 1950-01-01 to 2100-12-31
LONGEST, LONGEST_LINE = 5_000, 1_000
DAMAGED = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
DIGITS = re.compile(r"[0-9]+")
PARTS = re.compile(r"[、；;,，/\n|]+")
YEAR_IN_BRACKETS = re.compile(r"[\[【(（﹝〔［]\s*((?:19|20)\d{2})\s*[\]】)）﹞〕］]")
WIDE = {0xFF10 + place: chr(0x30 + place) for place in range(10)}
WIDE |= {0xFF21 + place: chr(0x41 + place) for place in range(26)}
WIDE |= {0xFF41 + place: chr(0x61 + place) for place in range(26)} | {0x3000: " "}
YES = frozenset({"是", "有", "√", "✓", "☑", "y", "yes", "true", "1", "已"})
NO = frozenset({"否", "无", "×", "✗", "☐", "n", "no", "false", "0", "未"})
OPEN_ENDED = frozenset({"长期", "长期有效", "无固定期限", "永久"})
NOTHING = frozenset({"", "—", "——", "-", "--", "/", "\\", "无", "暂无", "未填报"})
ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
)
EXACT_DIGITS = 10**15  # a spreadsheet keeps no more digits of a number
MOE_DIGITS = 10


class Grade(StrEnum):
    """How much is the matter with a cell or a row."""

    WARNING = "warning"  # it is taken, and marked
    DOUBT = "doubt"  # a person decides
    WRONG = "wrong"  # it cannot be taken


@dataclass(frozen=True)
class Note:
    """Something to be said of a cell."""

    field: str
    grade: Grade
    message: Message


@dataclass(frozen=True)
class Reading:
    """The text that the registry takes; empty where the cell says nothing."""

    text: str
    notes: tuple[Note, ...] = ()


Words = Mapping[str, str]
Reader = Callable[[Column, Cell, Words], Reading]


def read_cell(column: Column, cell: Cell, words: Words | None = None) -> Reading:
    """What a cell of this column says; `words` are the codes by the words that ledgers use for them."""
    if is_blank(cell):
        return Reading("")
    if isinstance(cell, str) and cell.strip().upper() in ERRORS:
        return _formula_error(column, cell.strip())
    said = as_typed(cell) if isinstance(cell, str) else cell
    try:
        return READERS.get(column.sort, _text)(column, said, words or {})
    except BadText as bad:
        return Reading("", (Note(column.field, Grade.WRONG, bad.message),))


def _formula_error(column: Column, text: str) -> Reading:
    """What stood there is not known; only what the registry counts or computes by itself can do without it."""
    if column.field == "seq":
        return Reading("")
    grade = Grade.WARNING if column.sort is Sort.CALC else Grade.WRONG
    return _told(column, grade, msg("This cell holds a formula error (%(text)s)", text=text))


def plain_text(cell: Cell) -> str:
    """A cell as text: whole numbers without decimals, yes and no in words."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_DIGITS:
        return str(int(cell))
    return str(cell)


def _told(column: Column, grade: Grade, message: Message, text: str = "") -> Reading:
    return Reading(text, (Note(column.field, grade, message),))


def _text(column: Column, cell: Cell, _words: Words) -> Reading:
    text = plain_text(cell).translate(WIDE)
    limit = LONGEST if column.sort is Sort.LONGTEXT else LONGEST_LINE
    cleaned = clean(text, limit, multiline=True)
    if column.field == "doc_no":
        cleaned = YEAR_IN_BRACKETS.sub(r"〔\1〕", cleaned.replace(" ", ""))
        return Reading("" if cleaned in NOTHING else cleaned)
    return Reading(cleaned if column.sort is Sort.LONGTEXT else " ".join(cleaned.split()))


def _day(column: Column, cell: Cell, _words: Words) -> Reading:
    text = MIDNIGHT.sub("", normalize("NFKC", plain_text(cell)).strip())
    if text in NOTHING or text in OPEN_ENDED:
        return Reading("长期" if text in OPEN_ENDED else "")
    if DIGITS.fullmatch(text) and int(text) in SERIALS:
        return Reading((EPOCH + timedelta(days=int(text))).isoformat())
    if isinstance(cell, float) and not cell.is_integer():
        return (
            Reading((EPOCH + timedelta(days=int(cell))).isoformat()) if int(cell) in SERIALS else _no_date(column, text)
        )
    try:
        return Reading(written_day(*read_partial(text.replace(" ", "").rstrip("。."))))
    except BadDate as bad:
        return _told(column, Grade.WRONG, bad.message)


def _no_date(column: Column, text: str) -> Reading:
    return _told(column, Grade.WRONG, msg("%(text)s is no date", text=text))


def written_day(day: date | None, precision: Precision) -> str:
    """A day as ledgers print it, as exactly as it is known: 2023-03-18, 2023年3月, 2023年."""
    if day is None:
        return ""
    if precision is Precision.MONTH:
        return f"{day.year}年{day.month}月"
    return f"{day.year}年" if precision is Precision.YEAR else day.isoformat()


def _figure(column: Column, cell: Cell, _words: Words) -> Reading:
    text = plain_text(cell).strip()
    if text in NOTHING:
        return Reading("")
    if column.unit is not None and text in OPEN_ENDED:
        return Reading("长期")
    try:
        read = read_figure(text, column.unit)
    except BadFigure as bad:
        return _told(column, Grade.WRONG, bad.message)
    return Reading(read.as_reported, tuple(Note(column.field, Grade.WARNING, doubt) for doubt in read.doubts))


def figure_of(column: Column, text: str) -> ReadFigure | None:
    """The figure that `read_cell` let pass; None for what is none."""
    try:
        return read_figure(text, column.unit) if text else None
    except BadFigure:
        return None


def same_figure(column: Column, one: str, other: str) -> bool:
    """Whether two texts say the same number with the same sign: 1,637 and 1637, 约200 and 200左右."""
    if one == other:
        return True
    first, second = figure_of(column, one), figure_of(column, other)
    if first is None or second is None or first.value is None or second.value is None:
        return False
    return Decimal(first.value) == Decimal(second.value) and first.qualifier == second.qualifier


def _yes_no(column: Column, cell: Cell, _words: Words) -> Reading:
    text = normalize("NFKC", plain_text(cell)).strip().lower()
    if text in YES or text in NO:
        return Reading("yes" if text in YES else "no")
    return _told(column, Grade.WRONG, msg("%(text)s says neither yes nor no", text=text))


def _word(column: Column, cell: Cell, words: Words) -> Reading:
    text = plain_text(cell).strip()
    code = code_of(text, words)
    if code or not words:
        return Reading(code or clean(text))
    known = "、".join(column.values)
    return _told(column, Grade.WRONG, msg("%(text)s is none of %(known)s", text=text, known=known))


def code_of(text: str, words: Words) -> str:
    """The code of a word, whatever its width and brackets; empty for a word that nobody knows."""
    plain = normalize("NFKC", text).strip().casefold()
    return words.get(plain) or words.get(plain.replace(" ", "")) or ""


def words_of(*pairs: tuple[str, str]) -> dict[str, str]:
    """A table of words for `read_cell`: word and code."""
    return {normalize("NFKC", word).strip().casefold(): code for word, code in pairs}


def parts_of(text: str) -> list[str]:
    """Several values in one cell: 校园招聘、实习基地 or 订单班/科研合作."""
    return [part.strip() for part in PARTS.split(text) if part.strip()]


def _several(_column: Column, cell: Cell, words: Words) -> Reading:
    parts = [clean(part) for part in parts_of(plain_text(cell).translate(WIDE))]
    return Reading("、".join(dict.fromkeys(code_of(part, words) or part for part in parts)))


def _organisations(_column: Column, cell: Cell, _words: Words) -> Reading:
    parts = [clean(part) for part in re.split(r"[、；;，,\n|]+", plain_text(cell).translate(WIDE)) if part.strip()]
    return Reading("；".join(dict.fromkeys(parts)))


def code_damage(cell: Cell) -> Message | None:
    """Why a code is not what was typed: a spreadsheet program took it for a number."""
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= EXACT_DIGITS):
        return msg("The spreadsheet program made a number of this code and lost its last digits: format as text")
    if isinstance(cell, str) and DAMAGED.fullmatch(cell.strip()):
        text = cell.strip()
        return msg("%(text)s was a code before a spreadsheet program made a number of it: format as text", text=text)
    return None


def _moe_code(column: Column, cell: Cell, _words: Words) -> Reading:
    damage = code_damage(cell)
    text = re.sub(r"\s", "", normalize("NFKC", plain_text(cell)))
    if damage or text in NOTHING:
        return _told(column, Grade.WRONG, damage) if damage else Reading("")
    if not DIGITS.fullmatch(text) or len(text) not in (5, MOE_DIGITS):
        return _told(
            column, Grade.WRONG, msg("A school code has 10 digits; leading zeros are lost where it is a number")
        )
    return Reading(text)


def _credit_code(column: Column, cell: Cell, _words: Words) -> Reading:
    damage = code_damage(cell)
    if damage:
        return _told(column, Grade.WRONG, damage)
    text = uscc.normalise(plain_text(cell))
    if text in NOTHING or uscc.is_valid(text):
        return Reading("" if text in NOTHING else text)
    if len(text) > MOST_OF_CODE:
        return _told(column, Grade.WRONG, msg("This is no credit code"))
    return _told(column, Grade.WARNING, msg("The credit code %(code)s fails its check character", code=text), text)


MOST_OF_CODE = 30


def _phone(column: Column, cell: Cell, _words: Words) -> Reading:
    text = plain_text(cell).strip()
    if "*" in text or normalize("NFKC", text) in NOTHING:
        return Reading("")  # what was exported masked says nothing new
    found = phones.normalise(text)
    if not found:
        return _told(column, Grade.WARNING, msg("This is no phone number of this country; it is left out"))
    return Reading(found)


READERS: Mapping[Sort, Reader] = {
    Sort.DATE: _day,
    Sort.INT: _figure,
    Sort.DECIMAL: _figure,
    Sort.BOOL: _yes_no,
    Sort.ENUM: _word,
    Sort.MULTI: _several,
    Sort.ORG_MULTI: _organisations,
    Sort.CODE10: _moe_code,
    Sort.USCC: _credit_code,
    Sort.PHONE: _phone,
}
