"""The ledgers and their columns, read once from data/ledger_columns.csv: templates, mapping, import and export use it.

台账定义：表头、类型、同义词、取值。
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from ..core.figures.kinds import Unit
from ..core.i18n import Either

COLUMNS_FILE = Path(__file__).with_name("data") / "ledger_columns.csv"
NAMES = {
    "agreement": ("校地合作协议台账", "Agreement ledger"),
    "workstation": ("人才合作工作站台账", "Workstation ledger"),
    "docking": ("对接合作机制台账", "Docking mechanism ledger"),
    "visit_enterprise": ("访企拓岗台账", "Ledger of visits to employers"),
    "recruitment": ("招聘活动台账", "Recruitment activity ledger"),
    "enterprise_docking": ("企业对接台账", "Enterprise docking ledger"),
    "task": ("任务清单（督办）台账", "Task and supervision ledger"),
    "follow_up": ("回访（跟踪走访）台账", "Follow-up visit ledger"),
    "seal": ("用印登记簿", "Seal-use register"),
    "base": ("就业见习/实习基地台账", "Trainee and internship base ledger"),
}


class Sort(StrEnum):
    """What kind of thing a column holds."""

    TEXT = "text"
    LONGTEXT = "longtext"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    ENUM = "enum"
    BOOL = "bool"
    MULTI = "multi"
    ORG = "org"
    ORG_MULTI = "org_multi"
    REGION = "region"
    CODE10 = "code10"
    USCC = "uscc"
    PHONE = "phone"
    INDUSTRY = "gbt4754"
    REF = "ref"
    FILES = "files"
    CALC = "calc"


@dataclass(frozen=True)
class Column:
    """One column: its field, what it holds, what it may be called, the words that it may say."""

    field: str
    sort: Sort
    header: str
    header_en: str
    required: bool = False
    auto: bool = False
    unit: Unit | None = None
    synonyms: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def label(self) -> Either:
        """Its heading for the reader."""
        return Either(self.header, self.header_en)


@dataclass(frozen=True)
class Ledger:
    """One ledger."""

    code: str
    title: Either
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column:
        """The column of a field. Raises KeyError."""
        return self.by_field[field]

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """The columns by their fields."""
        return {column.field: column for column in self.columns}


def ledger(code: str) -> Ledger:
    """One ledger. Raises KeyError."""
    return ledgers()[code]


@cache
def ledgers() -> Mapping[str, Ledger]:
    """All ledgers by code, in the order in which offices list them."""
    found: dict[str, list[Column]] = {code: [] for code in NAMES}
    with COLUMNS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["ledger"]].append(_column(row))
    return MappingProxyType(
        {code: Ledger(code, Either(*NAMES[code]), tuple(columns)) for code, columns in found.items()}
    )


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        row["field"],
        Sort(row["type"]),
        row["header_zh"],
        row["header_en"],
        required=row["required"] == "yes",
        auto=row["required"] == "auto",
        unit=Unit(row["unit"]) if row["unit"] else None,
        synonyms=_list(row["synonyms"]),
        values=_list(row["values"]),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
