"""What ledgers cost in and out: rows a second and memory, beside what the libraries alone need in the same process.

    python -m bench.ledgers [--databases sqlite postgresql] [--rows 10000] [--exported 100000] [--write RESULTS.md]

In: a workbook of so many agreements and one of visits, read, checked row by row outside of any transaction, and
entered in one; the floors are python-calamine reading the same file, and a plain executemany of the same records with
what belongs to them (parties, figures), but without readers, audit and all that is told of them. Out: the
ledger of all agreements that a bureau of the province sees as XLSX; the floor is xlsxwriter writing the same cells in
constant memory. Each part runs in a process of its own, so that its memory is its own.

Rates are rows in a second of the processor, and in one of the clock. On a machine that others use too the clock says
more of them than of the registry; the processor is what the work takes anywhere.
"""

import argparse
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine
import xlsxwriter
from sqlalchemy import select

import registry.models  # noqa: F401 - mappers speak of each other by name
from registry.accounts.models import User
from registry.core.db import db, transaction
from registry.ledgers import jobs
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.models import ImportBatch
from registry.ledgers.reading.workbook import find_ledger, open_book
from registry.ledgers.services import batches
from registry.ledgers.services.batches import Dropped
from registry.ledgers.targets.catalogue import target
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus

from .alone import forget_peak, peak_memory
from .ledgers_bare import bare_rows
from .ledgers_out import export
from .plenty import fill, user
from .rates import Figures, Took, moment, rates, served, since, spent
from .results import NAMES, with_section
from .scale import place

