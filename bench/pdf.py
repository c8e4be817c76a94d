"""What documents cost, as ratios to a floor measured in the same run.

    python -m bench.pdf [--rounds 15] [--fonts instance/fonts]

The floor is a page with one word, rendered by the same warm process. Times are medians of processor time: of the child
for rendering, of this process for signing and for the verdict's own work.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pikepdf

from registry.app import create_app
from registry.core.config import DEMO_SECRET, ROOT, Settings
from registry.documents.authority import make_development_authority
from registry.documents.html import signing_copy_html
from registry.documents.judging.checks import judge_pdf
from registry.documents.places import places
from registry.documents.produce import RENDERER
from registry.documents.signing import close, trusted_roots
from registry.documents.workers.parent import Child
from tests.documents.samples import make_articles, make_signing_copy

FLOOR = "<!doctype html><html lang='zh-CN'><title>x</title><body><p>鞍山</p></body></html>"
FIVE_PAGES, TEN_PAGES = 8, 23  # articles


@dataclass(frozen=True)
class Measured:
    """A median in milliseconds of processor time, and what came out."""

    milliseconds: float
    result: bytes


class Renderer:
    """One warm rendering process whose own processor time is read."""

    def __init__(self, fonts: Path) -> None:
        self.child = Child(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")})

    def render(self, html: str) -> bytes:
        """The PDF of this page."""
        header = {"html": html, "identifier": "0" * 32, "made_at": "2023-03-18T02:30:00+00:00"}
        return self.child.ask(header, [b"{}"], 120).blobs[0]

    def used(self) -> float:
        """Processor seconds of the process so far."""
        return int(Path(f"/proc/{self.child.process.pid}/schedstat").read_text().split()[0]) / 1e9


def measure(work: Callable[[], bytes], clock: Callable[[], float], rounds: int) -> Measured:
    """The median over the rounds, after one that is not counted."""
    result = work()
    times = []
    for _ in range(rounds):
        before = clock()
        result = work()
        times.append((clock() - before) * 1000)
    return Measured(median(times), result)


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def report(name: str, found: Measured, floor: Measured, goal: float) -> bool:
    """Print one line; whether the goal (times the floor) is met."""
    ratio = found.milliseconds / floor.milliseconds
    print(f"{name:34} {found.milliseconds:8.1f} ms  {ratio:6.1f} × floor   goal {goal:.1f} ×")
    return ratio <= goal


def run(fonts: Path, rounds: int) -> bool:
    """Measure everything; whether all goals are met."""
    renderer = Renderer(fonts)
    short, long = (
        signing_copy_html(make_signing_copy(articles=make_articles(count))) for count in (FIVE_PAGES, TEN_PAGES)
    )
    floor = measure(lambda: renderer.render(FLOOR), renderer.used, rounds)
    few = measure(lambda: renderer.render(short), renderer.used, rounds)
    many = measure(lambda: renderer.render(long), renderer.used, rounds)
    signed = measure(lambda: close(few.result), time.process_time, rounds)
    roots = trusted_roots(places())
    judged = measure(lambda: str(judge_pdf(signed.result, roots, ())).encode(), time.process_time, rounds)
    renderer.child.end()
    more = pages(many.result) - pages(few.result)
    each = Measured((many.milliseconds - few.milliseconds) / more, b"")
    print(f"{pages(few.result)} pages, {len(few.result) / 1024:.0f} KB, signed {len(signed.result) / 1024:.0f} KB")
    report("floor: one word", floor, floor, 1)
    met = [
        report(f"warm render, {pages(few.result)} pages, PDF/A-3u", few, floor, 22),
        report("each further page", each, floor, 3),
        report("PAdES B-B, EC P-256", signed, floor, 3),
        report("verdict on one signature", judged, floor, 2),
    ]
    return all(met)


def main() -> int:
    """Read the arguments, measure in an instance of its own."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--fonts", type=Path, default=ROOT / "instance" / "fonts")
    given = arguments.parse_args()
    with TemporaryDirectory() as folder:
        instance = Path(folder)
        make_development_authority(instance / "keys")
        address = f"sqlite:///{instance / 'never.db'}"
        app = create_app(Settings(DEMO_SECRET, address, instance, demo=True, testing=True, fonts=given.fonts.resolve()))
        with app.app_context():
            return 0 if run(given.fonts.resolve(), given.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
