"""What ledgers cost in and out: rows a second and memory, beside what the libraries alone need in the same process.

    python -m bench.ledgers [--databases sqlite postgresql] [--rows 10000] [--exported 100000] [--write RESULTS.md]

In: a workbook of so many agreements and one of visits, read, checked row by row outside of any transaction, and
entered in one; the floors are python-calamine reading the same file, and one bare INSERT of as many rows. Out: the
ledger of all agreements that a bureau of the province sees as XLSX; the floor is xlsxwriter writing the same cells in
constant memory. Each part runs in a process of its own, so that its memory is its own. Times of a shared machine say
little; ratios hold.
"""

import argparse
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import python_calamine
import xlsxwriter
from sqlalchemy import insert, select, text

import registry.models  # noqa: F401 - mappers speak of each other by name
from registry.accounts.models import User
from registry.core.db import db, transaction
from registry.ledgers import exporting, jobs
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.models import ImportBatch, ImportRow
from registry.ledgers.reading.workbook import find_ledger, open_book
from registry.ledgers.services import batches
from registry.ledgers.services.batches import Dropped
from registry.ledgers.targets.catalogue import target
from registry.ledgers.writing import OPTIONS, write_ledger
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from registry.records.signed import signed_by

from .alone import peak_memory
from .plenty import application, fill, user
from .results import NAMES, with_section
from .scale import place

SECTION = "# What ledgers cost, in and out"
FEW = 200  # agreements that are there already when a ledger comes in
FIRST = date(2015, 1, 1)
Figures = dict[str, float]


