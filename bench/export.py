"""What the export of a long list costs: every visit as XLSX, against bare xlsxwriter with the same cells.

    python -m bench.export FOLDER [--address /visits/export]

The folder is one that `bench.plenty` or `bench.scale --keep` filled. Rows a second of processor time, each side in a
process of its own, so that the memory is its own. Goals: 0.8 × bare xlsxwriter, 150 MB more than before it began.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from registry.core.config import ROOT

from .alone import peak_memory
from .plenty import READ_BY
from .rates import served
from .scale import readers_of

GOAL, MOST_MB = 0.8, 150
READER = "province"


@dataclass(frozen=True)
class Written:
    """One side: rows a second, how many, and MB of memory: before it began, and at most."""

    rate: float
    rows: int
    before: float
    memory: float


def ours(folder: Path, address: str, file: Path) -> Written:
    """The registry's own export, as somebody of the province who sees nearly everything asks for it."""
    app = served(folder)
    app.config["WTF_CSRF_ENABLED"] = False  # nobody is at a browser
    names = {READER: json.loads((folder / READ_BY).read_text())[READER]}
    client = readers_of(app, names)[READER].client
    client.get("/visits")
    before, started = peak_memory(), time.process_time()
    with client.post(address, data={"format": "xlsx"}) as answer:
        assert answer.status_code == 200, answer.status
        with file.open("wb") as kept:
            kept.writelines(answer.iter_encoded())
    took, memory = time.process_time() - started, peak_memory()
    rows = len(cells_of(file)) - 1
    return Written(rows / took, rows, before, memory)


def bare(file: Path) -> Written:
    """The same cells by xlsxwriter alone."""
    cells = cells_of(file)
    before, started = peak_memory(), time.process_time()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file.with_name("bare.xlsx"), options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    return Written((len(cells) - 1) / (time.process_time() - started), len(cells) - 1, before, peak_memory())


def cells_of(file: Path) -> list[list[Any]]:
    """What stands in the first sheet."""
    found: list[list[Any]] = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    return found


def main(arguments: Sequence[str]) -> int:
    """Compare and tell; 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="/visits/export")
    parser.add_argument("--side", choices=("ours", "bare"))
    parser.add_argument("--file", type=Path)
    given = parser.parse_args(arguments)
    if given.side:
        side = ours(given.folder, given.address, given.file) if given.side == "ours" else bare(given.file)
        print(json.dumps(asdict(side)))
        return 0
    with TemporaryDirectory() as folder:
        sides = {one: _alone(one, given, Path(folder) / "ours.xlsx") for one in ("ours", "bare")}
    return _tell(sides["ours"], sides["bare"])


def _alone(side: str, given: argparse.Namespace, file: Path) -> Written:
    command = [sys.executable, "-m", "bench.export", str(given.folder), "--address", given.address]
    done = subprocess.run(
        [*command, "--side", side, "--file", str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return Written(**json.loads(done.stdout.splitlines()[-1]))


def _tell(mine: Written, other: Written) -> int:
    ratio = mine.rate / other.rate
    print(f"{mine.rows:,} rows: {mine.rate:,.0f} a second, {ratio:.2f} × bare xlsxwriter ({other.rate:,.0f})")
    print(f"{mine.memory:.0f} MB at most, {mine.before:.0f} MB before it began")
    is_reached = ratio >= GOAL and mine.memory - mine.before <= MOST_MB
    print("goals reached" if is_reached else f"MISSED: at least {GOAL} × and at most {MOST_MB} MB more")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
