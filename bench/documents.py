"""What documents cost, beside what the same page costs a bare WeasyPrint and the same text Typst, in the same run.

    python -m bench.documents [--full] [--fonts instance/fonts]

Medians over rounds, processor time and time on the clock; a minute, or a few with --full. Every figure is told with its
ratio to both rivals' figure for the same pages. The goals are those of five pages on a quiet machine.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pikepdf

from bench.rivals import BareWeasyPrint, Typst
from bench.signing import sign_by_all
from registry.app import create_app
from registry.core.config import DEMO_SECRET, ROOT, Settings
from registry.documents.authority import make_development_authority
from registry.documents.data import SigningCopy
from registry.documents.html import signing_copy_html
from registry.documents.judging.checks import judge_pdf
from registry.documents.places import places
from registry.documents.produce import RENDERER
from registry.documents.signing import close, trusted_roots
from registry.documents.verdicts import judge
from registry.documents.workers.parent import Child, Pool
from tests.documents.samples import make_articles, make_parties, make_signing_copy

SHORT, LONG = 8, 63  # articles: five pages, twenty-five
KILOBYTES = 1024
Clock = Callable[[], float]


@dataclass(frozen=True)
class Measured:
    """Medians in milliseconds, and what came out in the last round."""

    processor: float
    clock: float
    result: bytes = b""


class Renderer:
    """One rendering process of the product, whose own processor time is read."""

    def __init__(self, fonts: Path) -> None:
        self.child = Child(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")})

    def render(self, data: SigningCopy) -> bytes:
        """The PDF of this copy."""
        return self.child.ask(message(data), [data.record], 120).blobs[0]

    def used(self) -> float:
        """Processor seconds of the process so far."""
        return int(Path(f"/proc/{self.child.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory(self) -> float:
        """The most memory that it ever held, in MB."""
        lines = Path(f"/proc/{self.child.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / KILOBYTES for line in lines if line.startswith("VmHWM"))


def message(data: SigningCopy) -> dict[str, str]:
    """What the renderer is asked."""
    made_at, code = data.made_at.isoformat(), data.verification.page_code
    return {"html": signing_copy_html(data), "identifier": "0" * 32, "made_at": made_at, "page_code": code}


def measure(work: Callable[[], bytes], rounds: int, used: Clock = time.process_time, *, warm: bool = True) -> Measured:
    """The medians over the rounds, after one that is not counted."""
    if warm:
        work()
    processor, clock, result = [], [], b""
    for _ in range(rounds):
        before, started = used(), time.perf_counter()
        result = work()
        processor.append((used() - before) * 1000)
        clock.append((time.perf_counter() - started) * 1000)
    return Measured(median(processor), median(clock), result)


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def slope(few: Measured, many: Measured) -> Measured:
    """What each further page costs."""
    more = pages(many.result) - pages(few.result)
    return Measured((many.processor - few.processor) / more, (many.clock - few.clock) / more)


@dataclass
class Report:
    """Prints each figure with its ratios and its goal; remembers what was missed."""

    bare: Measured
    typst: Measured
    missed: int = 0

    def tell(
        self, name: str, found: Measured, goal: float = 0, floor: Measured | None = None, typst: float = 0
    ) -> None:
        """One line; the goal is in milliseconds of processor time."""
        first = found.processor / (floor or self.bare).processor
        second = found.processor / (typst or self.typst.processor)
        line = (
            f"{name:36} {found.processor:8.1f} ms CPU {found.clock:8.1f} ms  {first:6.2f} × bare  {second:7.2f} × Typst"
        )
        print(f"{line}   {self.verdict(found.processor, goal, 'ms') if goal else ''}")

    def verdict(self, figure: float, goal: float, unit: str, *, at_least: bool = False) -> str:
        """Whether the goal is reached, in words."""
        is_reached = figure >= goal if at_least else figure <= goal
        self.missed += not is_reached
        return f"goal {'≥' if at_least else '≤'} {goal:g} {unit}: {'reached' if is_reached else 'MISSED'}"


def rendering(fonts: Path, rounds: int) -> tuple[Report, Measured]:
    """Render, cold and warm, each further page, memory; what was made is signed next."""
    short, long = (make_signing_copy(articles=make_articles(count), parties=make_parties(2)) for count in (SHORT, LONG))
    ours, bare, typst = Renderer(fonts), BareWeasyPrint(fonts), Typst(fonts)
    few, many = (measure(lambda copy=copy: ours.render(copy), rounds, ours.used) for copy in (short, long))
    bare_few, bare_many = (measure(lambda copy=copy: bare.render(copy), rounds) for copy in (short, long))
    typst_few, typst_many = (measure(lambda copy=copy: typst.render(copy), rounds) for copy in (short, long))
    report = Report(bare_few, typst_few)
    counts = [pages(found.result) for found in (few, many, typst_few, typst_many)]
    print("pages: {} and {}; Typst {} and {}".format(*counts))
    report.tell("bare WeasyPrint, no PDF/A", bare_few)
    report.tell("Typst, PDF/A-3u", typst_few)
    report.tell("warm render, PDF/A-3u with record", few, 300)
    report.tell("cold render, new process", cold(fonts, short, min(rounds, 5)))
    per_page, bare_page = slope(few, many), slope(bare_few, bare_many)
    report.tell("each further page", per_page, 25, bare_page, slope(typst_few, typst_many).processor)
    print(f"{'most memory of a rendering process':36} {ours.memory():8.0f} MB")
    ours.child.end()
    return report, few


def cold(fonts: Path, copy: SigningCopy, rounds: int) -> Measured:
    """From nothing to the first document, the start of the process included."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        renderer = Renderer(fonts)
        renderer.render(copy)
        found.append((renderer.used() * 1000, (time.perf_counter() - started) * 1000))
        renderer.child.end()
    return Measured(median(one for one, _ in found), median(one for _, one in found))