SECTION = "# What ledgers cost, in and out"
FEW = 200  # agreements that are there already when a ledger comes in
FIRST = date(2015, 1, 1)


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
    """The ledger of agreements of a bureau; goals, phones and remarks are said once each, as in a real one."""
    head = ("序号", "协议名称", "协议类型", "甲方", "乙方", "签约日期", "有效期（年）", "量化目标", "联系电话", "备注")

    def lines(own: Organisation, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        for number, school in zip(range(size), cycle(names), strict=False):
            day = FIRST + timedelta(days=number % 3_000)
            goals = f"每年招聘会{number % 7 + 1}场，岗位约{number + 100}个"
            yield (number + 1, f"例市与{school}第{number}次合作协议", "校地合作协议", own.name_zh, school,
                   f"{day:%Y.%m.%d}", f"{number % 5 + 1}年", goals, f"138{number:08}", f"例{number}")  # fmt: skip

    return _incoming("agreement", url, folder, OrganisationKind.HR_BUREAU, head, lines)


def visits(url: str, folder: Path, size: int) -> Figures:
    """访企拓岗 of a university, to employers most of which the directory does not know."""
    head = ("序号", "走访日期", "走访单位名称", "走访形式", "带队领导", "职务", "拓展就业岗位数", "后续工作及责任人")

    def lines(_own: Organisation, _names: Sequence[str]) -> Iterator[Sequence[Any]]:
        for number in range(size):
            day = FIRST + timedelta(days=number % 3_000)
            firm = f"例行走访{number % 4_000}有限公司"
            posts = f"约{number % 500 + 1}"
            yield number + 1, f"{day:%Y%m%d}", firm, "实地", f"甲某{number % 90}", "校长", posts, f"六月签协议{number}"

    return _incoming("visit_enterprise", url, folder, OrganisationKind.UNIVERSITY, head, lines)


def _incoming(
    code: str, url: str, folder: Path, kind: OrganisationKind, head: Sequence[str],
    lines: Callable[[Organisation, Sequence[str]], Iterator[Sequence[Any]]],
) -> Figures:  # fmt: skip
    app = served(folder, url)
    with app.app_context():
        cast = fill(FEW)
        by = user(cast.readers["bureau" if kind is OrganisationKind.HR_BUREAU else "school"])
        rows = list(lines(by.organisation, _active(cast.schools)))
        data = _workbook([head, *rows])
        batch_id, before = _dropped(code, data, by), forget_peak()
        checking = spent(lambda: jobs.check(_payload(batch_id)))
        batch = _batch(batch_id)
        if batch.count(RowState.NEW) != len(rows):
            raise RuntimeError(f"{code}: {batch.counts} {batch.error}")
        checked = peak_memory()
        forget_peak()
        with transaction():
            batches.confirm(_batch(batch_id), target(code), by)
        with _held() as held:
            jobs.enter({"batch": batch_id, "actor": by.id})
        if _batch(batch_id).state is not BatchState.ENTERED:
            raise RuntimeError(_batch(batch_id).error)
        entered = peak_memory()
        return {
            f"{code}_memory": max(checked, entered),
            f"{code}_grown": max(checked, entered) - before,
            **rates(f"{code}_read", len(rows), spent(lambda: _read(data))),
            **rates(f"{code}_checked", len(rows), checking),
            **rates(f"{code}_entered", len(rows), max(held)),
            **rates(f"{code}_bare", len(rows), bare_rows(code, len(rows))),
        }


def _active(organisation_ids: Sequence[int]) -> Sequence[str]:
    found = select(Organisation.name_zh).where(Organisation.id.in_(organisation_ids))
    return db.session.scalars(found.where(Organisation.status == OrganisationStatus.ACTIVE)).all()


@contextmanager
def _held() -> Iterator[list[Took]]:
    """How long transactions of the job hold their turn to write, from its beginning to the end of the commit."""
    found: list[Took] = []

    @contextmanager
    def timed() -> Iterator[None]:
        with transaction():
            started = moment()
            yield
        found.append(since(started))

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


def _read(data: bytes) -> list[list[Any]]:
    return list(python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("台账")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


PARTS: dict[str, Callable[[str, Path, int], Figures]] = {
    "agreements": agreements,
    "visits": visits,
    "export": export,
}


def table(found: dict[str, Figures], rows: int, exported: int) -> str:
    """As Markdown."""
    kinds = list(found)
    lines = [
        f"Written by `python -m bench.ledgers`. {rows:,} rows in, {exported:,} agreements in the registry going out.",
        "Rows in a second of the processor, and by the clock.",
        "",
        f"| | {' | '.join(NAMES[one] for one in kinds)} |",
        "|---|" + "---|" * len(kinds),
    ]
    for told, cell in LINES:
        lines.append(f"| {told} | {' | '.join(cell(found[one]) for one in kinds)} |")
    return "\n".join(lines) + "\n"


def _rate(name: str, floor: str) -> Callable[[Figures], str]:
    return lambda found: (
        f"{found[name]:,.0f} ({found[name] / found[floor]:.2f} of the floor), by the clock "
        f"{found[name + '_by_clock']:,.0f} ({found[name + '_by_clock'] / found[floor + '_by_clock']:.2f})"
    )


def _memory(name: str) -> Callable[[Figures], str]:
    return lambda found: f"{found[name + '_grown']:,.0f} MB more, {found[name + '_memory']:,.0f} MB in all"


LINES: Sequence[tuple[str, Callable[[Figures], str]]] = (
    ("agreements checked; floor: calamine reads them", _rate("agreement_checked", "agreement_read")),
    ("agreements entered, in the transaction; floor: bare rows", _rate("agreement_entered", "agreement_bare")),
    ("memory of both", _memory("agreement")),
    ("visits checked; floor: calamine reads them", _rate("visit_enterprise_checked", "visit_enterprise_read")),
    ("visits entered, in the transaction; floor: bare rows",
     _rate("visit_enterprise_entered", "visit_enterprise_bare")),
    ("memory of both", _memory("visit_enterprise")),
    ("agreements out as XLSX; floor: xlsxwriter alone", _rate("exported", "export_bare")),
    ("memory of it", _memory("export")),
    ("agreements out as CSV; floor: csv alone", _rate("csv", "csv_bare")),
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
