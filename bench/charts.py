"""What a chart costs through the drawing process and from the cache, beside the bare library, in the same run.

    python -m bench.charts [--rounds 15] [--fonts instance/fonts]

The floor is the same specification given to vl-convert in this process: nothing cleaned, nothing kept. Lower quartiles
of rounds that take turns, so that a busy machine is busy for all. Ends with 1 where a goal is missed.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import vl_convert
from flask import Flask

from registry.app import create_app
from registry.core.config import DEMO_SECRET, ROOT, Settings
from registry.dashboards.charts import Chart, Row, bars, bars_and_line, funnel
from registry.dashboards.drawing.worker import VEGA_LITE

MONTHS, PLACES, STAGES = 12, 15, 8
THREADS = 4  # as many as the server has
ALONE = """
import sys, vl_convert
vl_convert.vegalite_to_svg(sys.stdin.read(), vl_version=sys.argv[1])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@dataclass(frozen=True)
class Figure:
    """Something as a multiple of the floor, and what it must not exceed."""

    name: str
    ratio: float
    goal: float

    @property
    def is_missed(self) -> bool:
        """Whether it costs more than it may."""
        return self.ratio > self.goal

    def __str__(self) -> str:
        """A row of a table in Markdown."""
        return f"| {self.name} | {self.ratio:.3f} | ≤ {self.goal:g}{', missed' if self.is_missed else ''} |"


@dataclass(frozen=True)
class Spent:
    """Seconds of each turn."""

    bare: list[float]
    drawn: list[float]
    png: list[float]
    kept: list[float]
    page: list[float]


def charts(turn: int) -> list[Chart]:
    """The charts of an overview, with other figures each turn: none of them is in the cache."""
    months = [Row(f"26-{month:02}", (month + turn, 40 + month), ("/a", "/b")) for month in range(1, MONTHS + 1)]
    places = [Row(f"地市{place}", (place * 3 + turn,), ("/a",)) for place in range(PLACES)]
    stages = [Row(f"阶段{stage}", (900 + turn - 100 * stage,), ("/a",)) for stage in range(STAGES)]
    return [
        bars_and_line("月度趋势", months, series=("新签", "走访"), language="zh"),
        bars("各地", places, series="协议", language="zh"),
        funnel("漏斗", stages, series="事项", language="zh"),
    ]


def measured(app: Flask, rounds: int) -> Iterator[Figure]:
    """Cold, warm, kept; then four who ask for the same."""
    bare_cold, memory = _alone(charts(0)[0])
    cold = _took(lambda: charts(0)[0].svg)
    yield Figure("first chart, its process started for it (× a bare process)", cold / bare_cold, 2)
    yield Figure("memory of the drawing process (× a bare process)", _largest_child() / memory, 1.5)
    _bare(charts(0)[0])
    spent = _turns(rounds)
    floor = _quartile(spent.bare)
    yield Figure("chart drawn, cleaned and kept", _quartile(spent.drawn) / floor, 1.6)
    yield Figure("PNG of it, twice as large", _quartile(spent.png) / floor, 1.5)
    yield Figure("chart from the cache", _quartile(spent.kept) / floor, 0.03)
    yield Figure("three charts made of rows and shown from the cache", _quartile(spent.page) / floor, 0.1)
    yield Figure("four who ask for one new chart at the same time", _together(app, rounds + 1) / floor, 2.5)


def _turns(rounds: int) -> Spent:
    spent = Spent([], [], [], [], [])
    for turn in range(1, rounds + 1):
        for one in charts(turn):
            spent.bare.append(_took(lambda: _bare(one)))  # noqa: B023 - called at once, as all of these
            spent.drawn.append(_took(lambda: one.svg))  # noqa: B023
            spent.png.append(_took(lambda: one.png))  # noqa: B023
            spent.kept.append(_took(lambda: replace(one).kept))  # noqa: B023 - as another request's chart
        spent.page.append(_took(lambda: [one.kept for one in charts(turn)]))  # noqa: B023
    return spent


def _together(app: Flask, turn: int) -> float:
    def ask(_number: int) -> None:
        with app.app_context():
            _ = charts(turn)[0].svg

    with ThreadPoolExecutor(THREADS) as pool:
        return _took(lambda: list(pool.map(ask, range(THREADS))))


def _bare(chart: Chart) -> None:
    vl_convert.vegalite_to_svg(dict(chart.spec), vl_version=VEGA_LITE)


def _alone(chart: Chart) -> tuple[float, int]:
    """Seconds, and kilobytes at most, of a process that draws one chart and ends."""
    started = time.perf_counter()
    command = [sys.executable, "-c", ALONE, VEGA_LITE]
    done = subprocess.run(command, input=json.dumps(chart.spec), capture_output=True, text=True, check=True)
    return time.perf_counter() - started, int(done.stdout)


def _largest_child() -> int:
    """Kilobytes at most of the drawing process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        if lines["PPid"].strip() == str(Path("/proc/self").resolve().name) and "VmHWM" in lines:
            found.append(int(lines["VmHWM"].split()[0]))
    return max(found)


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _quartile(times: Sequence[float]) -> float:
    """What a quarter of the rounds took at most: the others waited for somebody else."""
    return quantiles(times, n=4, method="inclusive")[0]


def main(arguments: Sequence[str]) -> int:
    """Measure and tell; 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--fonts", type=Path, default=ROOT / "instance" / "fonts")
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="charts-") as folder:
        place = Path(folder)
        app = create_app(Settings(DEMO_SECRET, f"sqlite:///{place}/x.db", place, demo=True, fonts=given.fonts))
        print("| chart | × bare | goal |\n|---|---|---|")
        missed = 0
        with app.app_context():
            for figure in measured(app, given.rounds):
                print(figure, flush=True)
                missed += figure.is_missed
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