def signing(report: Report, copy: bytes, rounds: int) -> None:
    """Sign once, verify three signatures, and the sizes."""
    report.tell("a signature, PAdES B-B, EC P-256", measure(lambda: close(copy), rounds), 40)
    signed, roots = sign_by_all(copy), trusted_roots(places())
    found = judge_pdf(signed, roots, ())
    assert len(found["signatures"]) == 3, found
    report.tell(
        "verification of three signatures", measure(lambda: repr(judge_pdf(signed, roots, ())).encode(), rounds), 300
    )
    judge(signed)
    report.tell("the same, asked again", measure(lambda: judge(signed).sha256.encode(), rounds), 5)
    for name, pdf, goal in (("size, unsigned", copy, 0), ("size, signed by three", signed, 500)):
        size = len(pdf) / KILOBYTES
        print(f"{name:36} {size:8.0f} KB  {report.verdict(size, goal, 'KB') if goal else ''}")


def throughput(report: Report, fonts: Path, count: int) -> None:
    """Documents a second with one process and with two; two are worth it from 1.6 times on."""
    copy = make_signing_copy(articles=make_articles(SHORT))
    rates = [_rate(fonts, copy, size, count) for size in (1, 2)]
    print(f"{'throughput, one process':36} {rates[0]:8.1f} a second")
    gain = rates[1] / rates[0]
    told = f"{gain:.2f} × one; {report.verdict(gain, 1.6, '×', at_least=True)}"
    print(f"{'throughput, two processes':36} {rates[1]:8.1f} a second  {told}")


def _rate(fonts: Path, copy: SigningCopy, size: int, count: int) -> float:
    pool = Pool(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")}, size, 120)
    with ThreadPoolExecutor(size) as threads:
        list(threads.map(lambda _number: pool.ask(message(copy), [copy.record]), range(2 * size)))
        started = time.perf_counter()
        list(threads.map(lambda _number: pool.ask(message(copy), [copy.record]), range(count)))
        rate = count / (time.perf_counter() - started)
    pool.close()
    return rate


@contextmanager
def house(fonts: Path) -> Iterator[None]:
    """An application of its own with development keys."""
    with TemporaryDirectory() as folder:
        instance = Path(folder)
        make_development_authority(instance / "keys")
        address = f"sqlite:///{instance / 'never.db'}"
        app = create_app(Settings(DEMO_SECRET, address, instance, demo=True, testing=True, fonts=fonts))
        with app.app_context():
            yield


def main() -> int:
    """Read the arguments, measure, tell."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--full", action="store_true", help="25 rounds instead of 7")
    arguments.add_argument("--fonts", type=Path, default=ROOT / "instance" / "fonts")
    given = arguments.parse_args()
    rounds, fonts = 25 if given.full else 7, given.fonts.resolve()
    with house(fonts):
        report, copy = rendering(fonts, rounds)
        signing(report, copy.result, rounds)
        throughput(report, fonts, 4 * rounds)
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
