"""Figures of bench.scale as a table of ratios."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# What pages cost as the registry grows

Written by `python -m bench.scale --write bench/RESULTS.md` on {day}. Figures are multiples of what the empty endpoint
`/healthz` costs in the same process and the same minutes, lower quartiles of many rounds. The machine was shared by
several people: times in milliseconds would say nothing, and a few tenths either way are noise. *growth* is the largest
size by the smallest. `bench/plenty.py` made the data: {sizes} agreements with two to five parties and all that hangs on
them, a visit for each, an activity for every five, a docking case and a task for every ten, an enterprise for every
twenty, a mechanism for every thirty, a workstation for every fifty, and two thousand relationships.

"""


@dataclass(frozen=True)
class Figure:
    """A page as somebody sees it, as a multiple of the floor, and in milliseconds of processor time."""

    page: str
    reader: str
    ratio: float
    milliseconds: float = 0


def with_section(page: str, heading: str, body: str) -> str:
    """The page with a section of its own at the end, in place of the one of the same heading that was there."""
    kept = page.partition(f"{heading}\n")[0].rstrip()
    return f"{kept}\n\n{heading}\n\n{body}"


@dataclass
class Results:
    """Figures by page, reader, database and size."""

    sizes: Sequence[int]
    databases: Sequence[str]
    figures: dict[tuple[str, str], dict[tuple[str, int], Figure]] = field(default_factory=dict)

    def add(self, database: str, size: int, figures: Iterable[Figure]) -> None:
        """Take in what was measured on one database at one size."""
        for one in figures:
            self.figures.setdefault((one.page, one.reader), {})[database, size] = one

    def table(self) -> str:
        """As Markdown."""
        heads = [f"{NAMES[one]} {size:,}" for one in self.databases for size in self.sizes]
        growth = [f"{NAMES[one]} growth" for one in self.databases] if len(self.sizes) > 1 else []
        lines = [f"| page | reader | {' | '.join([*heads, *growth])} |", "|---|---|" + "---|" * len([*heads, *growth])]
        for (page, reader), found in self.figures.items():
            told = [found[one, size] for one in self.databases for size in self.sizes]
            cells = [f"{one.ratio:.1f} ({one.milliseconds:.0f})" for one in told]
            cells += [f"{self._growth(found, one):.2f}" for one in self.databases] if growth else []
            lines.append(f"| {page} | {reader} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def page(self) -> str:
        """The whole page."""
        day = datetime.now(UTC).date().isoformat()
        sizes = " and ".join(f"{size:,}" for size in self.sizes)
        return HEAD.format(day=day, sizes=sizes) + self.table()

    def grown(self, most: float) -> list[str]:
        """Pages that cost more than `most` times as much at the largest size."""
        if len(self.sizes) < 2:
            return []
        return [
            f"{page}, {reader}, {database}: {self._growth(found, database):.2f}"
            for (page, reader), found in self.figures.items()
            for database in self.databases
            if self._growth(found, database) > most
        ]

    def _growth(self, found: dict[tuple[str, int], Figure], database: str) -> float:
        return found[database, max(self.sizes)].ratio / found[database, min(self.sizes)].ratio
