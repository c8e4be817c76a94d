"""Figures of bench.scale as a table of ratios."""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# What pages cost as the registry grows

Written by `python -m bench.scale --write bench/RESULTS.md` on {day}, but for what follows the table.

A figure is what a page costs as a multiple of the empty endpoint `/healthz` in the same process and the same minutes,
and in brackets the milliseconds of processor time: of the program, SQLite within it, and of the PostgreSQL processes
that serve it. Lower quartiles of {rounds} rounds in which every page is asked once. *growth* is the ratio at the
largest size by that at the smallest; a third either way is noise where the machine is shared.

`bench/plenty.py` made the data: {sizes} agreements
with two to five parties and all that hangs on them: a visit for each, promises with periods for those in force, an
activity for every five, a docking case and a task for every ten, an enterprise for every twenty, a mechanism for every
thirty, a workstation for every fifty. The province sees nearly all, a bureau a sixteenth, a university a hundredth.

"""


@dataclass(frozen=True)
class Figure:
    """A page as somebody sees it, as a multiple of the floor, and in milliseconds of processor time."""

    page: str
    reader: str
    ratio: float
    milliseconds: float = 0

    @property
    def told(self) -> str:
        """As a cell of the table."""
        return f"{self.ratio:.1f} ({self.milliseconds:.0f})"


def with_section(page: str, heading: str, body: str) -> str:
    """The page with a section of its own at the end, in place of the one of the same heading that was there."""
    kept = page.partition(f"{heading}\n")[0].rstrip()
    return f"{kept}\n\n{heading}\n\n{body}"


@dataclass
class Results:
    """Figures by page, reader, database and size."""

    rounds: int = 1
    figures: dict[tuple[str, str], dict[tuple[str, int], Figure]] = field(default_factory=dict)

    def add(self, database: str, size: int, figures: Iterable[Figure]) -> None:
        """Take in what was measured on one database at one size."""
        for one in figures:
            self.figures.setdefault((one.page, one.reader), {})[database, size] = one

    def remember(self, file: Path) -> None:
        """Take in what earlier runs left in the file, but for what was measured now, and leave all of it there."""
        now, self.figures = self.figures, {}
        for database, size, *told in json.loads(file.read_text()) if file.exists() else []:
            self.add(database, size, [Figure(*told)])
        for found in now.values():
            for (database, size), one in found.items():
                self.add(database, size, [one])
        every = [(*key, *astuple(one)) for found in self.figures.values() for key, one in found.items()]
        file.write_text(json.dumps(every, ensure_ascii=False, indent=0))

    @property
    def sizes(self) -> list[int]:
        """From the smallest."""
        return sorted({size for found in self.figures.values() for _database, size in found})

    @property
    def databases(self) -> list[str]:
        """SQLite first."""
        return sorted({database for found in self.figures.values() for database, _size in found}, reverse=True)

    def table(self) -> str:
        """As Markdown."""
        columns = [(one, size) for one in self.databases for size in self.sizes]
        columns = [one for one in columns if any(one in found for found in self.figures.values())]
        heads = [f"{NAMES[one]} {size:,}" for one, size in columns]
        growth = [f"{NAMES[one]} growth" for one in self.databases] if len(self.sizes) > 1 else []
        lines = [f"| page | reader | {' | '.join([*heads, *growth])} |", "|---|---|" + "---|" * len([*heads, *growth])]
        for (page, reader), found in self.figures.items():
            cells = [
                f"{found[one].ratio:.1f} ({found[one].milliseconds:.0f})" if one in found else "" for one in columns
            ]
            cells += [self._told_growth(found, one) for one in self.databases] if growth else []
            lines.append(f"| {page} | {reader} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def page(self) -> str:
        """The whole page."""
        day = datetime.now(UTC).date().isoformat()
        *some, last = [f"{size:,}" for size in self.sizes]
        sizes = f"{', '.join(some)} and {last}" if some else last
        return HEAD.format(day=day, sizes=sizes, rounds=self.rounds) + self.table()

    def grown(self, most: float) -> list[str]:
        """Pages that cost more than `most` times as much at the largest size."""
        return [
            f"{page}, {reader}, {database}: {growth:.2f}"
            for (page, reader), found in self.figures.items()
            for database in self.databases
            if (growth := self._growth(found, database)) and growth > most
        ]

    def _growth(self, found: dict[tuple[str, int], Figure], database: str) -> float | None:
        """Of the largest by the smallest size at which the page was measured on the database; None of one size."""
        sizes = sorted(size for one, size in found if one == database)
        return found[database, sizes[-1]].ratio / found[database, sizes[0]].ratio if len(sizes) > 1 else None

    def _told_growth(self, found: dict[tuple[str, int], Figure], database: str) -> str:
        growth = self._growth(found, database)
        return f"{growth:.2f}" if growth else ""
