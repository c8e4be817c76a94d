"""What the ledger of all agreements costs on its way out; a part of `bench.ledgers`."""

import csv
import random
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter

import registry.models  # noqa: F401 - mappers speak of each other by name
from registry.accounts.models import User
from registry.core.db import transaction
from registry.ledgers import exporting
from registry.ledgers.targets.base import Target
from registry.ledgers.targets.catalogue import target
from registry.ledgers.writing import OPTIONS, write_csv, write_ledger
from registry.records.signed import signed_by

from .alone import forget_peak, peak_memory
from .plenty import SEED, user
from .rates import Figures, rates, served, spent
from .rows import agreements as agreement_rows
from .rows.cast import Cast, cast_of
from .rows.writing import analyse, sizes, write


def export(url: str, folder: Path, size: int) -> Figures:
    """All agreements that somebody of the province sees, out as XLSX and as CSV."""
    app = served(folder, url)
    with app.app_context():
        by = user(_only_agreements(size).readers["province"])
        where = target("agreement")
        some = [list(cells) for cells in islice(_cells(where, by), 500)]
        before = forget_peak()
        with TemporaryFile() as file:
            xlsx = spent(lambda: write_ledger(file, where.ledger, exporting.rows_of(where, by), signed_by(by)))
        after = peak_memory()
        with TemporaryFile() as file:
            text = spent(lambda: write_csv(file, where.ledger, exporting.rows_of(where, by)))
        number = sum(1 for _row in exporting.rows_of(where, by))
        with TemporaryFile() as file:
            bare = spent(lambda: _bare_ledger(file, islice(cycle(some), number)))
        with TextIOWrapper(TemporaryFile(), encoding="utf-8", newline="") as lines:
            bare_text = spent(lambda: csv.writer(lines).writerows(islice(cycle(some), number)))
        return {
            "export_rows": number, "export_memory": after, "export_grown": after - before,
            **rates("exported", number, xlsx), **rates("export_bare", number, bare),
            **rates("csv", number, text), **rates("csv_bare", number, bare_text),
        }  # fmt: skip


def _only_agreements(number: int) -> Cast:
    """Without what hangs on them: nothing of that is in their ledger."""
    cast, first = cast_of(max(number // 20, 5), random.Random(SEED)), 1  # noqa: S311 - no secret
    for size in sizes(number):
        with transaction():
            write(agreement_rows.rows(agreement_rows.agreements(first, size, cast), cast))
        first += size
    analyse()
    return cast


def _cells(where: Target, by: User) -> Iterator[list[Any]]:
    """The rows of the ledger with each cell in its column."""
    for number, said in enumerate(exporting.rows_of(where, by), start=1):
        yield [number if one.field == "seq" else said.get(one.field, "") for one in where.ledger.columns]


def _bare_ledger(file: Any, rows: Iterator[Sequence[Any]]) -> None:
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
