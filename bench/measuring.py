"""How a figure is found and told: medians, the product's rendering process, a report with ratios and goals."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median

import pikepdf

from registry.documents.data import SigningCopy
from registry.documents.html import look_html, signing_copy_html
from registry.documents.produce import RENDERER
from registry.documents.signing.party_signatures import Look
from registry.documents.workers.parent import Child

from .alone import peak_memory

Clock = Callable[[], float]
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Measured:
    """Medians in milliseconds, and what came out in the last round."""

    processor: float
    clock: float
    result: bytes = b""


def measure(work: Callable[[], bytes], rounds: int, used: Clock = time.process_time) -> Measured:
    """The medians over the rounds, after one that is not counted."""
    work()
    processor, clock, result = [], [], b""
    for _ in range(rounds):
        before, started = used(), time.perf_counter()
        result = work()
        processor.append((used() - before) * 1000)
        clock.append((time.perf_counter() - started) * 1000)
    return Measured(median(processor), median(clock), result)


class Renderer:
    """One rendering process of the product, whose own processor time is read."""

    def __init__(self, fonts: Path) -> None:
        self.child = Child(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")})

    def render(self, data: SigningCopy) -> bytes:
        """The PDF of this copy."""
        return self._ask(message(data), [data.record])

    def look(self, look: Look) -> bytes:
        """The page of a signature's appearance, as `produce.render_look` asks for it."""
        header = {"html": look_html(look), "identifier": "0" * 32, "made_at": look.moment.isoformat()}
        return self._ask(header, [b"{}"])

    def used(self) -> float:
        """Processor seconds of the process so far."""
        return int(Path(f"/proc/{self.child.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory(self) -> float:
        """The most memory that it ever held, in MB."""
        return peak_memory(self.child.process.pid)

    def _ask(self, header: Mapping[str, str], blobs: Sequence[bytes]) -> bytes:
        answer = self.child.ask(header, blobs, PATIENCE_SECONDS)
        if answer.header["error"]:
            raise RuntimeError(answer.header)
        return answer.blobs[0]


def message(data: SigningCopy) -> dict[str, str]:
    """What the renderer is asked."""
    made_at, code = data.made_at.isoformat(), data.verification.page_code
    return {"html": signing_copy_html(data), "identifier": "0" * 32, "made_at": made_at, "page_code": code}


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
        self,
        name: str,
        found: Measured,
        goal: float = 0,
        rivals: tuple[Measured, Measured] | None = None,
    ) -> None:
        """Milliseconds of processor time, those on the clock beside them; the rivals are five pages unless named."""
        bare, typst = rivals or (self.bare, self.typst)
        self.line(name, found.processor, "ms CPU", (bare.processor, typst.processor), goal, f"{found.clock:.1f} ms")

    def line(
        self, name: str, figure: float, unit: str, rivals: tuple[float, float], goal: float = 0, beside: str = ""
    ) -> None:
        """One line: the figure, its ratios to a bare WeasyPrint and to Typst, whether at most the goal is reached."""
        ratios = f"{figure / rivals[0]:6.2f} × bare {figure / rivals[1]:7.2f} × Typst"
        verdict = self.verdict(figure, goal, unit) if goal else ""
        print(f"{name:40} {figure:8.1f} {unit:8} {beside:>10} {ratios}   {verdict}".rstrip())

    def verdict(self, figure: float, goal: float, unit: str, *, at_least: bool = False) -> str:
        """Whether the goal is reached, in words."""
        is_reached = figure >= goal if at_least else figure <= goal
        self.missed += not is_reached
        return f"goal {'≥' if at_least else '≤'} {goal:.4g} {unit}: {'reached' if is_reached else 'MISSED'}"
