"""What documents cost, beside what the same page costs a bare WeasyPrint and the same text Typst, in the same run.

    python -m bench.documents [--full] [--fonts instance/fonts]

Medians over rounds, processor time and time on the clock; a minute, or a few with --full. Every figure is told with its
ratio to both rivals' figure for the same pages. The goals in milliseconds are those of five pages on a quiet machine;
memory and throughput, which depend on the machine, have ratios for goals. Ends with 1 where a goal is missed.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from registry.app import create_app
from registry.core.config import DEMO_SECRET, ROOT, Settings
from registry.documents.authority import make_development_authority
from registry.documents.data import SigningCopy
from registry.documents.html import signing_copy_html
from registry.documents.judging.checks import judge_pdf
from registry.documents.produce import RENDERER
from registry.documents.signing import close
from registry.documents.verdicts import State, judge, own_trust
from registry.documents.workers.parent import Pool
from tests.documents.samples import make_articles, make_parties, make_signing_copy

from .alone import KILOBYTES, Alone, ask
from .measuring import Measured, Renderer, Report, measure, message, pages, slope
from .rival_typst import Typst
from .rival_weasyprint import BareWeasyPrint
from .signing import PARTIES, look_of, sign_by_all, sign_first
from .typst_source import typst_source

SHORT, LONG = 7, 60  # articles: five pages, twenty-five
MOST_MEMORY, LEAST_RATE, LEAST_GAIN = 2.0, 0.6, 1.6  # × bare, × bare, two processes × one
TURNS = 3
Pair = tuple[SigningCopy, SigningCopy]


def documents() -> Pair:
    """The same agreement on five pages and on twenty-five."""
    parties = make_parties(PARTIES)
    short, long = (make_signing_copy(articles=make_articles(count), parties=parties) for count in (SHORT, LONG))
    return short, long


def rendering(fonts: Path, rounds: int, ours: Renderer) -> tuple[Report, Measured]:
    """Render, cold and warm, and each further page; what was made is signed next."""
    both = documents()
    bare, typst = BareWeasyPrint(fonts), Typst(fonts)
    few, many = (measure(partial(ours.render, copy), rounds, ours.used) for copy in both)
    bare_few, bare_many = (measure(partial(bare.render, signing_copy_html(copy)), rounds) for copy in both)
    typst_few, typst_many = (measure(partial(typst.render, typst_source(copy)), rounds) for copy in both)
    report = Report(bare_few, typst_few)
    print("pages: {} and {}; Typst {} and {}".format(*map(_pages, (few, many, typst_few, typst_many))))
    report.tell("bare WeasyPrint, no PDF/A", bare_few)
    report.tell("Typst, PDF/A-3u", typst_few)
    report.tell("warm render, PDF/A-3u with record", few, 300)
    report.tell("cold render, new process", cold(fonts, both[0], min(rounds, 5)))
    rivals = (slope(bare_few, bare_many), slope(typst_few, typst_many))
    report.tell("each further page", slope(few, many), 25, rivals)
    return report, few


def _pages(found: Measured) -> int:
    return pages(found.result)


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


def signing(report: Report, copy: bytes, rounds: int, ours: Renderer) -> None:
    """A party's signature and the page that its cell shows, the registry's, and the verdict on all four."""
    look = look_of(copy, documents()[0].made_at)
    shown = measure(partial(ours.look, look), rounds, ours.used)
    report.tell("the look of a signature", shown)
    by_party = measure(partial(sign_first, copy, shown.result), rounds)
    report.tell("a party's signature, PAdES B-B, P-256", by_party, 40)
    report.tell("the registry's, closing", measure(partial(close, copy), rounds), 40)
    signed, trust = sign_by_all(copy, shown.result), own_trust()
    found = judge(signed)
    if found.state is not State.VALID or len(found.signatures) != PARTIES + 1:
        raise RuntimeError(found)
    told = measure(lambda: repr(judge_pdf(signed, trust)).encode(), rounds)
    report.tell("verdict on three parties and the registry", told, 300)
    report.tell("the same, asked again", measure(lambda: judge(signed).sha256.encode(), rounds), 5)
    rivals = (_kilobytes(report.bare.result), _kilobytes(report.typst.result))
    report.line("size, unsigned", _kilobytes(copy), "KB", rivals)
    report.line("size, signed by three and closed", _kilobytes(signed), "KB", rivals, 500)


def _kilobytes(pdf: bytes) -> float:
    return len(pdf) / KILOBYTES


def alone(report: Report, fonts: Path, rounds: int, ours: Renderer) -> None:
    """Memory, and documents a second, beside one process of each rival that does nothing else.

    By turns, since the machine may have other work at one time than at another.
    """
    turns = [_turn(fonts, rounds) for _ in range(TURNS)]
    bare, typst = max(turn.bare.memory for turn in turns), max(turn.typst.memory for turn in turns)
    report.line("memory of a rendering process", ours.memory(), "MB", (bare, typst), MOST_MEMORY * bare)
    throughput(report, turns)


@dataclass(frozen=True)
class Turn:
    """What each rival and our own processes did, one right after the other."""

    bare: Alone
    typst: Alone
    one: float
    two: float


def _turn(fonts: Path, rounds: int) -> Turn:
    short, long = documents()
    return Turn(
        ask("bench.rival_weasyprint", fonts, rounds, (signing_copy_html(short), signing_copy_html(long))),
        ask("bench.rival_typst", fonts, rounds, (typst_source(short), typst_source(long))),
        *(_rate(fonts, short, size, size * rounds) for size in (1, 2)),
    )


def throughput(report: Report, turns: Sequence[Turn]) -> None:
    """Documents a second with one process and with two; two are worth it from 1.6 times on."""
    one, two = median(turn.one for turn in turns), median(turn.two for turn in turns)
    rates = median(turn.bare.rate for turn in turns), median(turn.typst.rate for turn in turns)
    report.line("throughput, one process", one, "a second", rates)
    print(f"{'':40} {report.verdict(one / rates[0], LEAST_RATE, '× bare', at_least=True)}")
    report.line("throughput, two processes", two, "a second", rates)
    print(f"{'':40} {two / one:.2f} × one; {report.verdict(two / one, LEAST_GAIN, '× one', at_least=True)}")


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
    default = Path(os.environ.get("REGISTRY_FONTS", ROOT / "instance" / "fonts"))
    arguments.add_argument("--fonts", type=Path, default=default)
    given = arguments.parse_args()
    rounds, fonts = 25 if given.full else 7, given.fonts.resolve()
    with house(fonts):
        ours = Renderer(fonts)
        report, copy = rendering(fonts, rounds, ours)
        alone(report, fonts, rounds, ours)
        signing(report, copy.result, rounds, ours)
        ours.child.end()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