def main(arguments: Sequence[str]) -> int:
    """Measure each part in a process of its own; tell, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--exported", type=int, default=100_000)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--part", nargs=4, metavar=("NAME", "URL", "FOLDER", "SIZE"))
    given = parser.parse_args(arguments)
    if given.part:
        name, url, folder, size = given.part
        print(json.dumps(PARTS[name](url, Path(folder), int(size))))
        return 0
    found = {kind: measured(kind, given.rows, given.exported) for kind in given.databases}
    told = table(found, given.rows, given.exported)
    print(told)
    if given.write:
        given.write.write_text(with_section(given.write.read_text(), SECTION, told))
    return 0


def measured(kind: str, rows: int, exported: int) -> Figures:
    """All parts on one database."""
    figures: Figures = {}
    with TemporaryDirectory(prefix="ledgers-", ignore_cleanup_errors=True) as folder, place(kind) as at:
        for number, (name, size) in enumerate((("agreements", rows), ("visits", rows), ("export", exported))):
            asked = [name, at(number), str(Path(folder) / name), str(size)]
            command = [sys.executable, "-m", "bench.ledgers", "--part", *asked]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            figures |= json.loads(done.stdout.splitlines()[-1])
    return figures


def agreements(url: str, folder: Path, size: int) -> Figures:
    """The ledger of agreements of a bureau."""
    head = ("序号", "协议名称", "协议类型", "甲方", "乙方", "签约日期", "有效期（年）", "量化目标", "联系电话", "备注")

    def lines(own: Organisation, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        for number, school in zip(range(size), cycle(names), strict=False):
            day = FIRST + timedelta(days=number % 3_000)
            yield (number + 1, f"例市与{school}第{number}次合作协议", "校地合作协议", own.name_zh, school,
                   f"{day:%Y.%m.%d}", "3年", "每年招聘会2场，岗位约500个", "13800138000", "例")  # fmt: skip

    return _incoming("agreement", url, folder, OrganisationKind.HR_BUREAU, head, lines)


def visits(url: str, folder: Path, size: int) -> Figures:
    """访企拓岗 of a university, to employers most of which the directory does not know."""
    head = ("序号", "走访日期", "走访单位名称", "走访形式", "带队领导", "职务", "拓展就业岗位数", "后续工作及责任人")

    def lines(_own: Organisation, _names: Sequence[str]) -> Iterator[Sequence[Any]]:
        for number in range(size):
            day = FIRST + timedelta(days=number % 3_000)
            firm = f"例行走访{number % 4_000}有限公司"
            yield number + 1, f"{day:%Y%m%d}", firm, "实地", "甲某", "校长", "约30", "六月签协议"

    return _incoming("visit_enterprise", url, folder, OrganisationKind.UNIVERSITY, head, lines)


def _incoming(
    code: str, url: str, folder: Path, kind: OrganisationKind, head: Sequence[str],
    lines: Callable[[Organisation, Sequence[str]], Iterator[Sequence[Any]]],
) -> Figures:  # fmt: skip
    app = application(folder, url)
    with app.app_context():
        cast = fill(FEW)
        by = user(cast.readers["bureau" if kind is OrganisationKind.HR_BUREAU else "school"])
        rows = list(lines(by.organisation, _active(cast.schools)))
        data = _workbook([head, *rows])
        batch_id, before = _dropped(code, data, by), peak_memory()
        checking = _took(lambda: jobs.check(_payload(batch_id)))
        batch = _batch(batch_id)
        if batch.count(RowState.NEW) != len(rows):
            raise RuntimeError(f"{code}: {batch.counts} {batch.error}")
        checked = peak_memory()
        with transaction():
            batches.confirm(_batch(batch_id), target(code), by)
        with _held() as held:
            jobs.enter({"batch": batch_id, "actor": by.id})
        if _batch(batch_id).state is not BatchState.ENTERED:
            raise RuntimeError(_batch(batch_id).error)
        return {
            f"{code}_read": len(rows) / _took(lambda: _read(data)),
            f"{code}_checked": len(rows) / checking,
            f"{code}_memory": checked,
            f"{code}_grown": checked - before,
            f"{code}_entered": len(rows) / max(held),
            f"{code}_bare": len(rows) / _bare(batch_id, len(rows)),
        }


def _active(organisation_ids: Sequence[int]) -> Sequence[str]:
    found = select(Organisation.name_zh).where(Organisation.id.in_(organisation_ids))
    return db.session.scalars(found.where(Organisation.status == OrganisationStatus.ACTIVE)).all()


@contextmanager
def _held() -> Iterator[list[float]]:
    """How long transactions of the job hold their turn to write, each in seconds."""
    found: list[float] = []

    @contextmanager
    def timed() -> Iterator[None]:
        with transaction():
            started = time.perf_counter()
            yield
        found.append(time.perf_counter() - started)

    setattr(jobs, "transaction", timed)  # noqa: B010 - the job's own name for it
    try:
        yield found
    finally:
        setattr(jobs, "transaction", transaction)  # noqa: B010


def _dropped(code: str, data: bytes, by: User) -> int:
    found = find_ledger(open_book(data), target(code).ledger)
    if found is None:
        raise RuntimeError("no ledger")
    dropped = Dropped("bench.xlsx", sha256(data).hexdigest(), batches.keep(data), found)
    with transaction():
        return batches.begin(dropped, target(code), by).id


def _payload(batch_id: int) -> dict[str, Any]:
    return {"batch": batch_id, "run": _batch(batch_id).run}


def _batch(batch_id: int) -> ImportBatch:
    return db.session.get_one(ImportBatch, batch_id, populate_existing=True)


def _bare(batch_id: int, size: int) -> float:
    """One plain executemany of as many rows, rolled back."""
    row = {"batch_id": batch_id, "state": RowState.NEW, "values": {"title": "例" * 20}}
    rows = [{**row, "number": 1_000_000 + number} for number in range(size)]
    started = time.perf_counter()
    db.session.execute(insert(ImportRow), rows)
    took = time.perf_counter() - started
    db.session.rollback()
    return took


def _read(data: bytes) -> list[list[Any]]:
    return list(python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("台账")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def export(url: str, folder: Path, size: int) -> Figures:
    """All agreements that somebody of the province sees, out."""
    app = application(folder, url)
    with app.app_context():
        cast = fill(size)
        by = user(cast.readers["province"])
        where, before = target("agreement"), peak_memory()
        db.session.execute(text("SELECT 1"))
        counted = [0]

        def rows() -> Iterator[Any]:
            for row in exporting.rows_of(where, by):
                counted[0] += 1
                yield row

        with TemporaryFile() as file:
            ours = _took(lambda: write_ledger(file, where.ledger, rows(), signed_by(by)))
        after = peak_memory()
        some = [list(row.values()) for row in islice(exporting.rows_of(where, by), 500)]
        with TemporaryFile() as file:
            bare = _took(lambda: _bare_ledger(file, islice(cycle(some), counted[0])))
        return {"exported": counted[0] / ours, "export_bare": counted[0] / bare, "export_rows": counted[0],
                "export_memory": after, "export_grown": after - before}  # fmt: skip


def _bare_ledger(file: Any, rows: Iterator[Sequence[Any]]) -> None:
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


PARTS: dict[str, Callable[[str, Path, int], Figures]] = {
    "agreements": agreements,
    "visits": visits,
    "export": export,
}


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def table(found: dict[str, Figures], rows: int, exported: int) -> str:
    """As Markdown."""
    kinds = list(found)
    lines = [
        f"Written by `python -m bench.ledgers`. {rows:,} rows in, {exported:,} agreements in the registry going out.",
        "",
        f"| | {' | '.join(NAMES[one] for one in kinds)} |",
        "|---|" + "---|" * len(kinds),
    ]
    for told, cell in LINES:
        lines.append(f"| {told} | {' | '.join(cell(found[one]) for one in kinds)} |")
    return "\n".join(lines) + "\n"


def _rate(name: str, floor: str) -> Callable[[Figures], str]:
    return lambda found: f"{found[name]:,.0f} a second ({found[name] / found[floor]:.2f} of the floor)"


def _memory(name: str) -> Callable[[Figures], str]:
    return lambda found: f"{found[name + '_memory']:,.0f} MB ({found[name + '_grown']:+,.0f})"


LINES: Sequence[tuple[str, Callable[[Figures], str]]] = (
    ("agreements checked; floor: calamine reads them", _rate("agreement_checked", "agreement_read")),
    ("memory of checking them (grown by)", _memory("agreement")),
    ("agreements entered, in the transaction; floor: one bare INSERT", _rate("agreement_entered", "agreement_bare")),
    ("visits checked; floor: calamine reads them", _rate("visit_enterprise_checked", "visit_enterprise_read")),
    ("memory of checking them (grown by)", _memory("visit_enterprise")),
    ("visits entered, in the transaction; floor: one bare INSERT",
     _rate("visit_enterprise_entered", "visit_enterprise_bare")),
    ("agreements exported as XLSX; floor: xlsxwriter alone", _rate("exported", "export_bare")),
    ("memory of the export (grown by)", _memory("export")),
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
